"""Stores what a log says: records become rows, updated in place when the log was imported before.

Rows of an edited log are found again by key, else by likeness, so that whatever refers to a row stays with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from sessions.models import Attempt, Error, Fix, Log, LogPath, Project, SessionLog
from sessions.parsing.vocabulary import Key, table
from sessions.project_names import stated_name
from sessions.records import LogRecord, SessionRecord
from sessions.storing.keys import keyed, session_identity
from sessions.storing.rows import RECORD_ROWS
from sessions.storing.sync import RecordChanges, Touched, pair_rows, write_rows

_ALIKE_SESSIONS = 60  # percent of likeness from which an edited session is still the same session


@dataclass(frozen=True, slots=True)
class LogText:
    """A log's redacted text, with what was masked in it, and its layout."""

    text: str
    size: int
    findings: Sequence[dict[str, Any]] = ()
    layout: str = ""
    unknown: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Stored:
    """What storing a log did.

    sessions  of the log, to be linked and indexed
    kept      are no longer in the log, but have errors that a person acted on
    """

    log: Log
    is_new: bool
    sessions: list[SessionLog] = field(default_factory=list)
    kept: list[SessionLog] = field(default_factory=list)
    changes: RecordChanges = field(default_factory=RecordChanges)


def assign_path(log: Log, path: str, touched: Touched) -> list[SessionLog]:
    """Adds a path to a log whose content was found there.

    A different log that was at the path until now is deleted if this was its last one. Returns the sessions that
    `delete_log` keeps of it.
    """
    row = LogPath.objects.filter(path=path).select_related("log").first()
    if row is None:
        LogPath.objects.create(log=log, path=path)
    elif row.log_id != log.pk:
        former, row.log = row.log, log
        row.save(update_fields=["log"])
        if not former.paths.exists():
            return delete_log(former, path, touched)
    return []


def delete_log(log: Log, path: str, touched: Touched) -> list[SessionLog]:
    """Deletes a log that was at `path`, except for sessions with errors that a person acted on. Returns those."""
    stored = Stored(log, is_new=False)
    for session in log.sessions.all():
        _delete_session(session, stored, touched)
    if stored.kept:
        # Without a digest, the same content is read again when it comes back: its records are gone.
        Log.objects.filter(pk=log.pk).update(sha256=None, was_at=path)
        log.paths.all().delete()
    else:
        log.delete()
    return stored.kept


def removed_logs(paths: Collection[str], sizes: Collection[int]) -> QuerySet[Log]:
    """Returns what is kept of removed logs that were at one of the paths, or had one of the sizes."""
    return Log.objects.filter(Q(was_at__in=paths) | Q(size__in=sizes), sha256=None)


def revive_log(path: str, text: LogText) -> Log | None:
    """Gives a path to what is kept of a removed log, if that is what comes back: its text, else another at its path.

    A path that another log has alone stays with that one. `store_log` then finds the rows again.
    """
    row = LogPath.objects.filter(path=path).select_related("log").first()
    if row is not None and row.log.paths.count() == 1:
        return None
    removed = removed_logs([path], [text.size]).order_by("-pk")
    log = removed.filter(size=text.size, text=text.text).first()
    if log is None and row is None:
        log = removed.filter(was_at=path).first()
    if log is not None:
        LogPath.objects.update_or_create(path=path, defaults={"log": log})
        Log.objects.filter(pk=log.pk).update(was_at="")
    return log


@transaction.atomic
def store_log(record: LogRecord, kept: LogText, project: str, touched: Touched) -> Stored:
    """Stores a log in one transaction. `project` is for sessions that name none themselves.

    Records that vanished from the log are deleted, except for those that a person acted on, according to `touched`.
    """
    log, is_new = _log_for(record)
    fill_log(log, record, kept).save()
    if is_new:
        LogPath.objects.create(log=log, path=record.path)
    stored = Stored(log, is_new)
    old = [] if is_new else list(log.sessions.all())
    _store_sessions(stored, record, old, project, touched)
    return stored


def fill_log(log: Log, record: LogRecord, kept: LogText) -> Log:
    """Sets the columns of a log, and returns it."""
    log.sha256, log.text, log.encoding, log.size = record.sha256, kept.text, record.encoding, kept.size
    log.findings = list(kept.findings)
    log.layout, log.unknown = kept.layout[:300], dict(kept.unknown)
    log.coverage = asdict(record.coverage)
    return log


