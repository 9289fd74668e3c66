"""What is watched: logs are imported once they stop changing. Files and folders that disappear take nothing along."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from django.conf import settings

from kb.importing.keeping import Imported, Refused
from kb.importing.runs import begin, finish, import_content, refuse
from kb.importing.sources.looking import Place, State, state_of
from kb.models import Import, ImportOrigin
from sessions.models import LogPath
from sessions.sources import SourceError

_LOOKED_UP = 200  # logs whose stored digests are read at once


@dataclass(slots=True)
class _Pending:
    """The size and time that a file has had since some moment."""

    state: State
    since: float


class Watched:
    """The logs of a place, by their names on disk: those that changed and may be changing still, and the others."""

    def __init__(self, place: Place, settle: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`settle` is for how many seconds a file's size and time must stay the same."""
        self.place = place
        self._settle, self._clock = settle, clock
        self._pending: dict[str, _Pending] = {}
        self._taken: dict[str, State] = {}

    def __len__(self) -> int:
        return len(self._pending) + len(self._taken)

    def look(self) -> list[str]:
        """Looks for new and changed logs. Returns those that have disappeared. Raises WentAway and forgets nothing."""
        found = self.place.look()
        for file, state in found.items():
            if self._taken.get(file) == state:
                self._pending.pop(file, None)
            else:
                self._note(file, state)
        self._pending = {file: pending for file, pending in self._pending.items() if file in found}
        gone = [file for file in self._taken if file not in found]
        for file in gone:
            del self._taken[file]
        return gone

    def settled(self) -> list[str]:
        """Returns the logs that have stopped changing, by name."""
        return [file for file in sorted(self._pending) if self.has_settled(file)]

    def has_settled(self, file: str) -> bool:
        """Whether a log has changed, and does so no more."""
        if file not in self._pending:
            return False
        state = state_of(file)
        if state is None:
            del self._pending[file]
            return False
        self._note(file, state)
        return self._clock() - self._pending[file].since >= self._settle

    def take(self, file: str) -> None:
        """Notes that a log is dealt with as it is."""
        self._taken[file] = self._pending.pop(file).state

    def _note(self, file: str, state: State) -> None:
        pending = self._pending.get(file)
        if pending is None or pending.state != state:
            self._pending[file] = _Pending(state, self._clock())
            self._taken.pop(file, None)


def import_settled(watched: Watched) -> Generator[Imported | Refused]:
    """Imports the logs that have stopped changing, as one import in the history if any of them is new."""
    files = watched.settled()
    run: Import | None = None
    try:
        for file, digest in _with_stored_digests(watched, files):
            if not watched.has_settled(file):
                continue
            content = _read(watched, file)
            if isinstance(content, bytes) and hashlib.sha256(content).hexdigest() == digest:
                watched.take(file)
                continue
            run = run or begin(ImportOrigin.WATCH, None, watched.place.label, total=len(files))
            result = _import(run, watched, file, content)
            watched.take(file)  # not before, as it is to be taken again if the database fails
            yield result
    finally:
        if run:
            _finish(run)


def _read(watched: Watched, file: str) -> bytes | SourceError:
    try:
        return watched.place.source(file).read(settings.LOG_SIZE_LIMIT)
    except SourceError as error:
        return error


def _import(run: Import, watched: Watched, file: str, content: bytes | SourceError) -> Imported | Refused:
    source = watched.place.source(file)
    if isinstance(content, SourceError):
        return refuse(run, source.path, str(content))
    return import_content(run, source.path, content, source.project)


def _finish(run: Import) -> None:
    """Ends a run, which has as many logs as it came to."""
    run.total = run.files.count()
    run.save(update_fields=["total"])
    finish(run)


def _with_stored_digests(watched: Watched, files: list[str]) -> Iterator[tuple[str, str | None]]:
    """Yields files with the digest of what is stored under their paths."""
    for first in range(0, len(files), _LOOKED_UP):
        part = files[first : first + _LOOKED_UP]
        paths = {file: watched.place.source(file).path for file in part}
        stored = dict(LogPath.objects.filter(path__in=paths.values()).values_list("path", "log__sha256"))
        yield from ((file, stored.get(paths[file])) for file in part)
