"""Renamed logs keep their records: the same content under a new path, whose former path has just disappeared."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable

from kb.corrections.stored import leave_path
from kb.importing.keeping import Imported, Refused
from sessions.models import LogPath
from sessions.sources import composed

_FORGET_AFTER = 60.0  # seconds between a file's disappearance and its content under another path, in either order


class Renames:
    """Files that have disappeared, and logs that have got another path. Files that only disappear change nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._gone: dict[str, float] = {}
        self._copied: dict[int, tuple[str, float]] = {}

    def note_gone(self, files: Iterable[str]) -> None:
        self._gone.update({composed(file): self._clock() for file in files})

    def note_imported(self, result: Imported | Refused) -> None:
        if isinstance(result, Imported) and result.is_copy:
            self._copied[result.log.pk] = (result.path, self._clock())

    def remove_former_paths(self) -> None:
        """Removes the former paths of renamed logs. The last path of a log stays, and with it the log."""
        self._forget()
        if not self._gone:
            return
        for log, (path, _since) in list(self._copied.items()):
            for row in LogPath.objects.filter(log=log).exclude(path=path).select_related("log"):
                if row.path in self._gone and _is_gone(row.path):
                    leave_path(row.log, row.path)
                    row.delete()
                    del self._gone[row.path]

    def _forget(self) -> None:
        oldest = self._clock() - _FORGET_AFTER
        self._gone = {path: since for path, since in self._gone.items() if since >= oldest}
        self._copied = {log: (path, since) for log, (path, since) in self._copied.items() if since >= oldest}


def _is_gone(path: str) -> bool:
    """Whether a file is not there any more. Of one that may not be looked at, nobody knows."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
