"""What importing staged logs would do, found out by doing it in a transaction that is rolled back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Max

from kb.importing.compose import Imported, Prepared, take
from kb.importing.staging import Batch
from kb.linking.recurrence import State
from kb.models import Closing, Item
from sessions.models import SessionLog
from sessions.rows import RECORD_ROWS
from sessions.sources import SourceError

_AT_ONCE = 100  # logs whose previews know of each other; they hold SQLite's only write lock together
_MOST_LINES = 12


def preview_some(batch: Batch, seconds: float = 2.0) -> int:
    """Previews staged logs for about so long; how many are left. Nothing of it is written to the database."""
    done = set(batch.numbers("preview"))
    waiting = [number for number in batch.numbers() if number not in done]
    until = time.monotonic() + seconds
    with transaction.atomic():
        for number in waiting[:_AT_ONCE]:
            batch.keep_preview(number, _preview(batch.prepared(number)))
            waiting.remove(number)
            if time.monotonic() > until:
                break
        transaction.set_rollback(True)
    return len(waiting)


def _preview(prepared: Prepared) -> dict[str, Any]:
    newest_item = Item.objects.aggregate(newest=Max("pk"))["newest"] or 0
    about = {"path": prepared.path, "project": prepared.project, "findings": _masked(prepared)}
    try:
        with transaction.atomic():
            imported = take(prepared, index=False)
    except SourceError as problem:
        return {**about, "outcome": "refused", "reason": str(problem)}
    if imported.outcome == "unchanged":
        others = [path for path in imported.log.paths.values_list("path", flat=True) if path != prepared.path]
        return {**about, "outcome": "unchanged", "further": imported.further, "others": others[:3]}
    sessions = list(imported.log.sessions.filter(in_log=True).select_related("project").order_by("position"))
    return {
        **about,
        "outcome": imported.outcome,
        "sessions": [{"title": s.title, "date": str(s.date or ""), "project": s.project.name} for s in sessions],
        "records": _records(imported, sessions),
        "issues": list(_issues(imported)),
        "steps": _steps(sessions, newest_item),
        "proposals": Closing.objects.filter(session__in=sessions, accepted=None).count(),
        "not_understood": _not_understood(imported, prepared),
    }


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
        back = one.standing.state == State.REGRESSED
        yield {"title": str(one.issue)[:200], "sessions": one.sessions, "back": back, "days": one.standing.days}


def _steps(sessions: list[SessionLog], newest_item: int) -> dict[str, Any]:
    """What the log's next steps do: new ones, those raised again, and those it ticks off."""
    items = Item.objects.filter(mentions__step__session__in=sessions).select_related("latest").distinct()
    known = [item for item in items if item.pk <= newest_item]
    mine = {session.pk for session in sessions}
    ticked = [item for item in known if item.latest and item.latest.done and item.latest.session_id in mine]
    again = [item for item in known if item not in ticked and item.sessions > 1]
    return {
        "new": len(items) - len(known),
        "again": [{"text": item.text[:200], "sessions": item.sessions} for item in again[:_MOST_LINES]],
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
