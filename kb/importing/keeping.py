"""The third step of an import: a log is stored, linked and indexed in one transaction.

On SQLite a transaction holds the only write lock, so whatever can be done before it opens is done in the first two
steps. What may have changed since then is checked again here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction

from kb.corrections.applying import apply
from kb.corrections.stored import in_force, settle, staged
from kb.importing.masked import queue_secrets
from kb.importing.namesakes import path_of
from kb.importing.prepared import Prepared, snapshot
from kb.importing.reading import OutdatedError, Read
from kb.importing.taught import taught_headings
from kb.importing.touched import touched_rows
from kb.linking.issues import LinkedError, issues_of_path, link_sessions, remove_empty_issues
from kb.models import ImportOutcome
from kb.next_steps.closures import propose_closures
from kb.next_steps.tracking import remove_unraised_steps, track_steps, tracked_steps_of_path
from kb.review.doubts import keep_doubts
from kb.search.index import index_sessions, remove_session
from sessions.models import Log, LogPath, SessionLog
from sessions.sources import SourceError
from sessions.storing.store import Stored, assign_path, store_log
from sessions.storing.sync import RecordChanges


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


@transaction.atomic
def keep(log: Read, *, index: bool = True) -> Imported:
    """Stores, links and indexes a log, all or nothing. Without `index` it cannot be found by searching.

    Raises OutdatedError if the taught headings have changed since the log was read.
    """
    if upload := log.prepared.upload:
        log = log.at(path_of(upload, log.record, log.prepared.text))
    known = keep_known(log.prepared.path, log.prepared.sha256)
    if known is None or log.prepared.corrections:  # those of a preview are applied even if somebody else was faster
        return _keep(log, index=index)
    return known


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


def keep_again(log: Read) -> Imported:
    """Stores a log that is already here once more, as it was read with other headings.

    Does nothing if another import has changed the log since it was read, because that one used the new headings too.
    Raises SourceError if the log was removed.
    """
    path, sha256 = log.prepared.path, log.prepared.sha256
    current = LogPath.objects.filter(path=path).select_related("log").first()
    if current is None:
        raise SourceError(f"{path}: was removed in the meantime, so there is nothing to read again.")
    if current.log.sha256 != sha256:
        return Imported(path, ImportOutcome.UNCHANGED, current.log, sha256=current.log.sha256 or "")
    return _keep(log)


def keep_corrected(log: Read, session: int | None) -> Imported:
    """Stores a log once more, with the corrections in force now. `session` is the one they changed, if that is known.

    Raises OutdatedError if the log has been imported again since it was read.
    """
    current = LogPath.objects.filter(path=log.prepared.path).select_related("log").first()
    if current is None or current.log.sha256 != log.prepared.sha256:
        raise OutdatedError
    return _keep(log, only=session)


def _keep(log: Read, *, index: bool = True, only: int | None = None) -> Imported:
    if taught_headings() != log.taught:
        raise OutdatedError
    path, before = log.prepared.path, snapshot(log.prepared.path)
    issues_before, steps_before = (issues_of_path(path), tracked_steps_of_path(path)) if before else ([], [])
    corrections = [*in_force(path), *staged(log.prepared.corrections)]
    applied = apply(log.record, log.text.text, corrections)
    stored = store_log(applied.record, log.text, log.prepared.project, touched_rows)
    settle(stored.log, path, stored.sessions, applied.outcomes)
    queue_secrets(stored.log)
    if log.doubts:
        keep_doubts(stored.sessions, log.record.sessions, log.doubts)
    stored.sessions = [session for session in stored.sessions if only in (None, session.pk)]
    linked = _link(stored.sessions)
    remove_empty_issues(issues_before)
    remove_unraised_steps(steps_before)
    if index:  # last, so that a merge of the index waits no longer than this
        _index(stored)
    outcome = ImportOutcome.NEW if stored.is_new else ImportOutcome.UPDATED
    masked = len(log.prepared.findings)
    return Imported(path, outcome, stored.log, stored.changes, masked, tuple(linked), log.prepared.sha256, before)


def _link(sessions: list[SessionLog]) -> list[LinkedError]:
    """Links the errors and next steps of sessions to those of other logs. Returns the errors."""
    linked = link_sessions(sessions)
    track_steps(sessions)
    propose_closures(sessions)
    return linked


def _index(stored: Stored) -> None:
    index_sessions(stored.sessions)
    for session in stored.kept:
        remove_session(session)
