"""The board: how items stand, computed when read, in a number of queries that does not grow with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
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
    "priority": "priority, then those open longest",
    "fair": "raised within 48 hours by priority, then oldest first",
    "oldest": "open longest",
    "latest": "mentioned last",
    "often": "raised most often",
}
GROUPS = ("project", "age", "person")
_UNSET = "P9"
_FRESH = dt.timedelta(days=2)
_AGES = ((2, "raised within two days"), (7, "within a week"), (30, "within a month"))
_OLDER = "longer ago"


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the board is narrowed to, how it is sorted and grouped; empty strings narrow nothing."""

    project: str = ""
    priority: str = ""
    state: str = "open"
    person: str = ""
    words: str = ""
    sort: str = "priority"
    group: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """An item as the board shows it. `group` is the heading it stands under; `days`: open so many days.

    asleep  until when it is snoozed, in words
    """

    item: TrackedStep
    commands: tuple[Command, ...]
    closing: ProposedClosure | None
    group: str
    days: int | None
    asleep: str


def standing_items(today: dt.date) -> QuerySet[TrackedStep]:
    """All items with how they stand today."""
    log_says_open = Q(latest=None) | Q(latest__done=False)
    is_open = (
        Q(done_at=None, reopened_at=None) & log_says_open
        | Q(done_at__isnull=False, latest__done=False) & _raised_again("done_at")
        | Q(reopened_at__isnull=False) & (log_says_open | Q(_still("reopened_at")))
    )
    asleep = Q(snoozed_until__gt=today) | Q(snoozed_at__isnull=False, snoozed_until=None) & _still("snoozed_at")
    later = SessionLog.objects.filter(project=OuterRef("project"), date__gt=OuterRef("latest_on")).order_by()
    counted = later.values("project").annotate(count=Count("pk")).values("count")
    written = Coalesce(F("latest__priority"), Value(""), output_field=CharField())
    is_p0 = Q(priority="P0") | Q(priority="", latest__priority="P0")
    standing = {
        "is_open": _true_if(is_open),
        "is_asleep": _true_if(asleep),
        "priority_now": Case(When(priority="", then=written), default=F("priority"), output_field=CharField()),
        "is_blocker": _true_if(Q(latest__blocker=True)),
        "later_sessions": Case(
            When(is_p0, then=Coalesce(Subquery(counted), 0)), default=Value(0), output_field=IntegerField()
        ),
    }
    found = TrackedStep.objects.filter(merged_into=None).annotate(**standing)
    dropped = {"is_dropped": _true_if(_is_dropped(today))}
    return found.annotate(**dropped).select_related("project", "assignee", "latest__session")


def _is_dropped(today: dt.date) -> Q:
    """An open P0 that no later session of its project mentions, though there were many or much time went by."""
    long_ago = today - dt.timedelta(days=settings.DROPPED_AFTER_DAYS)
    gone = Q(latest_on__lte=long_ago) | Q(later_sessions__gte=settings.DROPPED_AFTER_SESSIONS)
    return gone & Q(priority_now="P0", is_open=True, is_asleep=False)


def _true_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _raised_again(since: str) -> Q:
    """A session of that day or a later one, first seen after a person's step, raises it."""
    return Q(latest_seen_at__gt=F(since)) & (Q(latest_on=None) | Q(latest_on__gte=TruncDate(since)))


def _still(since: str) -> Q:
    """No session raised it since. Written without NOT, which is neither true nor false where a column is empty."""
    return Q(latest_seen_at=None) | Q(latest_seen_at__lte=F(since)) | Q(latest_on__lt=TruncDate(since))


