"""Rolling files: each session overwrites HANDOFF.md, NEXT_SESSION.md and the like, and the former session stays a log.

It is set aside, under a path that no file has: "docs/HANDOFF.md (2026-03-01)".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import chain, count

from kb.corrections.stored import leave_path
from kb.importing.namesakes import LONGEST_PATH
from kb.importing.prepared import Prepared, snapshot
from kb.importing.reading import Read
from kb.importing.specific_lines import length, specific_lines
from sessions.models import Log, LogPath
from sessions.storing.rows import RECORD_ROWS

_LEFT = 0.5  # part of a log that must be left in what comes under its path, if that is of other days


@dataclass(frozen=True, slots=True)
class _Said:
    """What tells whether two logs are of the same sessions: their days, the labels of their metadata, their text."""

    days: Collection[str]
    labels: Collection[str]
    text: str

    @property
    def lines(self) -> set[str]:
        return specific_lines(self.text.split("\n"), self.labels)


def make_way(path: str, sha256: str, log: Read | None) -> Prepared | None:
    """Takes the path from the log that has it if another session comes, which stays. Returns it as it was.

    log  what comes; None if its content is stored already
    """
    row = LogPath.objects.filter(path=path).select_related("log").first()
    if row is None or not _is_other_session(row.log, sha256, log):
        return None
    before = snapshot(path)
    if before is None or row.log.paths.count() > 1:
        leave_path(row.log, path)
        row.delete()
        return before
    row.path = _path_aside(path, max(_said(row.log).days))
    row.save(update_fields=["path"])
    leave_path(row.log, path)
    return replace(before, set_aside=row.path)


def give_way_back(before: Prepared) -> bool:
    """Gives a log that was set aside its path again. Returns whether it is still there."""
    aside = LogPath.objects.filter(path=before.set_aside, log__sha256=before.sha256)
    row = aside.select_related("log").first() if before.set_aside else None
    if row is None:
        return False
    row.path = before.path
    row.save(update_fields=["path"])
    leave_path(row.log, before.set_aside)
    return True


def log_in_the_way(path: str, log: Read) -> Log | None:
    """Returns the log that would be set aside for one that comes under its path."""
    row = LogPath.objects.filter(path=path).select_related("log").first()
    return row.log if row and _is_other_session(row.log, log.sha256, log) else None


def _is_other_session(former: Log, sha256: str, log: Read | None) -> bool:
    """Whether what comes is plainly no edit: of other days, as both state, and with less than half of what was there.

    What is of earlier days has to have records, or else a log was emptied.
    """
    if former.sha256 in (None, sha256) or (log and (log.is_again or log.is_edit or log.is_chosen)):
        return False
    comes = log or Log.objects.filter(sha256=sha256).first()
    if comes is None:
        return False
    said, stored = _said(comes), _said(former)
    if not stored.days or not said.days or {*stored.days} & {*said.days}:
        return False
    lines = stored.lines
    if length(lines & said.lines) >= _LEFT * max(length(lines), 1):
        return False
    return max(said.days) > max(stored.days) or _has_records(comes)


def _said(log: Read | Log) -> _Said:
    """Returns what a log says, the same whether it is read or stored already."""
    if isinstance(log, Read):
        sessions = log.record.sessions
        days = {session.date[:10] for session in sessions if session.date}
        return _Said(days, {*chain.from_iterable(session.metadata for session in sessions)}, log.text.text)
    rows = log.sessions.filter(in_log=True).values_list("date", "metadata")
    labels = chain.from_iterable(metadata for _date, metadata in rows)
    return _Said({str(date) for date, _metadata in rows if date}, {*labels}, log.text)


def _has_records(log: Read | Log) -> bool:
    if isinstance(log, Read):
        return any(getattr(session, rows.name) for session in log.record.sessions for rows in RECORD_ROWS)
    sessions = list(log.sessions.filter(in_log=True))
    return any(rows.stated_in(sessions).exists() for rows in RECORD_ROWS)


def _path_aside(path: str, day: str) -> str:
    """Returns a path that says of which day a log is, and that no log has."""
    names = (f" ({day})" if turn == 1 else f" ({day}, {turn})" for turn in count(1))
    paths = (path[: LONGEST_PATH - len(name)] + name for name in names)
    return next(name for name in paths if not LogPath.objects.filter(path=name).exists())
