"""Previews of staged logs, made by importing them in a transaction that is rolled back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max

from kb.importing.keeping import Imported, keep
from kb.importing.namesakes import namesakes, uploader
from kb.importing.prepared import Prepared
from kb.importing.reading import OutdatedError, Read, read
from kb.importing.sets import report_failure
from kb.importing.staging import Batch
from kb.importing.writing import writing
from kb.linking.recurrence import IssueState
from kb.models import ImportOutcome, ProposedClosure, TrackedStep
from sessions.models import SessionLog
from sessions.storing.rows import RECORD_ROWS

Preview = dict[str, Any]

_AT_ONCE = 100  # logs whose previews take each other into account
_HOLD = 0.8  # seconds after which no further log joins them, since they hold SQLite's only write lock together
_MOST_LINES = 12
_MOST_RECORDS = 30  # of a session, on the page of a batch


def preview_some(batch: Batch, seconds: float = 2.0) -> int:
    """Previews staged logs for about that long. Returns how many are left. Nothing is written to the database.

    Logs are read before a transaction opens, and no log is added to one that has held the lock for `_HOLD`.
    """
    done = set(batch.numbers("preview"))
    waiting = [number for number in batch.numbers() if number not in done]
    logs, failed = _read_some(batch, waiting[:_AT_ONCE], seconds / 2)
    for number, preview in failed.items():
        batch.save_preview(number, preview)
    while logs:
        previews = _dry_run(logs)
        for number, preview in previews.items():
            batch.save_preview(number, preview)
            del logs[number]
        if not previews:
            break  # the taught headings have changed, so the rest is read again on the next call
    return len(batch.numbers()) - len(batch.numbers("preview"))


def _read_some(batch: Batch, numbers: list[int], seconds: float) -> tuple[dict[int, Read], dict[int, Preview]]:
    """Returns the logs that could be read in this time, and previews of those that failed."""
    until = time.monotonic() + seconds
    logs: dict[int, Read] = {}
    failed: dict[int, Preview] = {}
    for number in numbers:
        prepared = batch.prepared(number)
        try:
            logs[number] = read(prepared)
        except Exception as error:  # a bug met by one log must not hide the others
            failed[number] = _refused(prepared, error)
        if time.monotonic() > until:
            break
    return logs, failed


def _dry_run(logs: dict[int, Read]) -> dict[int, Preview]:
    """Imports logs one after the other, as many as the time limit on the lock allows, and rolls back."""
    previews: dict[int, Preview] = {}
    with writing():
        until = time.monotonic() + _HOLD
        for number, log in logs.items():
            try:
                previews[number] = _preview(log)
            except OutdatedError:
                break
            except Exception as error:
                previews[number] = _refused(log.prepared, error)
            if time.monotonic() > until:
                break
        transaction.set_rollback(True)
    return previews


def _refused(prepared: Prepared, error: Exception) -> Preview:
    return {**_about(prepared), "outcome": ImportOutcome.REFUSED, "reason": report_failure(prepared.path, error)}


def _about(prepared: Prepared) -> Preview:
    return {"path": prepared.path, "project": prepared.project, "findings": _findings(prepared)}


def _preview(log: Read) -> Preview:
    prepared = log.prepared
    newest_step = TrackedStep.objects.aggregate(newest=Max("pk"))["newest"] or 0
    with transaction.atomic():
        imported = keep(log, index=False)
    about = {**_about(prepared), "path": imported.path, "outcome": imported.outcome, **_namesakes(log, imported)}
    about["set_aside"] = imported.before.set_aside if imported.before else ""
    if imported.outcome == ImportOutcome.UNCHANGED:
        paths = [path for path in imported.log.paths.values_list("path", flat=True) if path != imported.path]
        return {**about, "is_copy": imported.is_copy, "other_paths": paths[:3]}
    sessions = list(imported.log.sessions.filter(in_log=True).select_related("project").order_by("position"))
    return {
        **about,
        "sessions": [_session(session) for session in sessions],
        "corrections": len(prepared.corrections),
        "records": _records(imported, sessions),
        "issues": list(_issues(imported)),
        "steps": _steps(sessions, newest_step),
        "proposals": ProposedClosure.objects.filter(session__in=sessions, accepted=None).count(),
        "not_understood": _not_understood(imported, prepared),
    }


def _session(session: SessionLog) -> Preview:
    """What a session is and says: its first records, in the order of the log."""
    rows = [(rows, row) for rows in RECORD_ROWS for row in rows.stated_in([session])]
    rows.sort(key=lambda pair: pair[1].line)
    read = [
        {"line": row.line, "is_a": str(kind.model._meta.verbose_name), "title": str(row)[:200]}
        for kind, row in rows[:_MOST_RECORDS]
    ]
    about = {"title": session.title, "date": str(session.date or ""), "project": session.project.name}
    return {**about, "position": session.position, "read": read, "unlisted": max(len(rows) - _MOST_RECORDS, 0)}


def _namesakes(log: Read, imported: Imported) -> Preview:
    """Returns which other logs an upload may be, and whose log it edits if that is somebody else's."""
    upload = log.prepared.upload
    if upload is None:
        return {}
    others = namesakes(upload, log.record, imported.path)
    by = uploader(imported.path, imported.log) if imported.outcome == ImportOutcome.UPDATED else ""
    return {"namesakes": [asdict(other) for other in others], "edits_log_of": by if by != upload.owner else ""}


