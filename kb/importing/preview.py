"""What importing staged logs would do, found out by doing it in a transaction that is rolled back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max

from kb.importing.compose import Imported, OutdatedError, Prepared, Read, keep, read
from kb.importing.namesakes import Namesake, namesakes, uploader
from kb.importing.runs import unforeseen
from kb.importing.staging import Batch
from kb.importing.writing import writing
from kb.linking.recurrence import IssueState
from kb.models import ProposedClosure, TrackedStep
from sessions.models import SessionLog
from sessions.storing.rows import RECORD_ROWS

_AT_ONCE = 100  # logs whose previews know of each other
_HOLD = 0.8  # seconds after which no further log joins them: they hold SQLite's only write lock together
_MOST_LINES = 12


def preview_some(batch: Batch, seconds: float = 2.0) -> int:
    """Previews staged logs for about that long; how many are left. Nothing of it is written to the database.

    All are read before a transaction opens, and none takes a further log once it has held the lock for `_HOLD`.
    """
    done = set(batch.numbers("preview"))
    waiting = [number for number in batch.numbers() if number not in done]
    logs, failed = _read_some(batch, waiting[:_AT_ONCE], seconds / 2)
    for number, preview in failed.items():
        batch.keep_preview(number, preview)
    while logs:
        previews = _kept_and_undone(logs)
        for number, preview in previews.items():
            batch.keep_preview(number, preview)
            del logs[number]
        if not previews:
            break  # what headings mean has changed: they are read once more when this is asked again
    return len(batch.numbers()) - len(batch.numbers("preview"))


def _read_some(batch: Batch, numbers: list[int], seconds: float) -> tuple[dict[int, Read], dict[int, dict[str, Any]]]:
    """The logs that could be read in this time, by number, and previews of those that cannot be read."""
    until = time.monotonic() + seconds
    logs: dict[int, Read] = {}
    failed: dict[int, dict[str, Any]] = {}
    for number in numbers:
        prepared = batch.prepared(number)
        try:
            logs[number] = read(prepared)
        except Exception as problem:  # a fault of ours with one log must not hide the others
            failed[number] = _refused(prepared, problem)
        if time.monotonic() > until:
            break
    return logs, failed


def _kept_and_undone(logs: dict[int, Read]) -> dict[int, dict[str, Any]]:
    """Previews of logs that know of each other: as many as can be kept in the time that the lock may be held."""
    previews: dict[int, dict[str, Any]] = {}
    with writing():
        until = time.monotonic() + _HOLD
        for number, log in logs.items():
            try:
                previews[number] = _preview(log)
            except OutdatedError:
                break
            except Exception as problem:
                previews[number] = _refused(log.prepared, problem)
            if time.monotonic() > until:
                break
        transaction.set_rollback(True)
    return previews


def _refused(prepared: Prepared, problem: Exception) -> dict[str, Any]:
    return {**_about(prepared), "outcome": "refused", "reason": unforeseen(prepared.path, problem)}


def _about(prepared: Prepared) -> dict[str, Any]:
    return {"path": prepared.path, "project": prepared.project, "findings": _masked(prepared)}


def _preview(log: Read) -> dict[str, Any]:
    prepared = log.prepared
    newest_item = TrackedStep.objects.aggregate(newest=Max("pk"))["newest"] or 0
    with transaction.atomic():
        imported = keep(log, index=False)
    about = {**_about(prepared), "path": imported.path, **_others(log, imported)}
    if imported.outcome == "unchanged":
        others = [path for path in imported.log.paths.values_list("path", flat=True) if path != imported.path]
        return {**about, "outcome": "unchanged", "further": imported.further, "others": others[:3]}
    sessions = list(imported.log.sessions.filter(in_log=True).select_related("project").order_by("position"))
    return {
        **about,
        "outcome": imported.outcome,
        "sessions": [{"title": s.title, "date": str(s.date or ""), "project": s.project.name} for s in sessions],
        "records": _records(imported, sessions),
        "issues": list(_issues(imported)),
        "steps": _steps(sessions, newest_item),
        "proposals": ProposedClosure.objects.filter(session__in=sessions, accepted=None).count(),
        "not_understood": _not_understood(imported, prepared),
    }


def _others(log: Read, imported: Imported) -> dict[str, Any]:
    """Which other logs of its name an upload may be, and whose log it edits if that is somebody else's."""
    upload = log.prepared.upload
    if upload is None:
        return {}
    others: list[Namesake] = namesakes(upload, log.record, imported.path)
    by = uploader(imported.path, imported.log) if imported.outcome == "updated" else ""
    return {"namesakes": [asdict(one) for one in others], "whose": by if by != upload.owner else ""}


def _records(imported: Imported, sessions: list[SessionLog]) -> dict[str, Any]:
    """How many are new, changed, unchanged and vanishing, and how many of each kind there will be."""
    kinds = {rows.name: rows.stated_in(sessions).count() for rows in RECORD_ROWS}
    one = {rows.name: str(rows.model._meta.verbose_name) for rows in RECORD_ROWS}
    change = imported.change
    return {
        "new": change.added,
        "changed": change.changed,
        "unchanged": max(sum(kinds.values()) - change.added - change.changed, 0),
        "vanishing": change.removed,
        "kept": change.kept,
        "kinds": {one[n] if count == 1 else n.replace("_", " "): count for n, count in kinds.items() if count},
    }


def _issues(imported: Imported) -> Iterator[dict[str, Any]]:
    """Each issue that the log's errors are: new, met so often, or back after a fix."""
    for one in {one.issue.pk: one for one in imported.errors}.values():
        back = one.standing.state == IssueState.REGRESSED
        yield {
            "title": str(one.issue)[:200],
            "sessions": one.standing.session_count,
            "back": back,
            "days": one.standing.days,
        }


def _steps(sessions: list[SessionLog], newest_item: int) -> dict[str, Any]:
    """What the log's next steps do: new ones, those raised again, and those it ticks off."""
    items = TrackedStep.objects.filter(mentions__step__session__in=sessions).select_related("latest").distinct()
    known = [item for item in items if item.pk <= newest_item]
    mine = {session.pk for session in sessions}
    ticked = [item for item in known if item.latest and item.latest.done and item.latest.session_id in mine]
    again = [item for item in known if item not in ticked and item.session_count > 1]
    return {
        "new": len(items) - len(known),
        "again": [{"text": item.text[:200], "sessions": item.session_count} for item in again[:_MOST_LINES]],
        "more": max(len(again) - _MOST_LINES, 0),
        "done": [item.text[:200] for item in ticked[:_MOST_LINES]],
    }


def _not_understood(imported: Imported, prepared: Prepared) -> dict[str, Any]:
    """The lines that became no record and no context, the first of them as they stand."""
    spans = imported.log.coverage.get("unparsed", [])
    lines = prepared.text.split("\n")
    numbers = [number for first, last in spans for number in range(first, last + 1)]
    shown = [{"number": number, "text": lines[number - 1][:300]} for number in numbers[: 5 * _MOST_LINES]]
    return {"count": len(numbers), "of": imported.log.coverage.get("lines", 0), "lines": shown}


def _masked(prepared: Prepared) -> list[dict[str, Any]]:
    lines = prepared.text.split("\n")
    return [
        {"rule": finding["rule"], "line": finding["line"], "text": lines[finding["line"] - 1][:200]}
        for finding in prepared.findings[:50]
    ]
