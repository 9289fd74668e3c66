"""The board: the status of tracked steps, computed when it is read, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncDate

from kb.models import ProposedClosure, TrackedStep
from sessions.models import Command, SessionLog

STATES = {
    "open": "open",
    "dropped": "silently dropped",
    "proposed": "proposed to close",
    "asleep": "snoozed",
    "done": "done",
    "all": "all",
}
SORTS = {
    "priority": "priority, then those mentioned last",
    "fair": "raised within 48 hours by priority, then oldest first",
    "oldest": "open longest",
    "latest": "mentioned last",
    "often": "raised most often",
}
GROUPS = ("project", "age", "person")
_BLOCKING, _UNSET = "P0B", "P9"  # what blocks and has no priority comes behind the P0s
_FRESH = dt.timedelta(days=2)
_AGES = ((2, "raised within two days"), (7, "within a week"), (30, "within a month"))
_OLDER = "longer ago"
LIVE_GROUP, OTHERS_GROUP = "Live P0", "Everything else"
_OPEN, _ASLEEP, _DROPPED = Q(is_open=True), Q(is_asleep=True), Q(is_dropped=True)
_AWAKE = _OPEN & Q(is_asleep=False)


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """How the board is filtered, sorted and grouped. Empty strings filter nothing."""

    project: str = ""
    priority: str = ""
    state: str = "open"
    person: str = ""
    words: str = ""
    sort: str = "priority"
    group: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A step as the board shows it.

    closure  the most convincing proposal to close it
    group    the heading that it is listed under
    days     for how many days it has been open
    asleep   until when it is snoozed, in words
    """

    tracked_step: TrackedStep
    commands: tuple[Command, ...]
    closure: ProposedClosure | None
    group: str
    days: int | None
    asleep: str


def steps_with_status(today: dt.date) -> QuerySet[TrackedStep]:
    """All tracked steps, annotated with their status on a day."""
    asleep = Q(snoozed_until__gt=today) | Q(snoozed_at__isnull=False, snoozed_until=None) & _still("snoozed_at")
    since = Coalesce(OuterRef("latest_on"), Value(dt.date.min), output_field=DateField())  # undated is the earliest
    later = SessionLog.objects.filter(project=OuterRef("project"), date__gt=since).order_by()
    later_count = later.values("project").annotate(count=Count("pk")).values("count")
    written = Coalesce(F("latest__priority"), Value(""), output_field=CharField())
    is_p0 = Q(priority="P0") | Q(priority="", latest__priority="P0")
    status = {
        "is_open": _true_if(_is_open()),
        "is_asleep": _true_if(asleep),
        "priority_now": Case(When(priority="", then=written), default=F("priority"), output_field=CharField()),
        "is_blocker": _true_if(Q(latest__blocker=True)),
        "later_sessions": Case(
            When(is_p0, then=Coalesce(Subquery(later_count), 0)), default=Value(0), output_field=IntegerField()
        ),
    }
    steps = TrackedStep.objects.filter(merged_into=None).annotate(**status)
    dropped = {"is_dropped": _true_if(_is_dropped(today))}
    return steps.annotate(**dropped).select_related("project", "assignee", "latest__session")


def steps_known_open_or_done(numbers: Iterable[int]) -> QuerySet[TrackedStep]:
    """Tracked steps with `is_open` alone, which costs a fraction of their whole status."""
    status = {"is_open": _true_if(_is_open())}
    return TrackedStep.objects.filter(pk__in=numbers).annotate(**status)


def _is_open() -> Q:
    log_says_open = Q(latest=None) | Q(latest__done=False)
    return (
        Q(done_at=None, reopened_at=None) & log_says_open
        | Q(done_at__isnull=False, latest__done=False) & _raised_again("done_at")
        | Q(reopened_at__isnull=False) & (log_says_open | Q(_still("reopened_at")))
    )


def _is_dropped(today: dt.date) -> Q:
    """An open P0 that the sessions since do not mention, although there were several or it was long ago."""
    long_ago = today - dt.timedelta(days=settings.DROPPED_AFTER_DAYS)
    unmentioned = Q(latest_on__lte=long_ago) | Q(later_sessions__gte=settings.DROPPED_AFTER_SESSIONS)
    return unmentioned & Q(priority_now="P0", is_open=True, is_asleep=False)


def _true_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _raised_again(since: str) -> Q:
    """A session of that day or later, imported after the person's action, raises it."""
    return Q(latest_seen_at__gt=F(since)) & (Q(latest_on=None) | Q(latest_on__gte=TruncDate(since)))


def _still(since: str) -> Q:
    """No session has raised it since. Written without NOT, which is neither true nor false for an empty column."""
    return Q(latest_seen_at=None) | Q(latest_seen_at__lte=F(since)) | Q(latest_on__lt=TruncDate(since))


def sets_dropped_apart(filters: BoardFilter) -> bool:
    """Whether the dropped P0s stand in a group of their own below the live ones, and not among the rows."""
    return filters.state == "open" and filters.sort == "priority" and not filters.group


def board(filters: BoardFilter, today: dt.date) -> QuerySet[TrackedStep]:
    """The steps of the board, filtered and in order, without the dropped ones if these are set apart."""
    steps = _narrowed(filters, today)
    return steps.filter(~_DROPPED) if sets_dropped_apart(filters) else steps


