"""Watches a folder: logs are imported once they stop changing, and renamed ones keep their records."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from watchfiles import Change, watch

from kb.importing.keeping import Imported, Refused
from kb.importing.runs import begin, finish, import_content, refuse
from kb.models import Import, ImportOrigin
from sessions.models import LogPath
from sessions.project_names import project_of
from sessions.sources import (
    SUFFIXES,
    SkippedFolder,
    Source,
    SourceError,
    composed,
    find_sources,
    is_skipped,
    skipped_parent,
)

_POLL_MS = 500
_FORGET_AFTER = 60.0  # seconds within which a file that disappeared may come back under another name


@dataclass(slots=True)
class _Pending:
    """The size and time that a file has had since some moment."""

    state: tuple[int, int]
    since: float


class Watched:
    """The logs of a folder that have changed and may still be changing. Links out of the folder are not followed."""

    def __init__(self, folder: Path, settle: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`settle` is for how many seconds a file's size and time must stay the same."""
        self.root = folder.resolve()
        self._settle, self._clock = settle, clock
        self._pending: dict[Path, _Pending] = {}
        self._deleted: dict[Path, float] = {}

    def add_existing(self, folder: Path | None = None) -> list[SkippedFolder]:
        """Adds every log that is already in the folder, or in one below it. Returns the folders that were skipped."""
        candidates = list(find_sources([str(folder or self.root)], settings.INCLUDE_FOLDERS))
        for source in candidates:
            if isinstance(source, Source):
                self._add(Path(source.path))
        return [skipped for skipped in candidates if isinstance(skipped, SkippedFolder)]

    def notice(self, changes: Iterable[tuple[Change, str]]) -> None:
        """Adds the logs that changes of the file system are about."""
        for change, name in changes:
            path = Path(name)
            if not path.is_relative_to(self.root) or skipped_parent(path, self.root, settings.INCLUDE_FOLDERS):
                continue
            if change == Change.deleted and not path.exists():
                self._note_deleted(path)
            elif path.is_dir():
                # A folder that is moved here is a single change, which says nothing of the files in it.
                if change == Change.added and not path.is_symlink():
                    self._add_folder(path)
            elif path.suffix.lower() in SUFFIXES:
                self._add(path)

    def _add_folder(self, folder: Path) -> None:
        if not is_skipped(folder, settings.INCLUDE_FOLDERS):
            self.add_existing(folder)

    def _add(self, path: Path) -> None:
        if (file := path.resolve()).is_relative_to(self.root):
            self._pending.setdefault(file, _Pending((-1, -1), self._clock()))

    def _note_deleted(self, path: Path) -> None:
        """Remembers that a log, or the logs of a folder, disappeared: they may come back under other names."""
        self._pending.pop(path, None)
        if path.suffix.lower() in SUFFIXES:
            self._deleted[path] = self._clock()
            return
        below = LogPath.objects.filter(path__startswith=f"{path}/").values_list("path", flat=True)
        self._deleted.update({Path(file): self._clock() for file in below})

    def settled(self) -> Iterator[Source]:
        """Yields the logs that have stopped changing, and removes them."""
        for file, pending in list(self._pending.items()):
            try:
                stat = file.stat()
            except OSError:
                del self._pending[file]
                continue
            state = (stat.st_size, stat.st_mtime_ns)
            if state != pending.state:
                self._pending[file] = _Pending(state, self._clock())
            elif self._clock() - pending.since >= self._settle:
                del self._pending[file]
                yield Source(str(file), project_of(file, self.root))

    def remove_former_paths(self) -> None:
        """Removes the former paths of renamed logs. The last path of a log stays, and with it the log."""
        for path, since in list(self._deleted.items()):
            row = LogPath.objects.filter(path=composed(str(path))).select_related("log").first()
            if path.exists() or row is None or self._clock() - since > _FORGET_AFTER:
                del self._deleted[path]
            elif row.log.paths.count() > 1:
                row.delete()
                del self._deleted[path]


def import_settled(watched: Watched) -> list[Imported | Refused]:
    """Imports the logs that have stopped changing, as one import in the history if any of them is new."""
    run: Import | None = None
    results: list[Imported | Refused] = []
    for source in watched.settled():
        try:
            content = source.read(settings.LOG_SIZE_LIMIT)
        except SourceError as error:
            run = run or _begin(watched)
            results.append(refuse(run, source.path, str(error)))
            continue
        if not _is_stored(source.path, content):
            run = run or _begin(watched)
            results.append(import_content(run, source.path, content, source.project))
    if run:
        finish(run)
    watched.remove_former_paths()
    return results


def follow(watched: Watched, stop: threading.Event | None = None) -> Iterator[Imported | Refused]:
    """Imports logs as they are written, until `stop` is set or the process is interrupted."""
    for changes in watch(
        watched.root,
        watch_filter=None,
        rust_timeout=_POLL_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        stop_event=stop,
    ):
        watched.notice(changes)
        yield from import_settled(watched)


def _begin(watched: Watched) -> Import:
    return begin(ImportOrigin.WATCH, None, str(watched.root))


def _is_stored(path: str, content: bytes) -> bool:
    return LogPath.objects.filter(path=path, log__sha256=hashlib.sha256(content).hexdigest()).exists()