def board(wanted: BoardFilter, today: dt.date) -> QuerySet[TrackedStep]:
    """The items of the board in the order asked for."""
    found = standing_items(today).filter(_in_state(wanted.state))
    if wanted.project:
        found = found.filter(project__name=wanted.project)
    if wanted.priority:
        found = found.filter(Q(priority_now="" if wanted.priority == "none" else wanted.priority))
    if wanted.person:
        found = found.filter(assignee__username=wanted.person) if wanted.person != "-" else found.filter(assignee=None)
    for word in wanted.words.split():
        found = found.filter(text__icontains=word)
    return found.order_by(*_grouping(wanted.group, today), *_order(wanted.sort, today), "pk")


_OPEN, _ASLEEP, _DROPPED = Q(is_open=True), Q(is_asleep=True), Q(is_dropped=True)
_AWAKE = _OPEN & Q(is_asleep=False)


def _in_state(state: str) -> Q:
    match state:
        case "dropped":
            return _DROPPED
        case "proposed":
            return _AWAKE & Q(pk__in=proposals().values("item"))
        case "asleep":
            return _OPEN & _ASLEEP
        case "done":
            return Q(is_open=False)
        case "all":
            return Q()
    return _AWAKE


def count_states(project: str, today: dt.date) -> dict[str, int]:
    """How many items of a project, or of all, are in each state."""
    found = standing_items(today).filter(Q(project__name=project) if project else Q())
    counted: dict[str, int] = found.aggregate(**{state: Count("pk", filter=_in_state(state)) for state in STATES})
    return counted


def proposals() -> QuerySet[ProposedClosure]:
    """Closings that nobody answered, of sessions that are not earlier than the item's last mention."""
    later = Q(item__latest_on=None) | Q(session__date__gte=F("item__latest_on"))
    return ProposedClosure.objects.filter(later, accepted=None)


def _order(sort: str, today: dt.date) -> list[str | Combinable]:
    rank = Case(When(priority_now="", then=Value(_UNSET)), default=F("priority_now"), output_field=CharField())
    oldest, latest = F("raised_on").asc(nulls_last=True), F("latest_on").desc(nulls_last=True)
    if sort == "oldest":
        return [oldest]
    if sort == "latest":
        return [latest]
    if sort == "often":
        return [F("sessions").desc(), latest]
    if sort == "fair":
        fresh = Q(raised_on__gt=today - _FRESH)
        rank_of_fresh = Case(When(fresh, then=rank), default=Value("Q"), output_field=CharField())
        return [rank_of_fresh, oldest]
    return [rank, F("is_blocker").desc(), oldest]


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


def board_rows(items: Sequence[TrackedStep], group: str, today: dt.date) -> list[BoardRow]:
    """The rows of a page of the board."""
    commands = _commands([item for item in items if item.latest])
    closings = {
        one.item_id: one for one in proposals().filter(item__in=items).select_related("session").order_by("score")
    }
    return [
        BoardRow(
            item,
            tuple(commands.get(item.pk, ())),
            closings.get(item.pk),
            _heading(item, group, today),
            (today - item.raised_on).days if item.raised_on else None,
            f"snoozed until {item.snoozed_until or 'it is raised again'}" if item.is_asleep else "",
        )
        for item in items
    ]


def _heading(item: TrackedStep, group: str, today: dt.date) -> str:
    if group == "project":
        return item.project.name
    if group == "person":
        return item.assignee.username if item.assignee else "nobody"
    if group == "age":
        days = (today - item.raised_on).days if item.raised_on else None
        return "undated" if days is None else next((name for most, name in _AGES if days < most), _OLDER)
    return ""


def _commands(items: Iterable[TrackedStep]) -> dict[int, list[Command]]:
    """The commands within the lines of each item's last mention."""
    steps = [(item.pk, item.latest) for item in items if item.latest is not None]
    found: dict[int, list[Command]] = {}
    of_session: dict[int, list[Command]] = {}
    for command in Command.objects.filter(session__in={step.session_id for _, step in steps}).order_by("line"):
        of_session.setdefault(command.session_id, []).append(command)
    for pk, step in steps:
        inside = [c for c in of_session.get(step.session_id, ()) if step.first_line <= c.line <= step.last_line]
        found[pk] = inside[:4]
    return found
