"""Stores logs that nothing is known of, all in a few statements: there are no rows to find again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sessions.models import Attempt, Log, LogPath, Project, SessionLog
from sessions.records import LogRecord, SessionRecord
from sessions.storing.bulk import insert_all
from sessions.storing.keys import identity, keyed, session_identity
from sessions.storing.rows import RECORD_ROWS
from sessions.storing.store import LogText, Stored, attempts_of, fill_log, fill_session, project_of


class NewLog(NamedTuple):
    """A log whose content and path are new. `project` is for sessions that name none themselves."""

    record: LogRecord
    text: LogText
    project: str


class _NewSession(NamedTuple):
    row: SessionLog
    record: SessionRecord
    stored: Stored


def store_new_logs(logs: Sequence[NewLog]) -> list[Stored]:
    """Stores new logs in the caller's transaction. Returns what `store_log` would, in their order.

    Raises IntegrityError if one of them is there already.
    """
    rows = insert_all(Log, (fill_log(Log(), log.record, log.text) for log in logs))
    insert_all(LogPath, (LogPath(log=row, path=log.record.path) for row, log in zip(rows, logs, strict=True)))
    stored = [Stored(row, is_new=True) for row in rows]
    projects = _projects(project_of(session, log.project) for log in logs for session in log.record.sessions)
    sessions = [made for log, one in zip(logs, stored, strict=True) for made in _sessions_of(log, one, projects)]
    insert_all(SessionLog, (session.row for session in sessions))
    for session in sessions:
        session.stored.sessions.append(session.row)
    _store_records(sessions)
    return stored


def _projects(names: Iterable[str]) -> dict[str, Project]:
    """Returns the projects of these names, new or existing."""
    wanted = dict.fromkeys(names)
    known = {project.name: project for project in Project.objects.filter(name__in=wanted)}
    new = Project.objects.bulk_create(Project(name=name) for name in wanted if name not in known)
    return {**known, **{project.name: project for project in new}}


def _sessions_of(log: NewLog, stored: Stored, projects: dict[str, Project]) -> list[_NewSession]:
    sessions = []
    for position, (key, record) in enumerate(keyed(log.record.sessions, session_identity)):
        row = SessionLog(log=stored.log, project=projects[project_of(record, log.project)])
        fill_session(row, record, key, position)
        sessions.append(_NewSession(row, record, stored))
    return sessions


def _store_records(sessions: Sequence[_NewSession]) -> None:
    """Stores the records of sessions, kind by kind, and which fix was tried on which error."""
    written: dict[str, list[list[Any]]] = {}
    for rows in RECORD_ROWS:
        written[rows.name] = [
            [
                rows.model(session=session.row, key=key, position=position, **rows.values(record))
                for position, (key, record) in enumerate(keyed(getattr(session.record, rows.name), identity))
            ]
            for session in sessions
        ]
        insert_all(rows.model, (row for of_session in written[rows.name] for row in of_session))
        for session, of_session in zip(sessions, written[rows.name], strict=True):
            session.stored.changes.added += len(of_session)
    attempts = zip(sessions, written["errors"], written["fixes"], strict=True)
    insert_all(
        Attempt,
        (attempt for session, errors, fixes in attempts for attempt in attempts_of(session.record, errors, fixes)),
    )
