"""The third step of an import: logs are stored, linked and indexed in one transaction.

On SQLite a transaction holds the only write lock, so whatever can be done before it opens is done in the first two
steps. What may have changed since then is checked again here. Several logs, a set, share the look-ups, the linking
and one segment of the index; a single log is a set of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.db import transaction

from kb.grouping.locking import lock_projects
from kb.importing.namesakes import candidate_paths, path_of
from kb.importing.prepared import Prepared, snapshot
from kb.importing.reading import OutdatedError, Read
from kb.importing.rolling import make_way
from kb.importing.storing import Kept, store, store_new
from kb.importing.taught import taught_headings
from kb.importing.touched import touched_rows
from kb.linking.issues import LinkedError, issues_of_path, link_sessions, remove_empty_issues
from kb.models import Correction, ImportOutcome
from kb.next_steps.closures import propose_closures
from kb.next_steps.tracking import remove_unraised_steps, track_steps, tracked_steps_of_path
from kb.search.index import index_sessions, remove_session
from kb.search.index.texts import SessionTexts
from sessions.models import Log, LogPath, SessionLog
from sessions.sources import SourceError
from sessions.storing.store import assign_path, removed_logs
from sessions.storing.sync import RecordChanges

_NOT_NEEDED = ("log__text", "log__findings", "log__coverage", "log__unknown")


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing a log did.

    before   the log that was under its path until now
    is_copy  the content was already here, and this path was added to it
    """

    path: str
    outcome: ImportOutcome
    log: Log
    changes: RecordChanges = field(default_factory=RecordChanges)
    masked: int = 0
    errors: tuple[LinkedError, ...] = ()
    sha256: str = ""
    before: Prepared | None = None
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A log that was not imported, with a sentence that says why and what to do."""

    path: str
    reason: str


class Known(NamedTuple):
    """A log whose content is already here, so that it was not read."""

    path: str
    sha256: str


Keepable = Read | Known


def keep(log: Read, *, index: bool = True) -> Imported:
    """Stores, links and indexes a log, all or nothing. Without `index` it cannot be found by searching.

    Raises OutdatedError if the taught headings have changed since the log was read.
    """
    return keep_set([log], index=index)[0]


@transaction.atomic
def keep_set(logs: Sequence[Keepable], *, index: bool = True) -> list[Imported]:
    """Stores, links and indexes logs in their order, all or nothing, as if each were kept after the other.

    The number of queries does not depend on that of the logs, as far as their content and paths are new. Raises
    OutdatedError if the taught headings have changed since one was read, or a known log is gone.
    """
    if not logs:
        return []
    lock_projects({project for log in logs if isinstance(log, Read) for project in log.projects})
    taught = taught_headings()
    if any(isinstance(log, Read) and log.taught != taught for log in logs):
        raise OutdatedError
    keeping = _Keeping(logs, index=index)
    for place, log in enumerate(logs):
        keeping.add(place, log)
    keeping.link()
    return keeping.imported()


class _Keeping:
    """A set of logs on its way: some stored and linked, some only stored, some waiting for a neighbour to be stored."""

    def __init__(self, logs: Sequence[Keepable], *, index: bool) -> None:
        self._index = index
        paths = {path for log in logs for path in _paths_of(log)}
        self._at = {row.path: row.log for row in _paths_there(paths)}
        shas = [log.sha256 for log in logs]
        self._known = set(Log.objects.filter(sha256__in=shas).values_list("sha256", flat=True))
        waiting = Correction.objects.filter(undone_at=None, log=None, at_path__in=paths)
        self._corrected = set(waiting.values_list("at_path", flat=True))
        removed = removed_logs(paths, {log.prepared.size for log in logs if isinstance(log, Read)})
        self._removed = {name for row in removed.values_list("was_at", "size") for name in row}
        self._met: set[str] = set()  # paths and digests of earlier logs
        self._new: dict[int, Read] = {}
        self._stored: dict[int, Kept] = {}
        self._imported: dict[int, Imported] = {}

    def add(self, place: int, log: Keepable) -> None:
        """Stores the log at a place of the set, or lets it wait for others that are as new."""
        met = {*_paths_of(log), log.sha256}
        is_first = not met & self._met
        self._met |= met
        if is_first and isinstance(log, Read) and self._is_new(log):
            self._new[place] = log.at(_path_of(log, stored={}))
        elif is_first and self._is_unchanged(log):
            path, sha256 = log.path, log.sha256
            self._imported[place] = Imported(path, ImportOutcome.UNCHANGED, self._at[path], sha256=sha256)
        else:
            self._store_new()
            self._store_alone(place, log)

    def link(self) -> None:
        """Links and indexes what is stored."""
        self._store_new()
        self._imported.update(zip(self._stored, _linked(list(self._stored.values()), index=self._index), strict=True))
        self._stored.clear()

    def imported(self) -> list[Imported]:
        """Returns what became of each log, in their order."""
        return [self._imported[place] for place in sorted(self._imported)]

    def _is_new(self, log: Read) -> bool:
        """Whether nothing is known that this log may be, or that is to be applied to it."""
        prepared, paths = log.prepared, _paths_of(log)
        if log.is_again or prepared.corrections or log.is_chosen:
            return False
        if log.sha256 in self._known or prepared.size in self._removed:
            return False
        return not any(path in self._at or path in self._corrected or path in self._removed for path in paths)

    def _is_unchanged(self, log: Keepable) -> bool:
        """Whether this content is under this path already."""
        if isinstance(log, Read) and (log.is_again or log.prepared.upload or log.prepared.corrections):
            return False
        stored = self._at.get(log.path)
        return stored is not None and stored.sha256 == log.sha256

    def _store_new(self) -> None:
        self._stored.update(zip(self._new, store_new(list(self._new.values())), strict=True))
        self._new.clear()

    def _store_alone(self, place: int, log: Keepable) -> None:
        if isinstance(log, Read):
            log = log.at(_path_of(log))
        if any(kept.log.path == log.path for kept in self._stored.values()):
            self.link()  # what follows asks for the issues of what is under this path
        former = make_way(log.path, log.sha256, log if isinstance(log, Read) else None)
        known = _keep_unread(log)
        if known is not None:
            self._imported[place] = replace(known, before=known.before or former)
        elif isinstance(log, Read):
            kept = store(log)
            self._stored[place] = replace(kept, before=kept.before or former)
        else:
            raise OutdatedError  # it was deleted after we looked


def _paths_there(paths: Iterable[str]) -> Iterable[LogPath]:
    return LogPath.objects.filter(path__in=paths).select_related("log").defer(*_NOT_NEEDED)


def _paths_of(log: Keepable) -> Collection[str]:
    """Returns the paths of the logs that this one may be."""
    if isinstance(log, Known) or log.prepared.upload is None:
        return {log.path}
    return candidate_paths(log.prepared.upload, log.record)


def _path_of(log: Read, stored: dict[str, Log] | None = None) -> str:
    upload = log.prepared.upload
    return path_of(upload, log.record, log.text.text, stored) if upload else log.path


def _keep_unread(log: Keepable) -> Imported | None:
    """Returns what became of a log that needs no storing; None if it has to be stored."""
    if isinstance(log, Read) and log.is_again:
        return _changed_meanwhile(log)
    known = keep_known(log.path, log.sha256)
    # Corrections of a preview are applied even if somebody else was faster.
    return None if isinstance(log, Read) and log.prepared.corrections else known


def keep_known(path: str, sha256: str) -> Imported | None:
    """Adds a path to the log that has this content; None if no log has."""
    log = Log.objects.filter(sha256=sha256).first()
    if log is None:
        return None
    is_copy = not log.paths.filter(path=path).exists()
    before = snapshot(path) if is_copy else None
    issues_before, steps_before = issues_of_path(path), tracked_steps_of_path(path)
    for session in assign_path(log, path, touched_rows):
        remove_session(session)
    if is_copy:
        remove_empty_issues(issues_before)
        remove_unraised_steps(steps_before)
    return Imported(path, ImportOutcome.UNCHANGED, log, sha256=sha256, before=before, is_copy=is_copy)


def _changed_meanwhile(log: Read) -> Imported | None:
    """Says what to do with a stored log that was read again: nothing if another import has changed it since.

    That one used the new headings too. Raises SourceError if the log was removed.
    """
    current = LogPath.objects.filter(path=log.path).select_related("log").first()
    if current is None:
        raise SourceError(f"{log.path}: was removed in the meantime, so there is nothing to read again.")
    if current.log.sha256 == log.sha256:
        return None
    return Imported(log.path, ImportOutcome.UNCHANGED, current.log, sha256=current.log.sha256 or "")


class Corrected(NamedTuple):
    """A log whose corrections were changed, and the sessions that they change; None if those are not known."""

    log: Read
    sessions: Collection[int] | None


@transaction.atomic
def keep_corrected(changed: Sequence[Corrected]) -> None:
    """Stores logs once more, with the corrections in force now. Raises OutdatedError if one was imported since."""
    lock_projects({project for one in changed for project in one.log.projects})
    taught = taught_headings()
    there = {row.path: row.log.sha256 for row in _paths_there(one.log.path for one in changed)}
    if any(there.get(one.log.path) != one.log.sha256 or one.log.taught != taught for one in changed):
        raise OutdatedError
    _linked([store(one.log, only=one.sessions) for one in changed])


def _linked(kept: Sequence[Kept], *, index: bool = True) -> list[Imported]:
    """Links the errors and next steps of logs to those of others, and indexes them. Returns what became of each."""
    sessions = list({session.pk: session for one in kept for session in one.sessions}.values())
    made = {error: own for one in kept for error, own in one.log.fingerprints.items()}
    linked: dict[int, list[LinkedError]] = defaultdict(list)
    for error in link_sessions(sessions, made) if sessions else ():
        linked[error.error.session_id].append(error)
    track_steps(sessions)
    propose_closures(sessions)
    if any(one.before or one.is_back for one in kept):
        remove_empty_issues(sorted({issue for one in kept for issue in one.issues_before}))
        remove_unraised_steps(sorted({step for one in kept for step in one.steps_before}))
    if index:  # last, so that a merge of the index waits no longer than this
        texts = {
            session.pk: one.log.texts[session.first_line]
            for one in kept
            for session in one.sessions
            if session.first_line in one.log.texts
        }
        _indexed(sessions, [session for one in kept for session in one.stored.kept], texts)
    return [_imported(one, [error for s in one.sessions for error in linked[s.pk]]) for one in kept]


def _indexed(sessions: Sequence[SessionLog], left: Sequence[SessionLog], texts: Mapping[int, SessionTexts]) -> None:
    index_sessions(sessions, texts)
    for session in left:
        remove_session(session)


def _imported(kept: Kept, errors: Sequence[LinkedError]) -> Imported:
    stored, prepared = kept.stored, kept.log.prepared
    outcome = ImportOutcome.NEW if stored.is_new or kept.is_back else ImportOutcome.UPDATED
    masked = len(prepared.findings)
    return Imported(
        prepared.path, outcome, stored.log, stored.changes, masked, tuple(errors), prepared.sha256, kept.before
    )