def _log_for(record: LogRecord) -> tuple[Log, bool]:
    """Returns the row of a log that is read again or was edited, or a new one.

    An edited log with other paths keeps its row for those.
    """
    path = LogPath.objects.select_related("log").filter(path=record.path).first()
    if path is None:
        return Log(), True
    if path.log.sha256 != record.sha256 and path.log.paths.count() > 1:
        path.delete()
        return Log(), True
    return path.log, False


def _store_sessions(
    stored: Stored, record: LogRecord, old: Sequence[SessionLog], project: str, touched: Touched
) -> None:
    pairs = pair_rows(
        {row.key: row for row in old},
        dict(keyed(record.sessions, session_identity)),
        lambda row: f"{row.date}\n{row.title}",
        session_identity,
        alike=_ALIKE_SESSIONS,
    )
    paired = {row.pk for _key, row, _session in pairs if row}
    for vanished in old:
        if vanished.pk not in paired:
            _delete_session(vanished, stored, touched)
    _free_keys(pairs)
    projects: dict[str, Project] = {}
    for position, (key, row, session) in enumerate(pairs):
        name = project_of(session, project)
        if name not in projects:
            projects[name] = Project.objects.get_or_create(name=name)[0]
        is_new = row is None
        row = row or SessionLog(log=stored.log)
        fill_session(row, session, key, position)
        row.project = projects[name]
        row.save()
        _store_records(row, session, stored.changes, touched, is_new=is_new)
        stored.sessions.append(row)


def project_named(session: SessionRecord) -> str:
    """Returns the project that a session says it is about, or an empty string."""
    keyed = (value for key, value in session.metadata.items() if table("keys").get(key) is Key.PROJECT)
    return stated_name(next(keyed, ""))


def project_of(session: SessionRecord, project: str) -> str:
    """Returns the name of the project of a session: `project` if it names none."""
    return (project_named(session) or project)[:200]


def _free_keys(pairs: Sequence[tuple[str, SessionLog | None, SessionRecord]]) -> None:
    """Gives temporary keys to sessions whose keys change, since two may swap theirs and keys are unique."""
    for key, row, _session in pairs:
        if row and row.key != key:
            SessionLog.objects.filter(pk=row.pk).update(key=f"~{row.pk}")


def fill_session(row: SessionLog, session: SessionRecord, key: str, position: int) -> None:
    """Sets the columns of a session, except for its log and its project."""
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


def _delete_session(row: SessionLog, stored: Stored, touched: Touched) -> None:
    """Deletes a session that vanished, with its records; keeps it if a person acted on one of its errors."""
    stored.changes.removed += row.in_log
    for rows in RECORD_ROWS:
        write_rows(row, rows, (), stored.changes, touched)
    if row.error_set.exists():
        SessionLog.objects.filter(pk=row.pk).update(in_log=False)
        stored.kept.append(row)
    else:
        row.delete()


def _store_records(
    row: SessionLog, session: SessionRecord, changes: RecordChanges, touched: Touched, *, is_new: bool
) -> None:
    written: dict[str, list[Any]] = {}
    for rows in RECORD_ROWS:
        records = getattr(session, rows.name)
        written[rows.name] = write_rows(row, rows, records, changes, touched, is_new=is_new)
    if not is_new:
        Attempt.objects.filter(fix__in=[fix.pk for fix in written["fixes"]]).delete()
    Attempt.objects.bulk_create(attempts_of(session, written["errors"], written["fixes"]))


def attempts_of(session: SessionRecord, errors: Sequence[Error], fixes: Sequence[Fix]) -> list[Attempt]:
    """Returns each error's ladder of attempts, unsaved: its fixes in the order in which the log tried them."""
    error_of = {record.id: row for record, row in zip(session.errors, errors, strict=True)}
    rungs: dict[int, int] = {}
    attempts = []
    for record, fix in zip(session.fixes, fixes, strict=True):
        for error in dict.fromkeys(error_of[name] for name in record.errors if name in error_of):
            position = rungs.get(error.pk, 0)
            rungs[error.pk] = position + 1
            attempts.append(Attempt(fix=fix, error=error, position=position))
    return attempts
