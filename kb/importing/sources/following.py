"""Follows all that is watched: looks at it again and again, and imports what has stopped changing."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import Error as DatabaseProblem
from django.db import close_old_connections, connection

from kb.importing.keeping import Imported, Refused
from kb.importing.runs import finish, is_interrupted
from kb.importing.sources.folders import is_allowed
from kb.importing.sources.kept_folders import note_end, note_heartbeat, note_problem, note_seen, watched_folders
from kb.importing.sources.looking import Folder, NamedLogs, WentAway
from kb.importing.sources.renames import Renames
from kb.importing.sources.watching import Watched, import_settled
from kb.models import Import, ImportOrigin, ImportState, WatchedFolder

SETTLE = 0.4  # seconds for which a file must stay the same, so that a new log shows within one
_TICK = 0.2  # seconds between two rounds
_RETRY = 2.0  # seconds until a database that cannot be used is tried again
_PAUSE = 0.2  # seconds between two looks at the same place, at least
_PATIENCE = 9  # so many times as long as a look took, at least: a tenth of a core at most
_TURN = 2.0  # seconds for which a place may import before the next one gets its turn
_HEARTBEAT = 15.0  # seconds between two notes that the folders are watched
_FORBIDDEN = "may not be watched any more: IMPORT_FOLDERS has changed. What was imported from it stays."

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Idle:
    """Everything that had stopped changing is imported."""


Event = Imported | Refused | Idle | str  # a string is a sentence about a folder


@dataclass(slots=True)
class _Watch:
    """A place with its folder's row, if it has one, and what is under way in it."""

    watched: Watched
    row: WatchedFolder | None = None
    next_look: float = 0.0
    importing: Generator[Imported | Refused] | None = None
    problem: str = ""
    closed: Set[str] = frozenset()


@dataclass(slots=True)
class Watcher:
    """Watches the folders that are kept, and `names`: files and patterns. `settle` as for Watched."""

    names: Sequence[str] = ()
    settle: float = SETTLE
    clock: Clock = time.monotonic
    _watches: dict[int, _Watch] = field(default_factory=dict)
    _renames: Renames = field(init=False)
    _next_heartbeat: float = 0.0

    def __post_init__(self) -> None:
        self._renames = Renames(self.clock)
        if self.names:
            self._watches[0] = _Watch(Watched(NamedLogs(self.names), self.settle, self.clock))
        self._sync()

    def folders(self) -> list[str]:
        return [str(watch.row) for watch in self._watches.values() if watch.row]

    def round(self) -> Iterator[Event]:
        """Looks where it is time to, and imports what has stopped changing, each place for some seconds."""
        yield from self._sync()
        for watch in list(self._watches.values()):
            if watch.importing is None and self.clock() >= watch.next_look:
                yield from self._look(watch)
            yield from self._import(watch)
        self._renames.remove_former_paths()
        self._beat()

    def end(self) -> None:
        """Ends what is under way, after which others may see that nothing is watched."""
        for watch in self._watches.values():
            _end_import(watch)
        note_end(self._rows())

    def drop_imports(self) -> None:
        """Gives up what is under way; what it has not taken is still new or changed."""
        for watch in self._watches.values():
            with suppress(DatabaseProblem):
                _end_import(watch)
            watch.importing = None

    def _sync(self) -> list[str]:
        """Begins and ends to watch what people have added, paused or removed. Returns what changed, in sentences."""
        said = []
        rows = {row.pk: row for row in watched_folders()}
        for number in self._watches.keys() - rows.keys() - {0}:
            watch = self._watches.pop(number)
            _end_import(watch)
            said.append(f"{watch.row}: is not watched any more.")
        for number in rows.keys() - self._watches.keys():
            folder = Folder(Path(rows[number].path))
            folder.had_logs = rows[number].logs > 0
            self._watches[number] = _Watch(Watched(folder, self.settle, self.clock), rows[number])
            said.append(f"{folder.label}: is watched from now on.")
        return said

    def _look(self, watch: _Watch) -> Iterator[str]:
        begun = self.clock()
        try:
            _check_allowed(watch.row)
            gone = watch.watched.look()
            problem = ""
        except WentAway as away:
            gone, problem = [], str(away)
        except OSError as unforeseen:  # of one folder must not end the others
            gone, problem = [], str(WentAway.by(unforeseen))
        watch.next_look = self.clock() + max(_PAUSE, _PATIENCE * (self.clock() - begun))
        self._renames.note_gone(gone)
        yield from _sentences(watch, problem, gone)
        _note_look(watch, problem)

    def _import(self, watch: _Watch) -> Iterator[Event]:
        """Goes on with a place's import, or begins one."""
        had_begun = watch.importing is not None
        watch.importing = watch.importing or import_settled(watch.watched)
        until, count = self.clock() + _TURN, 0
        for result in watch.importing:
            count += 1
            self._renames.note_imported(result)
            yield result
            self._beat()
            if self.clock() > until:
                return
        watch.importing = None
        if count or had_begun:
            yield Idle()

    def _rows(self) -> list[WatchedFolder]:
        return [watch.row for watch in self._watches.values() if watch.row]

    def _beat(self) -> None:
        if self.clock() >= self._next_heartbeat:
            self._next_heartbeat = self.clock() + _HEARTBEAT
            note_heartbeat(self._rows())
            _close_interrupted()


