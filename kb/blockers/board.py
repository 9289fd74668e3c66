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

from kb.models import Closing, Item
from sessions.models import Command, SessionLog

STATES = ("open", "dropped", "proposed", "asleep", "done", "all")
SORTS = {
    "priority": "priority, then those open longest",
    "fair": "raised within 48 hours by priority, then the oldest first, so that nothing starves",
    "oldest": "open longest",
    "latest": "mentioned last",
    "often": "raised most often",
}
GROUPS = ("project", "age", "person")
_UNSET = "P9"
_FRESH = dt.timedelta(days=2)
_AGES = ((2, "raised within two days"), (7, "within a week"), (30, "within a month"), (10**6, "older"))


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
    """An item as the board shows it. `group` is the heading it stands under; `days`: open so many days."""

    item: StandingItem
    commands: tuple[Command, ...]
    closing: Closing | None
    group: str
    days: int | None


class StandingItem(Item):
    """An item with how it stands: what `standing_items` adds."""

    is_open: bool
    is_asleep: bool
    priority_now: str
    is_blocker: bool
    later_sessions: int

    class Meta:
        proxy = True

    def is_dropped(self, today: dt.date) -> bool:
        """No later session of its project mentions it, for long: a P0 that was silently dropped."""
        if not (self.is_open and self.priority_now == "P0" and self.later_sessions and self.latest_on):
            return False
        long_ago = (today - self.latest_on).days >= settings.DROPPED_AFTER_DAYS
        return long_ago or self.later_sessions >= settings.DROPPED_AFTER_SESSIONS


def standing_items(today: dt.date) -> QuerySet[StandingItem]:
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
    found: QuerySet[StandingItem] = (
        StandingItem.objects.filter(merged_into=None)
        .annotate(
            is_open=_true_if(is_open),
            is_asleep=_true_if(asleep),
            priority_now=Case(When(priority="", then=written), default=F("priority"), output_field=CharField()),
            is_blocker=_true_if(Q(latest__blocker=True)),
            later_sessions=Case(
                When(Q(priority="P0") | Q(priority="", latest__priority="P0"), then=Coalesce(Subquery(counted), 0)),
                default=Value(0),
                output_field=IntegerField(),
            ),
        )
        .select_related("project", "assignee", "latest__session")
    )
    return found


def _true_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _raised_again(since: str) -> Q:
    """A session of that day or a later one, first seen after a person's step, raises it."""
    return Q(latest_seen_at__gt=F(since)) & (Q(latest_on=None) | Q(latest_on__gte=TruncDate(since)))


def _still(since: str) -> Q:
    """No session raised it since. Written without NOT, which is neither true nor false where a column is empty."""
    return Q(latest_seen_at=None) | Q(latest_seen_at__lte=F(since)) | Q(latest_on__lt=TruncDate(since))


def board(wanted: BoardFilter, today: dt.date) -> QuerySet[StandingItem]:
    """The items of the board in the order asked for."""
    found = _in_state(standing_items(today), wanted.state, today)
    if wanted.project:
        found = found.filter(project__name=wanted.project)
    if wanted.priority:
        found = found.filter(priority_now="" if wanted.priority == "none" else wanted.priority)
    if wanted.person:
        found = found.filter(assignee__username=wanted.person) if wanted.person != "-" else found.filter(assignee=None)
    for word in wanted.words.split():
        found = found.filter(text__icontains=word)
    return found.order_by(*_grouping(wanted.group), *_order(wanted.sort, today), "pk")


def _in_state(found: QuerySet[StandingItem], state: str, today: dt.date) -> QuerySet[StandingItem]:
    awake = found.filter(is_open=True, is_asleep=False)
    if state == "dropped":
        long_ago = today - dt.timedelta(days=settings.DROPPED_AFTER_DAYS)
        gone = Q(latest_on__lte=long_ago) | Q(later_sessions__gte=settings.DROPPED_AFTER_SESSIONS)
        return awake.filter(gone, priority_now="P0", later_sessions__gt=0)
    if state == "proposed":
        return awake.filter(pk__in=proposals().values("item"))
    if state == "asleep":
        return found.filter(is_open=True, is_asleep=True)
    if state == "done":
        return found.filter(is_open=False)
    return found if state == "all" else awake


def proposals() -> QuerySet[Closing]:
    """Closings that nobody answered, of sessions that are not earlier than the item's last mention."""
    later = Q(item__latest_on=None) | Q(session__date__gte=F("item__latest_on"))
    return Closing.objects.filter(later, accepted=None)


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


def _grouping(group: str) -> list[str | Combinable]:
    if group == "project":
        return ["project__name"]
    if group == "person":
        return [F("assignee__username").asc(nulls_last=True)]
    return [F("raised_on").desc(nulls_last=True)] if group == "age" else []


def board_rows(items: Sequence[StandingItem], group: str, today: dt.date) -> list[BoardRow]:
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
        )
        for item in items
    ]


def _heading(item: StandingItem, group: str, today: dt.date) -> str:
    if group == "project":
        return item.project.name
    if group == "person":
        return item.assignee.username if item.assignee else "nobody"
    if group == "age":
        days = (today - item.raised_on).days if item.raised_on else None
        return "undated" if days is None else next(name for most, name in _AGES if days < most)
    return ""


def _commands(items: Iterable[StandingItem]) -> dict[int, list[Command]]:
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
