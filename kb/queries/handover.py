"""The handover of a project over a span of days: issues met, fixes that held, and open steps. Also as Markdown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.utils import timezone

from kb.linking.recurrence import FixVerdict, IssueState, Standing, standing, tried_fixes
from kb.models import Issue, Occurrence, TrackedStep
from kb.queries.board import BoardRow, board_rows, steps_with_status
from sessions.models import Attempt, Error, SessionLog
from sessions.parsing.priorities import priority_of

_PRIORITIES = ("", "P0", "P1", "P2", "P3")  # steps without one need no heading


@dataclass(frozen=True, slots=True)
class MetIssue:
    """An issue that sessions of the span met.

    last     its last error up to the end of the span
    held_by  the title of a fix from the span that has held since, for `held` days
    """

    issue: Issue
    standing: Standing
    last: Error
    held_by: str = ""
    held: int | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """What is handed over. Issues have their state at the end of the span; steps and fixes have today's."""

    project: str
    first: dt.date
    last: dt.date
    sessions: Sequence[SessionLog]
    new: Sequence[MetIssue]
    recurring: Sequence[MetIssue]
    regressed: Sequence[MetIssue]
    held: Sequence[MetIssue]
    open_steps: Sequence[BoardRow]
    closed_steps: Sequence[TrackedStep]

    @property
    def blockers(self) -> list[BoardRow]:
        return [row for row in self.open_steps if _is_blocking(row.tracked_step)]

    @property
    def dropped(self) -> list[BoardRow]:
        return [row for row in self.open_steps if row.tracked_step.is_dropped]

    @property
    def other_steps(self) -> list[BoardRow]:
        return [row for row in self.open_steps if not _is_blocking(row.tracked_step)]


def _is_blocking(step: TrackedStep) -> bool:
    return step.priority_now == "P0" or step.is_blocker


def handover(project: str, first: dt.date, last: dt.date, today: dt.date) -> Handover:
    """Returns the handover of a project from one day to another, both included."""
    in_span = Q(project__name=project, date__range=(first, last))
    met = list(_met(in_span, last, today))
    steps = list(
        steps_with_status(today)
        .filter(Q(raised_on=None) | Q(raised_on__lte=last), project__name=project)
        .order_by("raised_on", "pk")
    )
    closed = [step for step in steps if not step.is_open and _closed_in(step, first, last)]
    again = [issue for issue in met if issue.standing.session_count > 1]
    return Handover(
        project,
        first,
        last,
        list(SessionLog.objects.filter(in_span).order_by("date", "pk")),
        new=[issue for issue in met if issue.standing.session_count == 1],
        recurring=[issue for issue in again if issue.standing.state != IssueState.REGRESSED],
        regressed=[issue for issue in met if issue.standing.state == IssueState.REGRESSED],
        held=[issue for issue in met if issue.held_by],
        open_steps=board_rows([step for step in steps if step.is_open], "", today),
        closed_steps=closed,
    )


def _closed_in(step: TrackedStep, first: dt.date, last: dt.date) -> bool:
    day = timezone.localdate(step.done_at) if step.done_at else step.latest_on
    return day is not None and first <= day <= last


def _met(in_span: Q, last: dt.date, today: dt.date) -> Iterator[MetIssue]:
    """Yields the issues that the sessions of the span met, the oldest first."""
    errors = Error.objects.filter(session__in=SessionLog.objects.filter(in_span)).values_list("pk", flat=True)
    in_span_errors = set(errors)
    issues = Issue.objects.filter(merged_into=None, occurrences__error__in=errors).distinct().order_by("pk")
    attempts = Prefetch("error__attempts", Attempt.objects.select_related("fix").order_by("position"))
    occurrences = Occurrence.objects.select_related("error__session__project").prefetch_related(
        "error__fixes", attempts
    )
    for issue in issues.prefetch_related(Prefetch("occurrences", occurrences)):
        every = [occurrence.error for occurrence in issue.occurrences.all()]
        until = [error for error in every if error.session.date is None or error.session.date <= last]
        in_order = sorted(until, key=lambda error: (error.session.date or dt.date.min, error.pk))
        held = (fix for fix in tried_fixes(every, today) if fix.verdict == FixVerdict.HELD)
        best = next((fix for fix in held if fix.error.pk in in_span_errors), None)
        state = standing(issue, until, last)
        yield MetIssue(issue, state, in_order[-1], best.fix.title if best else "", best.days if best else None)


def as_markdown(content: Handover) -> str:
    """Returns the handover as a session log. Importing it raises the same open steps, and states no error again."""
    return "\n".join(_lines(content)) + "\n"


def _lines(content: Handover) -> Iterator[str]:
    yield f"# Handover: {content.project}, {content.first} to {content.last}"
    yield ""
    yield f"**Date**: {content.last}"
    yield f"**Project**: {content.project}"
    yield f"**Covers**: {len(content.sessions)} sessions"
    parts = (
        ("Met for the first time", content.new),
        ("Met again", content.recurring),
        ("Came back after it was fixed", content.regressed),
        ("Repaired, and not met since", content.held),
    )
    yield from _step_list("Open blockers", [row for row in content.open_steps if row.tracked_step.is_blocker])
    yield from _step_list("Next Steps", [row for row in content.open_steps if not row.tracked_step.is_blocker])
    yield from ("", "## References")
    for title, issues in parts:
        if issues:
            yield from ("", f"### {title}", "")
            yield from (f"- {_issue_line(met)}" for met in issues)


def _issue_line(met: MetIssue) -> str:
    count = met.standing.session_count
    times = f"seen in {count} session{'s' if count > 1 else ''}"
    by = f", held by: {_one_line(met.held_by)}" if met.held_by else ""
    return f"{times}, last {met.last.session.date or 'undated'}: {_one_line(str(met.issue))}{by}"


def _step_list(title: str, rows: Sequence[BoardRow]) -> Iterator[str]:
    if rows:
        yield from ("", f"## {title}")
    for priority in _PRIORITIES:
        steps = [row.tracked_step for row in rows if row.tracked_step.priority_now == priority]
        if steps:
            yield from ("", f"### {priority}", "") if priority else ("",)
        for step in steps:
            yield from _step(step)


def _step(step: TrackedStep) -> Iterator[str]:
    text = _one_line(step.text)
    stated = priority_of(text) or ""
    yield f"- [ ] {text if stated in ('', step.priority_now) else f'{step.priority_now}: {text}'}"
    detail = step.latest.detail if step.latest else ""
    if detail:
        # A blank line keeps the details apart from the step's own words.
        yield from ("", *(f"  {line}" if line.strip() else "" for line in detail.split("\n")), "")


def _one_line(text: str) -> str:
    return " ".join(text.split())