def _records(imported: Imported, sessions: list[SessionLog]) -> Preview:
    """Counts the records that are new, changed, unchanged and vanishing, and the records of each kind."""
    kinds = {rows.name: rows.stated_in(sessions).count() for rows in RECORD_ROWS}
    singular = {rows.name: str(rows.model._meta.verbose_name) for rows in RECORD_ROWS}
    changes = imported.changes
    return {
        "new": changes.added,
        "changed": changes.changed,
        "unchanged": max(sum(kinds.values()) - changes.added - changes.changed, 0),
        "vanishing": changes.removed,
        "kept": changes.kept,
        "kinds": {singular[n] if count == 1 else n.replace("_", " "): count for n, count in kinds.items() if count},
    }


def _issues(imported: Imported) -> Iterator[Preview]:
    """Yields the issues of the log's errors: whether each is a regression, and in how many sessions it occurred."""
    for linked in {linked.issue.pk: linked for linked in imported.errors}.values():
        standing = linked.standing
        yield {
            "title": str(linked.issue)[:200],
            "sessions": linked.standing.session_count,
            "is_regression": standing.state == IssueState.REGRESSED,
            "days": standing.days,
        }


def _steps(sessions: list[SessionLog], newest_step: int) -> Preview:
    """Returns what the log does to next steps: how many are new, which are raised again, which are ticked off."""
    steps = TrackedStep.objects.filter(mentions__step__session__in=sessions).select_related("latest").distinct()
    existing = [step for step in steps if step.pk <= newest_step]
    keys = {session.pk for session in sessions}
    done = [step for step in existing if step.latest and step.latest.done and step.latest.session_id in keys]
    again = [step for step in existing if step not in done and step.session_count > 1]
    return {
        "new": len(steps) - len(existing),
        "again": [{"text": step.text[:200], "sessions": step.session_count} for step in again[:_MOST_LINES]],
        "more": max(len(again) - _MOST_LINES, 0),
        "done": [step.text[:200] for step in done[:_MOST_LINES]],
    }


def _not_understood(imported: Imported, prepared: Prepared) -> Preview:
    """Returns how many lines became neither record nor context, and the first of them."""
    spans = imported.log.coverage.get("unparsed", [])
    lines = prepared.text.split("\n")
    numbers = [number for first, last in spans for number in range(first, last + 1)]
    shown = [{"number": number, "text": lines[number - 1][:300]} for number in numbers[: 5 * _MOST_LINES]]
    return {"count": len(numbers), "of": imported.log.coverage.get("lines", 0), "lines": shown}


def _findings(prepared: Prepared) -> list[dict[str, Any]]:
    lines = prepared.text.split("\n")
    return [
        {"rule": finding["rule"], "line": finding["line"], "text": lines[finding["line"] - 1][:200]}
        for finding in prepared.findings[:50]
    ]
