"""A folder that is watched: a log is taken once its size and time stand still, and a renamed one keeps its records."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from watchfiles import Change, watch

from kb.importing.compose import Imported, Refused
from kb.importing.runs import begin, finish, refuse, take_bytes
from kb.models import Import
from sessions.models import LogPath
from sessions.sources import (
    SUFFIXES,
    LeftOut,
    Source,
    SourceError,
    composed,
    find_sources,
    is_left_out,
    left_out,
    project_of,
)

_LOOK_MS = 500
_FORGET_AFTER = 60.0  # seconds within which a file that went away may come back under another name


@dataclass(slots=True)
class _Waiting:
    """A file as it was when it was last looked at."""

    look: tuple[int, int]
    since: float


class Watched:
    """The logs of a folder that changed and do not stand still yet. Links out of the folder are not followed."""

    def __init__(self, folder: Path, settle: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`settle`: seconds for which size and time must not change."""
        self.root = folder.resolve()
        self._settle, self._clock = settle, clock
        self._waiting: dict[Path, _Waiting] = {}
        self._gone: dict[Path, float] = {}

    def look_through(self, folder: Path | None = None) -> list[LeftOut]:
        """Notices every log that is there, in one folder or in all; the folders that were left out."""
        found = list(find_sources([str(folder or self.root)], settings.INCLUDE_FOLDERS))
        for source in found:
            if isinstance(source, Source):
                self._wait_for(Path(source.path))
        return [one for one in found if isinstance(one, LeftOut)]

    def notice(self, changes: Iterable[tuple[Change, str]]) -> None:
        for change, name in changes:
            path = Path(name)
            if not path.is_relative_to(self.root) or left_out(path, self.root, settings.INCLUDE_FOLDERS):
                continue
            if change == Change.deleted and not path.exists():
                self._note_gone(path)
            elif path.is_dir():
                # A folder that is moved here, or renamed, comes as one change; no other tells what lies in it.
                if change == Change.added and not path.is_symlink():
                    self._look_into(path)
            elif path.suffix.lower() in SUFFIXES:
                self._wait_for(path)

    def _look_into(self, folder: Path) -> None:
        if not is_left_out(folder, settings.INCLUDE_FOLDERS):
            self.look_through(folder)

    def _wait_for(self, path: Path) -> None:
        if (file := path.resolve()).is_relative_to(self.root):
            self._waiting.setdefault(file, _Waiting((-1, -1), self._clock()))

    def _note_gone(self, path: Path) -> None:
        """A log went away, or a folder with logs: they may come back under other names."""
        self._waiting.pop(path, None)
        if path.suffix.lower() in SUFFIXES:
            self._gone[path] = self._clock()
            return
        below = LogPath.objects.filter(path__startswith=f"{path}/").values_list("path", flat=True)
        self._gone.update({Path(one): self._clock() for one in below})

    def settled(self) -> Iterator[Source]:
        """The logs that stand still now; they are waited for no more."""
        for file, waiting in list(self._waiting.items()):
            try:
                stat = file.stat()
            except OSError:
                del self._waiting[file]
                continue
            look = (stat.st_size, stat.st_mtime_ns)
            if look != waiting.look:
                self._waiting[file] = _Waiting(look, self._clock())
            elif self._clock() - waiting.since >= self._settle:
                del self._waiting[file]
                yield Source(str(file), project_of(file, self.root))

    def forget_renamed(self) -> None:
        """Forgets the paths of files that are now here under another name. The last path of a log stays: so does it."""
        for path, since in list(self._gone.items()):
            known = LogPath.objects.filter(path=composed(str(path))).select_related("log").first()
            if path.exists() or known is None or self._clock() - since > _FORGET_AFTER:
                del self._gone[path]
            elif known.log.paths.count() > 1:
                known.delete()
                del self._gone[path]


def take_settled(watched: Watched) -> list[Imported | Refused]:
    """Imports what stands still; one import in the history for all of it, none where nothing is new."""
    run: Import | None = None
    results: list[Imported | Refused] = []
    for source in watched.settled():
        try:
            content = source.read(settings.LOG_SIZE_LIMIT)
        except SourceError as problem:
            run = run or _begin(watched)
            results.append(refuse(run, source.path, str(problem)))
            continue
        if not _is_known(source.path, content):
            run = run or _begin(watched)
            results.append(take_bytes(run, source.path, content, source.project))
    if run:
        finish(run)
    watched.forget_renamed()
    return results


def follow(watched: Watched, stop: threading.Event | None = None) -> Iterator[Imported | Refused]:
    """Imports logs as they are written, until `stop` is set or somebody interrupts it."""
    for changes in watch(
        watched.root,
        watch_filter=None,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        stop_event=stop,
    ):
        watched.notice(changes)
        yield from take_settled(watched)


def _begin(watched: Watched) -> Import:
    return begin(Import.Source.WATCH, None, str(watched.root))


def _is_known(path: str, content: bytes) -> bool:
    return LogPath.objects.filter(path=path, log__sha256=hashlib.sha256(content).hexdigest()).exists()