def follow(watcher: Watcher, keeps_on: Callable[[], bool], wait: Callable[[float], object]) -> Iterator[Event]:
    """Yields what comes of watching until `keeps_on` says no. `wait` lets so many seconds pass, or less.

    A database that cannot be reached is tried again.
    """
    is_reached = True
    try:
        while keeps_on():
            try:
                yield from _while(keeps_on, watcher.round())
                close_old_connections()
                is_reached = True
            except DatabaseProblem as problem:
                if is_reached:
                    yield f"The database cannot be used just now ({str(problem).strip()}). Trying again until it can."
                is_reached = False
                watcher.drop_imports()
                connection.close()
            wait(_TICK if is_reached else _RETRY)
    finally:
        with suppress(DatabaseProblem):
            watcher.end()


def _while(keeps_on: Callable[[], bool], events: Iterator[Event]) -> Iterator[Event]:
    for event in events:
        yield event
        if not keeps_on():
            return


def _check_allowed(row: WatchedFolder | None) -> None:
    """Raises WentAway for a folder of the page that IMPORT_FOLDERS does not allow any more."""
    if row and not row.from_terminal and not is_allowed(Path(row.path)):
        raise WentAway(_FORBIDDEN)


def _sentences(watch: _Watch, problem: str, gone: list[str]) -> Iterator[str]:
    """Says what has become of a place since the last look. Of the files in a folder it says nothing."""
    label, closed = watch.watched.place.label, watch.watched.place.closed
    if problem and problem != watch.problem:
        yield f"{label}: {problem}"
    elif watch.problem and not problem:
        yield f"{label}: is back, and watched again."
    if watch.row is None:
        yield from (f"{file}: is not there any more. What was imported from it stays." for file in gone)
    yield from (f"{folder}: may not be looked into, and is skipped." for folder in sorted(closed - watch.closed))
    watch.problem, watch.closed = problem, closed


def _note_look(watch: _Watch, problem: str) -> None:
    """Stores what a look showed, if that is news."""
    row, logs = watch.row, len(watch.watched)
    if row is None:
        return
    if problem:
        if row.problem != problem:
            note_problem(row, problem)
    elif row.problem or row.logs != logs or row.seen_at is None:
        note_seen(row, logs)


def _end_import(watch: _Watch) -> None:
    if watch.importing is not None:
        watch.importing.close()
        watch.importing = None


def _close_interrupted() -> None:
    """Ends imports of watchers that were killed: what they had not taken yet is new or changed still."""
    for run in Import.objects.filter(origin=ImportOrigin.WATCH, state=ImportState.RUNNING):
        if is_interrupted(run):
            finish(run)