def dropped_apart(filters: BoardFilter, today: dt.date) -> QuerySet[TrackedStep]:
    """The dropped P0s that the board sets apart, those mentioned last first."""
    return _narrowed(replace(filters, state="dropped", sort="latest"), today)


def _narrowed(filters: BoardFilter, today: dt.date) -> QuerySet[TrackedStep]:
    steps = _of_all_states(filters, today).filter(_in_state(filters.state))
    return steps.order_by(*_grouping(filters.group, today), *_order(filters.sort, today), "pk")


def _of_all_states(filters: BoardFilter, today: dt.date) -> QuerySet[TrackedStep]:
    """The steps that the filters leave, but for that of the state."""
    steps = steps_with_status(today)
    if filters.project:
        steps = steps.filter(project__name=filters.project)
    if filters.priority:
        steps = steps.filter(Q(priority_now="" if filters.priority == "none" else filters.priority))
    if filters.person == "-":
        steps = steps.filter(assignee=None)
    elif filters.person:
        steps = steps.filter(assignee__username=filters.person)
    for word in filters.words.split():
        steps = steps.filter(text__icontains=word)
    return steps


def _in_state(state: str) -> Q:
    match state:
        case "dropped":
            return _DROPPED
        case "proposed":
            return _AWAKE & Q(pk__in=proposals().values("tracked_step"))
        case "asleep":
            return _OPEN & _ASLEEP
        case "done":
            return Q(is_open=False)
        case "all":
            return Q()
    return _AWAKE


def count_states(filters: BoardFilter, today: dt.date) -> dict[str, int]:
    """Returns how many of the steps that the other filters leave are in each state."""
    steps = _of_all_states(filters, today)
    counts: dict[str, int] = steps.aggregate(**{state: Count("pk", filter=_in_state(state)) for state in STATES})
    return counts


def proposals() -> QuerySet[ProposedClosure]:
    """Proposals that nobody answered yet, from sessions no earlier than the step's last mention."""
    later = Q(tracked_step__latest_on=None) | Q(session__date__gte=F("tracked_step__latest_on"))
    return ProposedClosure.objects.filter(later, accepted=None)


def _order(sort: str, today: dt.date) -> list[str | Combinable]:
    unset = Case(When(is_blocker=True, then=Value(_BLOCKING)), default=Value(_UNSET), output_field=CharField())
    rank = Case(When(priority_now="", then=unset), default=F("priority_now"), output_field=CharField())
    oldest, latest = F("raised_on").asc(nulls_last=True), F("latest_on").desc(nulls_last=True)
    if sort == "oldest":
        return [oldest]
    if sort == "latest":
        return [latest]
    if sort == "often":
        return [F("session_count").desc(), latest]
    if sort == "fair":
        fresh = Q(raised_on__gt=today - _FRESH)
        rank_of_fresh = Case(When(fresh, then=rank), default=Value("Q"), output_field=CharField())
        return [rank_of_fresh, oldest]
    return [rank, F("is_blocker").desc(), latest, oldest]


def _grouping(group: str, today: dt.date) -> list[str | Combinable]:
    if group == "project":
        return ["project__name"]
    if group == "person":
        return [F("assignee__username").asc(nulls_last=True)]
    if group == "age":
        ages = (When(raised_on__gt=today - dt.timedelta(days=days), then=Value(n)) for n, (days, _) in enumerate(_AGES))
        undated = When(raised_on=None, then=Value(len(_AGES) + 1))
        return [Case(undated, *ages, default=Value(len(_AGES)), output_field=IntegerField())]
    return []


def board_rows(steps: Sequence[TrackedStep], group: str, today: dt.date) -> list[BoardRow]:
    """Returns the rows of a page of the board. `group` is one of GROUPS, "live" to tell live P0s apart, or empty."""
    commands = _commands(steps)
    closures = proposals().filter(tracked_step__in=steps).select_related("session").order_by("score")
    best = {closure.tracked_step_id: closure for closure in closures}
    return [
        BoardRow(
            step,
            tuple(commands.get(step.pk, ())),
            best.get(step.pk),
            _heading(step, group, today),
            (today - step.raised_on).days if step.raised_on else None,
            f"snoozed until {step.snoozed_until or 'it is raised again'}" if step.is_asleep else "",
        )
        for step in steps
    ]


def _heading(step: TrackedStep, group: str, today: dt.date) -> str:
    if group == "live":
        return LIVE_GROUP if step.priority_now == "P0" else OTHERS_GROUP
    if group == "project":
        return step.project.name
    if group == "person":
        return step.assignee.username if step.assignee else "nobody"
    if group == "age":
        days = (today - step.raised_on).days if step.raised_on else None
        return "undated" if days is None else next((name for most, name in _AGES if days < most), _OLDER)
    return ""


def _commands(steps: Iterable[TrackedStep]) -> dict[int, list[Command]]:
    """Returns the first commands within the lines of each step's last mention."""
    mentions = {step.pk: step.latest for step in steps if step.latest is not None}
    sessions = {mention.session_id for mention in mentions.values()}
    of_session: dict[int, list[Command]] = {}
    for command in Command.objects.filter(session__in=sessions).order_by("line"):
        of_session.setdefault(command.session_id, []).append(command)
    return {
        pk: [c for c in of_session.get(step.session_id, ()) if step.first_line <= c.line <= step.last_line][:4]
        for pk, step in mentions.items()
    }
