"""Keeps what a log says: records to rows, in place when the log was imported before.

Rows of an edited log are found again by key, else by likeness, so that whatever hangs on a row stays with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import transaction

from sessions.models import Attempt, Error, Fix, Log, LogPath, Project, SessionLog
from sessions.parsing.vocabulary import Key, table
from sessions.records import LogRecord, SessionRecord
from sessions.storing.keys import keyed, session_identity
from sessions.storing.rows import RECORD_ROWS
from sessions.storing.sync import Change, Touched, pair_rows, write_rows

StoredAs = Literal["new", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class LogText:
    """A log's text as it may be kept: redacted, with what was masked, and its layout."""

    text: str
    size: int
    findings: Sequence[dict[str, Any]] = ()
    layout: str = ""
    unknown: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Stored:
    """What storing a log did. `sessions` are the ones to link and to index again; `kept` are no longer in the log."""

    log: Log
    outcome: StoredAs
    sessions: list[SessionLog] = field(default_factory=list)
    kept: list[SessionLog] = field(default_factory=list)
    change: Change = field(default_factory=Change)


def note_path(log: Log, path: str, touched: Touched) -> Stored:
    """Notes a path at which the content of a log that is here was found.

    Where other content was at that path until now, that log goes with its last path, as `let_go` says.
    """
    known = LogPath.objects.filter(path=path).select_related("log").first()
    stored = Stored(log, "unchanged")
    if known is None:
        LogPath.objects.create(log=log, path=path)
    elif known.log_id != log.pk:
        former, known.log = known.log, log
        known.save(update_fields=["log"])
        if not former.paths.exists():
            stored.kept = let_go(former, path, touched)
    return stored


def let_go(log: Log, path: str, touched: Touched) -> list[SessionLog]:
    """Removes a log that was at a path, but for the sessions with errors that a person dealt with: those come back."""
    stored = Stored(log, "updated")
    for session in log.sessions.all():
        _let_go(session, stored, touched)
    if stored.kept:
        # The same content found again is read anew: its records are gone.
        Log.objects.filter(pk=log.pk).update(sha256=None, was_at=path)
        log.paths.all().delete()
    else:
        log.delete()
    return stored.kept


@transaction.atomic
def store_log(record: LogRecord, kept: LogText, project: str, touched: Touched) -> Stored:
    """Stores a read log wholly or not at all. The project is taken from the log where it names one.

    Records that vanished from the log go, but for those that a person dealt with, as `touched` knows.
    """
    log, is_new = _log_for(record)
    log.sha256, log.text, log.encoding, log.size = record.sha256, kept.text, record.encoding, kept.size
    log.findings = list(kept.findings)
    log.layout, log.unknown = kept.layout[:300], dict(kept.unknown)
    log.coverage = record.as_json()["coverage"]
    log.save()
    if is_new:
        LogPath.objects.create(log=log, path=record.path)
    stored = Stored(log, "new" if is_new else "updated")
    old = [] if is_new else list(log.sessions.all())
    _store_sessions(stored, record, old, project, touched)
    return stored


def _log_for(record: LogRecord) -> tuple[Log, bool]:
    """The row of an edited log; a log that is known under further paths keeps its row for those."""
    path = LogPath.objects.select_related("log").filter(path=record.path).first()
    if path is None:
        return Log(), True
    if path.log.paths.count() > 1:
        path.delete()
        return Log(), True
    return path.log, False


def _store_sessions(
    stored: Stored, record: LogRecord, old: Sequence[SessionLog], project: str, touched: Touched
) -> None:
    new = dict(keyed(record.sessions, session_identity))
    pairs = pair_rows(
        {row.key: row for row in old}, new, lambda row: f"{row.date}\n{row.title}", session_identity, alike=60
    )
    kept = {row.pk for _key, row, _session in pairs if row}
    for gone in old:
        if gone.pk not in kept:
            _let_go(gone, stored, touched)
    _free_keys(pairs)
    projects: dict[str, Project] = {}
    for position, (key, row, session) in enumerate(pairs):
        name = (project_named(session) or project)[:200]
        if name not in projects:
            projects[name] = Project.objects.get_or_create(name=name)[0]
        is_new = row is None
        row = row or SessionLog(log=stored.log)
        _fill_session(row, session, key, position)
        row.project = projects[name]
        row.save()
        _store_records(row, session, stored.change, touched, is_new=is_new)
        stored.sessions.append(row)


def project_named(session: SessionRecord) -> str:
    """The project that a session says it is about; empty if it says none."""
    return next((value for key, value in session.metadata.items() if table("keys").get(key) is Key.PROJECT), "")


def _free_keys(pairs: Sequence[tuple[str, SessionLog | None, SessionRecord]]) -> None:
    """Frees the keys of sessions that are about to take each other's."""
    for key, row, _session in pairs:
        if row and row.key != key:
            SessionLog.objects.filter(pk=row.pk).update(key=f"~{row.pk}")


def _fill_session(row: SessionLog, session: SessionRecord, key: str, position: int) -> None:
    row.key, row.position, row.in_log = key, position, True
    row.title = session.title[:500]
    row.date, row.ended = _day(session.date), _day(session.ended)
    row.duration_minutes, row.duration_text = session.duration_minutes, session.duration_text[:300]
    row.status, row.status_text = session.status or "", session.status_text[:500]
    row.type, row.summary = session.type[:200], session.summary
    row.metadata, row.metrics = dict(session.metadata), dict(session.metrics)
    row.environment = dict(session.environment)
    row.first_line, row.last_line = session.lines


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text else None


def _let_go(row: SessionLog, stored: Stored, touched: Touched) -> None:
    """A session that vanished goes with its records; one with an error that a person dealt with is kept for that."""
    stored.change.removed += row.in_log
    for rows in RECORD_ROWS:
        write_rows(row, rows, (), stored.change, touched)
    if row.error_set.exists():
        SessionLog.objects.filter(pk=row.pk).update(in_log=False)
        stored.kept.append(row)
    else:
        row.delete()


def _store_records(row: SessionLog, session: SessionRecord, change: Change, touched: Touched, *, is_new: bool) -> None:
    written: dict[str, list[Any]] = {}
    for rows in RECORD_ROWS:
        records = getattr(session, rows.name)
        written[rows.name] = write_rows(row, rows, records, change, touched, is_new=is_new)
    if not is_new:
        Attempt.objects.filter(fix__in=[fix.pk for fix in written["fixes"]]).delete()
    _store_attempts(session, written["errors"], written["fixes"])


def _store_attempts(session: SessionRecord, errors: Sequence[Error], fixes: Sequence[Fix]) -> None:
    """The ladder of an error: its fixes in the order in which the log tried them."""
    error_of = {record.id: row for record, row in zip(session.errors, errors, strict=True)}
    rungs: dict[int, int] = {}
    attempts = []
    for record, fix in zip(session.fixes, fixes, strict=True):
        for error in dict.fromkeys(error_of[name] for name in record.errors if name in error_of):
            position = rungs.get(error.pk, 0)
            rungs[error.pk] = position + 1
            attempts.append(Attempt(fix=fix, error=error, position=position))
    Attempt.objects.bulk_create(attempts)
