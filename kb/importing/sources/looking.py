"""One look at what is watched: which logs there are, with the size and the time of each.

Polling, since notices of the file system do not tell what other machines write to a network drive, need a watch for
every folder of every library below a folder, and end with the folder itself, which is to be watched again once it is
back.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Protocol

from django.conf import settings

from sessions.project_names import project_of
from sessions.sources import SUFFIXES, SkippedFolder, Source, composed, find_sources, is_skipped

State = tuple[int, int]  # size in bytes, time of the last change in nanoseconds

_STAYS = "What was imported from it stays, and it is watched again once it is back."


class WentAway(Exception):
    """A folder cannot be looked at just now. The message says why, and what that means."""

    @classmethod
    def by(cls, problem: OSError) -> WentAway:
        return cls(f"{_reason(problem)}. {_STAYS}")


class Place(Protocol):
    """What is watched as one."""

    @property
    def label(self) -> str: ...

    @property
    def closed(self) -> Set[str]:
        """The folders in it that could not be looked into the last time."""
        ...

    def look(self) -> dict[str, State]:
        """Returns the logs that are there now, by their names on disk. Raises WentAway."""
        ...

    def source(self, file: str) -> Source:
        """Returns a log of the last look, ready to be read."""
        ...


class Folder:
    """A folder with everything below it. Links out of it are not followed, and what importing skips is skipped."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.label = str(root)
        self.closed: Set[str] = set()
        self.had_logs = False

    def look(self) -> dict[str, State]:
        _check_leads_nowhere_else(self.root)
        found: dict[str, State] = {}
        closed: set[str] = set()
        folders = [self.root]
        is_empty = True
        while folders:
            folder = folders.pop()
            for entry in _entries(folder, self.root, closed):
                is_empty = False
                if entry.is_dir(follow_symlinks=False):
                    if not is_skipped(Path(entry.path), settings.INCLUDE_FOLDERS):
                        folders.append(Path(entry.path))
                elif os.path.splitext(entry.name)[1].lower() in SUFFIXES:
                    _add(found, entry, self.root, closed)
        self.closed = closed
        if is_empty and self.had_logs:  # as the place of a drive is that is not mounted
            raise WentAway(f"is empty now. {_STAYS}")
        self.had_logs = bool(found)
        return found

    def source(self, file: str) -> Source:
        path = composed(file)
        return Source(path, project_of(Path(path), Path(composed(str(self.root)))))


class NamedLogs:
    """Files and patterns as they were named, without the folders among them."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.label = ", ".join(names)
        self.closed: Set[str] = set()
        self._sources: dict[str, Source] = {}

    def look(self) -> dict[str, State]:
        self._sources = {}
        found: dict[str, State] = {}
        candidates = list(find_sources(self.names, settings.INCLUDE_FOLDERS))
        self.closed = {str(one.folder) for one in candidates if isinstance(one, SkippedFolder) and one.is_closed}
        for source in candidates:
            if isinstance(source, Source) and (state := state_of(str(source.file()))):
                self._sources[str(source.file())] = source
                found[str(source.file())] = state
        return found

    def source(self, file: str) -> Source:
        return self._sources[file]


def is_pattern(name: str) -> bool:
    return glob.has_magic(name)


def state_of(file: str) -> State | None:
    """Returns the size and time of a file, None if it is not there or is none."""
    try:
        stat = os.stat(file)
    except OSError:
        return None
    return (stat.st_size, stat.st_mtime_ns)


def _check_leads_nowhere_else(root: Path) -> None:
    try:
        target = root.resolve()
    except RuntimeError as circle:
        raise WentAway(f"leads in a circle now. {_STAYS}") from circle
    if target != root:
        raise WentAway(f"leads to {target} now, which nobody asked to watch. {_STAYS}")


def _entries(folder: Path, root: Path, closed: set[str]) -> list[os.DirEntry[str]]:
    """Lists a folder; one below the root that cannot be listed has nothing in it, and is noted if it is there."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as problem:
        if folder == root:
            raise WentAway.by(problem) from problem
        if not isinstance(problem, FileNotFoundError):
            closed.add(str(folder))
        return []


def _reason(problem: OSError) -> str:
    if isinstance(problem, FileNotFoundError | NotADirectoryError):
        return "is not there just now"
    return f"cannot be read just now ({problem.strerror})"


def _add(found: dict[str, State], entry: os.DirEntry[str], root: Path, closed: set[str]) -> None:
    """Adds a log. One that a link leads to goes by its own name, and must be in the folder too."""
    try:
        if entry.is_file(follow_symlinks=False):
            stat = entry.stat(follow_symlinks=False)
            found[entry.path] = (stat.st_size, stat.st_mtime_ns)
        elif entry.is_file():
            file = Path(entry.path).resolve()
            if file.is_relative_to(root) and (state := state_of(str(file))):
                found[str(file)] = state
    except PermissionError:
        if not entry.is_symlink():  # it is listed, but its folder may not be entered
            closed.add(os.path.dirname(entry.path))
    except OSError:
        return  # it went while we looked
