"""What people do with items: done, reopen, snooze, wake, assign, priority, comment. Each step can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from kb.grouping import decisions
from kb.models import ProposedClosure, StepEvent, TrackedStep
from kb.next_steps.tracking import TRACKED_STEPS, refresh
from kb.people import clock as days
from sessions.models import NextStep

Action = StepEvent.Action


class CannotTriage(Exception):
    """A step that makes no sense; its text says why and what to do."""


@transaction.atomic
def act(items: Sequence[TrackedStep], action: StepEvent.Action, by: User | None, value: str = "") -> list[StepEvent]:
    """Does one thing with items, and gives the events that undo it. Raises CannotTriage for a value that means nothing.

    value  the day to sleep until (empty: until it is raised again), a user's name or a priority (empty: as the log
           says), a comment
    """
    if not items:
        raise CannotTriage("Choose an item first.")
    value = value.strip()
    _check(action, value)
    said, text = ("", value[:10_000]) if action == Action.COMMENTED else (value, "")
    events = [StepEvent.objects.create(item=item, action=action, value=said, text=text, by=by) for item in items]
    for item in items:
        settle(item)
    return events


def _check(action: StepEvent.Action, value: str) -> None:
    if action == Action.COMMENTED and not value:
        raise CannotTriage("Write something before you send a comment.")
    if action == Action.PRIORITY and value and value not in NextStep.Priority.values:
        raise CannotTriage(f"“{value}” is no priority. Take P0, P1, P2 or P3, or none to go by the log.")
    if action == Action.ASSIGNED and value and not User.objects.filter(username=value).exists():
        raise CannotTriage(f"There is nobody called “{value}” here.")
    if action == Action.SNOOZED and value and _day(value) <= days.today():
        raise CannotTriage(
            f"{value} is not in the future. Choose a later day, or none to sleep until it is raised again."
        )


def _day(value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError as problem:
        raise CannotTriage(f"“{value}” is no day. Write it as 2026-02-01.") from problem


@transaction.atomic
def undo(events: Iterable[StepEvent]) -> list[TrackedStep]:
    """Takes steps back, merges and splits too; the items they were about."""
    found = [event for event in events if event.undone_at is None]
    for event in found:
        event.undone_at = timezone.now()
        event.save(update_fields=["undone_at"])
        ProposedClosure.objects.filter(event=event).update(accepted=None, by=None, at=None, event=None)
        if event.decision is not None:
            refresh(decisions.undo(TRACKED_STEPS, event.decision).groups)
    items = list(TrackedStep.objects.filter(pk__in={event.item_id for event in found}))
    for item in items:
        settle(item)
    return items


def settle(item: TrackedStep) -> None:
    """Brings what an item says of people's steps in line with those that were not taken back."""
    item.done_at = item.reopened_at = item.snoozed_at = item.snoozed_until = item.assignee = None
    item.priority = ""
    for event in item.events.filter(undone_at=None).order_by("pk"):
        _apply(item, event)
    item.save(update_fields=["done_at", "reopened_at", "snoozed_at", "snoozed_until", "assignee", "priority"])


def _apply(item: TrackedStep, event: StepEvent) -> None:
    match event.action:
        case Action.DONE:
            item.done_at, item.reopened_at = event.at, None
            item.snoozed_at = item.snoozed_until = None
        case Action.REOPENED:
            item.done_at, item.reopened_at = None, event.at
        case Action.SNOOZED:
            item.snoozed_at = event.at
            item.snoozed_until = _day(event.value) if event.value else None
        case Action.WOKEN:
            item.snoozed_at = item.snoozed_until = None
        case Action.ASSIGNED:
            item.assignee = User.objects.filter(username=event.value).first() if event.value else None
        case Action.PRIORITY:
            item.priority = event.value


def check_merge(items: Sequence[TrackedStep]) -> None:
    """Raises CannotTriage for fewer than two items, or for items of several projects."""
    if len({item.pk for item in items}) < 2:
        raise CannotTriage("Choose two items or more to merge.")
    if len({item.project_id for item in items}) > 1:
        raise CannotTriage("Items of different projects cannot be merged: a step belongs to its project.")


@transaction.atomic
def merge(items: Sequence[TrackedStep], by: User | None) -> StepEvent:
    """Makes one item of several of a project. Raises what `check_merge` does."""
    check_merge(items)
    steps = TRACKED_STEPS.records_in(item.pk for item in items)
    applied = decisions.merge(TRACKED_STEPS, steps, by)
    refresh(applied.groups)
    names = ", ".join(str(item)[:80] for item in items)
    kept = _item_of(steps[0])
    return StepEvent.objects.create(item=kept, action=Action.MERGED, text=names, by=by, decision=applied.decision)


@transaction.atomic
def split(item: TrackedStep, steps: Collection[int], by: User | None) -> StepEvent:
    """Takes mentions out of an item into one of their own. Raises CannotTriage when none or all go."""
    members = set(TRACKED_STEPS.records_in([item.pk]))
    leaving = members & set(steps)
    if not leaving or leaving == members:
        raise CannotTriage("Choose some of the mentions to split off, but not all of them.")
    applied = decisions.split(TRACKED_STEPS, leaving, members - leaving, by)
    refresh(applied.groups)
    text = f"{len(leaving)} of {len(members)} mentions, now {_item_of(min(leaving))}"
    rest = _item_of(min(members - leaving))
    return StepEvent.objects.create(item=rest, action=Action.SPLIT, text=text, by=by, decision=applied.decision)


@transaction.atomic
def answer(closing: ProposedClosure, by: User | None, *, accepted: bool) -> StepEvent | None:
    """Accepts a proposal, which closes the item, or declines it."""
    event = act([closing.item], Action.DONE, by)[0] if accepted else None
    closing.accepted, closing.by, closing.at, closing.event = accepted, by, timezone.now(), event
    closing.save(update_fields=["accepted", "by", "at", "event"])
    return event


def answered() -> tuple[int, int]:
    """How many proposals were accepted, and how many were answered."""
    counts = dict(
        ProposedClosure.objects.filter(accepted__isnull=False)
        .values_list("accepted")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return counts.get(True, 0), sum(counts.values())


def _item_of(step: int) -> TrackedStep:
    return TrackedStep.objects.get(mentions__step=step)
