"""The handover of a project over a span of days: what was met, what held, what is open; and the same as Markdown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.utils import timezone

from kb.linking.recurrence import Standing, State, Verdict, standing, tried_fixes
from kb.models import Issue, Occurrence, TrackedStep
from kb.queries.board import BoardRow, board_rows, standing_items
from sessions.models import Attempt, Error, SessionLog
from sessions.parsing.priorities import priority_of

_PRIORITIES = ("", "P0", "P1", "P2", "P3")  # those without one need no heading of their own


@dataclass(frozen=True, slots=True)
class MetIssue:
    """An issue that the span met. `last`: the last time up to the span's end; `held_by`: its fix, `held` days ago."""

    issue: Issue
    standing: Standing
    last: Error
    held_by: str = ""
    held: int | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """What is handed over. Issues stand as they did at the end of the span, items and fixes that held as today."""

    project: str
    first: dt.date
    last: dt.date
    sessions: Sequence[SessionLog]
    new: Sequence[MetIssue]
    recurring: Sequence[MetIssue]
    regressed: Sequence[MetIssue]
    held: Sequence[MetIssue]
    open_items: Sequence[BoardRow]
    closed_items: Sequence[TrackedStep]

    @property
    def blockers(self) -> list[BoardRow]:
        return [row for row in self.open_items if row.item.priority_now == "P0" or row.item.is_blocker]

    @property
    def dropped(self) -> list[BoardRow]:
        return [row for row in self.open_items if row.item.is_dropped]

    @property
    def other_items(self) -> list[BoardRow]:
        blocking = {row.item.pk for row in self.blockers}
        return [row for row in self.open_items if row.item.pk not in blocking]


def handover(project: str, first: dt.date, last: dt.date, today: dt.date) -> Handover:
    """The handover of a project from one day to another, both included."""
    in_span = Q(project__name=project, date__range=(first, last))
    met = list(_met(in_span, last, today))
    items = list(
        standing_items(today)
        .filter(Q(raised_on=None) | Q(raised_on__lte=last), project__name=project)
        .order_by("raised_on", "pk")
    )
    closed = [item for item in items if not item.is_open and _closed_in(item, first, last)]
    return Handover(
        project,
        first,
        last,
        list(SessionLog.objects.filter(in_span).order_by("date", "pk")),
        new=[one for one in met if one.standing.sessions == 1],
        recurring=[one for one in met if one.standing.sessions > 1 and one.standing.state != State.REGRESSED],
        regressed=[one for one in met if one.standing.state == State.REGRESSED],
        held=[one for one in met if one.held_by],
        open_items=board_rows([item for item in items if item.is_open], "", today),
        closed_items=closed,
    )


def _closed_in(item: TrackedStep, first: dt.date, last: dt.date) -> bool:
    day = timezone.localdate(item.done_at) if item.done_at else item.latest_on
    return day is not None and first <= day <= last


def _met(in_span: Q, last: dt.date, today: dt.date) -> Iterator[MetIssue]:
    """The issues that the sessions of the span met, oldest first."""
    inside = Error.objects.filter(session__in=SessionLog.objects.filter(in_span)).values_list("pk", flat=True)
    mine = set(inside)
    found = Issue.objects.filter(merged_into=None, occurrences__error__in=inside).distinct().order_by("pk")
    attempts = Prefetch("error__attempts", Attempt.objects.select_related("fix").order_by("position"))
    occurrences = Occurrence.objects.select_related("error__session__project").prefetch_related(
        "error__fixes", attempts
    )
    for issue in found.prefetch_related(Prefetch("occurrences", occurrences)):
        every = [occurrence.error for occurrence in issue.occurrences.all()]
        until = [error for error in every if error.session.date is None or error.session.date <= last]
        in_order = sorted(until, key=lambda error: (error.session.date or dt.date.min, error.pk))
        fixes = tried_fixes(every, today)
        best = next((tried for tried in fixes if tried.verdict == Verdict.HELD and tried.error.pk in mine), None)
        how = standing(issue, until, last)
        yield MetIssue(issue, how, in_order[-1], best.fix.title if best else "", best.days if best else None)


def as_markdown(found: Handover) -> str:
    """The handover as a session log: imported again it raises the same open items, and states no error anew."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Handover) -> Iterator[str]:
    yield f"# Handover: {found.project}, {found.first} to {found.last}"
    yield ""
    yield f"**Date**: {found.last}"
    yield f"**Project**: {found.project}"
    yield f"**Covers**: {len(found.sessions)} sessions"
    parts = (
        ("Met for the first time", found.new),
        ("Met again", found.recurring),
        ("Came back after it was fixed", found.regressed),
        ("Repaired, and not met since", found.held),
    )
    yield from _items("Open blockers", [row for row in found.open_items if row.item.is_blocker])
    yield from _items("Next Steps", [row for row in found.open_items if not row.item.is_blocker])
    yield from ("", "## References")
    for title, issues in parts:
        if issues:
            yield from ("", f"### {title}", "")
            yield from (f"- {_told(one)}" for one in issues)


def _told(one: MetIssue) -> str:
    times = f"seen in {one.standing.sessions} session{'s' if one.standing.sessions > 1 else ''}"
    by = f", held by: {_one_line(one.held_by)}" if one.held_by else ""
    return f"{times}, last {one.last.session.date or 'undated'}: {_one_line(str(one.issue))}{by}"


def _items(title: str, rows: Sequence[BoardRow]) -> Iterator[str]:
    if rows:
        yield from ("", f"## {title}")
    for priority in _PRIORITIES:
        mine = [row.item for row in rows if row.item.priority_now == priority]
        if mine:
            yield from ("", f"### {priority}", "") if priority else ("",)
        for item in mine:
            yield from _step(item)


def _step(item: TrackedStep) -> Iterator[str]:
    text = _one_line(item.text)
    stated = priority_of(text) or ""
    yield f"- [ ] {text if stated in ('', item.priority_now) else f'{item.priority_now}: {text}'}"
    detail = item.latest.detail if item.latest else ""
    if detail:
        # A blank line keeps the details apart from the step's own words.
        yield from ("", *(f"  {line}" if line.strip() else "" for line in detail.split("\n")), "")


def _one_line(text: str) -> str:
    return " ".join(text.split())
