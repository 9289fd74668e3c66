"""Issues as lists show them, each query with a name and a constant number of statements."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, Prefetch, Q, QuerySet

from kb.linking.recurrence import Standing, TriedFix, standing
from kb.models import Issue, Occurrence
from sessions.models import Attempt, Command, Error

_MONTHS = 12
_MOST_SPANS = 40
_MOST_COMMANDS = 12
SORTS = {
    "often": "seen most often",
    "latest": "last seen",
    "first": "first seen",
    "title": "title",
}


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue in a list. `months`: how often it was met in each of the last twelve months, the oldest first."""

    issue: Issue
    standing: Standing
    first_seen: dt.date | None
    last_seen: dt.date | None
    projects: tuple[str, ...]
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """How a list of issues is filtered and sorted. Empty strings filter nothing."""

    project: str = ""
    state: str = ""
    words: str = ""
    sort: str = "often"


def issues(filters: IssueFilter | None = None, *, least: int = 1) -> QuerySet[Issue]:
    """Issues met in `least` sessions or more, filtered and in order, without those merged into others."""
    filters = filters or IssueFilter()
    rows = Issue.objects.filter(merged_into=None).annotate(
        session_count=Count("occurrences__error__session", distinct=True),
        last_day=Max("occurrences__error__session__date"),
        first_day=Min("occurrences__error__session__date"),
    )
    rows = rows.filter(session_count__gte=least)
    if filters.project:
        # A sub-query, since a join would leave out the sessions of other projects from the counts.
        inside = Occurrence.objects.filter(error__session__project__name=filters.project)
        rows = rows.filter(pk__in=inside.values("issue"))
    for word in filters.words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(name__icontains=word))
    latest = F("last_day").desc(nulls_last=True)
    orders = {
        "latest": (latest, "-pk"),
        "first": (F("first_day").asc(nulls_last=True), "pk"),
        "title": ("title", "pk"),
    }
    return rows.order_by(*orders.get(filters.sort, (F("session_count").desc(), latest, "-pk")))


def issue_rows(issues: Iterable[Issue], today: dt.date) -> list[IssueRow]:
    """Returns rows of issues with their state, in the same order and in three queries."""
    listed = list(issues)
    occurrences = Occurrence.objects.filter(issue__in=listed).select_related("error__session__project")
    errors: dict[int, list[Error]] = {}
    for occurrence in occurrences.prefetch_related("error__fixes"):
        errors.setdefault(occurrence.issue_id, []).append(occurrence.error)
    return [_issue_row(issue, errors[issue.pk], today) for issue in listed if issue.pk in errors]


def _issue_row(issue: Issue, errors: Sequence[Error], today: dt.date) -> IssueRow:
    days = sorted(error.session.date for error in errors if error.session.date)
    return IssueRow(
        issue,
        standing(issue, errors, today),
        days[0] if days else None,
        days[-1] if days else None,
        tuple(sorted({error.session.project.name for error in errors})),
        _months(days, today),
    )


def _months(days: Iterable[dt.date], today: dt.date) -> tuple[int, ...]:
    counts = Counter(min(max((today.year - day.year) * 12 + today.month - day.month, 0), _MONTHS) for day in days)
    return tuple(counts[age] for age in range(_MONTHS - 1, -1, -1))


def errors_in_order(issues: Collection[int]) -> QuerySet[Error]:
    """Errors of issues in order of time, undated ones first, with their sessions, attempts and fixes."""
    attempts = Prefetch("attempts", Attempt.objects.select_related("fix").order_by("position"))
    return (
        Error.objects.filter(occurrence__issue__in=issues)
        .select_related("session__project", "occurrence__issue", "occurrence__signature")
        .prefetch_related(attempts, "fixes")
        .order_by(F("session__date").asc(nulls_first=True), "session_id", "position")
    )


def issues_in_state(filters: IssueFilter, today: dt.date) -> list[IssueRow]:
    """Returns issues in one state. States are computed, so this reads all issues that match the other filters."""
    return [row for row in issue_rows(issues(filters), today) if row.standing.state == filters.state]


def recurring_issues(today: dt.date, limit: int = 8) -> list[IssueRow]:
    """Returns issues met in two sessions or more that nobody has ignored."""
    return issue_rows(issues(least=2).filter(ignored_at=None)[:limit], today)


def commands_with(fixes: Sequence[TriedFix], errors: Sequence[Error]) -> list[Command]:
    """Returns the commands within the lines of the fixes and errors, those of the best fix first."""
    spans = [(tried.fix.session_id, tried.fix.first_line, tried.fix.last_line) for tried in fixes]
    spans += [(error.session_id, error.first_line, error.last_line) for error in errors]
    if not spans:
        return []
    inside = Q()
    for session, first, last in spans[:_MOST_SPANS]:
        inside |= Q(session=session, line__gte=first, line__lte=last)
    commands = list(Command.objects.filter(inside).select_related("session"))
    order = {session: number for number, (session, _first, _last) in reversed(list(enumerate(spans)))}
    commands.sort(key=lambda command: (order.get(command.session_id, 0), command.line))
    return list({command.text: command for command in reversed(commands)}.values())[::-1][:_MOST_COMMANDS]
