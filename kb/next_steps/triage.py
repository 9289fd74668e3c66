"""What people do with tracked steps: done, reopen, snooze, wake, assign, priority, comment, merge, split, and undo."""

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
from kb.people import clock
from sessions.models import NextStep

Action = StepEvent.Action


class CannotTriage(Exception):
    """An action that makes no sense; its message says why and what to do."""


@transaction.atomic
def act(steps: Sequence[TrackedStep], action: StepEvent.Action, by: User | None, value: str = "") -> list[StepEvent]:
    """Does one thing with steps. Returns the events that undo it. Raises CannotTriage if the value makes no sense.

    value  the day to snooze until (empty: until it is raised again), a user's name or a priority (empty: as the log
           says), or a comment
    """
    if not steps:
        raise CannotTriage("Choose a step first.")
    value = value.strip()
    _check(action, value)
    steps = _held(steps)
    value, text = ("", value[:10_000]) if action == Action.COMMENTED else (value, "")
    assignee = User.objects.filter(username=value).first() if action == Action.ASSIGNED else None
    said = {"action": action, "value": value, "assignee": assignee, "text": text, "by": by}
    events = [StepEvent.objects.create(tracked_step=step, **said) for step in steps]
    for step in steps:
        replay_events(step)
    return events


def _hold(keys: Collection[int]) -> dict[int, TrackedStep]:
    """Returns steps as they are now, by key. Others who act on them wait until this transaction is over."""
    return {step.pk: step for step in TrackedStep.objects.select_for_update().filter(pk__in=keys).order_by("pk")}


def _held(steps: Sequence[TrackedStep]) -> list[TrackedStep]:
    """Returns the steps as they are now, held. Raises CannotTriage if one was merged or removed in the meantime."""
    now = _hold({step.pk for step in steps})
    for step in steps:
        if step.pk not in now or now[step.pk].merged_into_id is not None:
            raise CannotTriage(f"“{str(step)[:80]}” was merged or removed in the meantime. Nothing was changed.")
    return [now[step.pk] for step in steps]


def _check(action: StepEvent.Action, value: str) -> None:
    if action == Action.COMMENTED and not value:
        raise CannotTriage("Write something before you send a comment.")
    if action == Action.PRIORITY and value and value not in NextStep.Priority.values:
        raise CannotTriage(f"“{value}” is not a priority. Choose P0, P1, P2 or P3, or none to use the log's.")
    if action == Action.ASSIGNED and value and not User.objects.filter(username=value).exists():
        raise CannotTriage(f"There is no user called “{value}”.")
    if action == Action.SNOOZED and value and _day(value) <= clock.today():
        raise CannotTriage(
            f"{value} is not in the future. Choose a later day, or none to snooze until it is raised again."
        )


def _day(value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError as problem:
        raise CannotTriage(f"“{value}” is not a date. Write it as 2026-02-01.") from problem


@transaction.atomic
def undo(events: Iterable[StepEvent]) -> list[TrackedStep]:
    """Undoes events, merges and splits included. Returns the steps that they were about."""
    chosen = list(events)
    _hold({event.tracked_step_id for event in chosen})
    in_force = StepEvent.objects.filter(pk__in=[event.pk for event in chosen], undone_at=None)
    undone = list(in_force.select_related("decision").order_by("-pk"))
    for event in undone:
        event.undone_at = timezone.now()
        event.save(update_fields=["undone_at"])
        ProposedClosure.objects.filter(event=event).update(accepted=None, by=None, at=None, event=None)
        if event.decision is not None:
            refresh(decisions.undo(TRACKED_STEPS, event.decision).groups)
    steps = list(TrackedStep.objects.filter(pk__in={event.tracked_step_id for event in undone}))
    for step in steps:
        replay_events(step)
    return steps


def replay_events(step: TrackedStep) -> None:
    """Sets what people said about a step from its events that are not undone."""
    step.done_at = step.reopened_at = step.snoozed_at = step.snoozed_until = step.assignee = None
    step.priority = ""
    for event in step.events.filter(undone_at=None).order_by("pk"):
        _apply(step, event)
    step.save(update_fields=["done_at", "reopened_at", "snoozed_at", "snoozed_until", "assignee", "priority"])


def _apply(step: TrackedStep, event: StepEvent) -> None:
    match event.action:
        case Action.DONE:
            step.done_at, step.reopened_at = event.at, None
            step.snoozed_at = step.snoozed_until = None
        case Action.REOPENED:
            step.done_at, step.reopened_at = None, event.at
        case Action.SNOOZED:
            step.snoozed_at = event.at
            step.snoozed_until = _day(event.value) if event.value else None
        case Action.WOKEN:
            step.snoozed_at = step.snoozed_until = None
        case Action.ASSIGNED:
            step.assignee_id = event.assignee_id
        case Action.PRIORITY:
            step.priority = event.value


def check_merge(steps: Sequence[TrackedStep]) -> None:
    """Raises CannotTriage for fewer than two steps, for steps of several projects, or for one that no log raises."""
    if len({step.pk for step in steps}) < 2:
        raise CannotTriage("Choose two steps or more to merge.")
    if len({step.project_id for step in steps}) > 1:
        raise CannotTriage("Steps of different projects cannot be merged.")
    if unraised := next((step for step in steps if not step.mentions.all()), None):
        raise CannotTriage(f"No log raises “{str(unraised)[:80]}” any more, so there is nothing to merge.")


@transaction.atomic
def merge(steps: Sequence[TrackedStep], by: User | None) -> StepEvent:
    """Merges steps of a project. Returns the event that undoes it. Raises CannotTriage as `check_merge` does."""
    steps = _held(steps)
    check_merge(steps)
    mentions = TRACKED_STEPS.records_in(step.pk for step in steps)
    merged = decisions.merge(TRACKED_STEPS, mentions, by)
    refresh(merged.groups)
    names = ", ".join(str(step)[:80] for step in steps)
    kept = _step_of(mentions[0])
    return StepEvent.objects.create(
        tracked_step=kept, action=Action.MERGED, text=names, by=by, decision=merged.decision
    )


@transaction.atomic
def split(step: TrackedStep, mentions: Collection[int], by: User | None) -> StepEvent:
    """Splits mentions (numbers of next steps) off. Raises CannotTriage if that leaves either side empty."""
    (step,) = _held([step])
    members = set(TRACKED_STEPS.records_in([step.pk]))
    leaving = members & set(mentions)
    if not leaving or leaving == members:
        raise CannotTriage("Choose some of the mentions to split off, but not all of them.")
    applied = decisions.split(TRACKED_STEPS, leaving, members - leaving, by)
    refresh(applied.groups)
    text = f"{len(leaving)} of {len(members)} mentions, now {_step_of(min(leaving))}"
    rest = _step_of(min(members - leaving))
    return StepEvent.objects.create(tracked_step=rest, action=Action.SPLIT, text=text, by=by, decision=applied.decision)


def _step_of(mention: int) -> TrackedStep:
    return TrackedStep.objects.get(mentions__step=mention)


@transaction.atomic
def answer_all(closures: Iterable[ProposedClosure], by: User | None, *, accepted: bool) -> list[StepEvent]:
    """Accepts proposals, which closes their steps, or declines them. Returns the events that closed steps.

    Those that were answered in the meantime are left as they are. Raises CannotTriage if a step was merged since.
    """
    chosen = {closure.pk: closure.tracked_step_id for closure in closures}
    _hold(set(chosen.values()))
    unanswered = ProposedClosure.objects.filter(pk__in=chosen, accepted=None)
    events = []
    for closure in unanswered.select_related("tracked_step").order_by("pk"):
        event = act([closure.tracked_step], Action.DONE, by)[0] if accepted else None
        closure.accepted, closure.by, closure.at, closure.event = accepted, by, timezone.now(), event
        closure.save(update_fields=["accepted", "by", "at", "event"])
        events += [event] if event else []
    return events


def answer(closure: ProposedClosure, by: User | None, *, accepted: bool) -> StepEvent | None:
    """Answers one proposal, as `answer_all` does."""
    return next(iter(answer_all([closure], by, accepted=accepted)), None)


def count_answers() -> tuple[int, int]:
    """Returns how many proposals were accepted, and how many were answered."""
    rows = ProposedClosure.objects.filter(accepted__isnull=False).values_list("accepted")
    counts = dict(rows.annotate(count=Count("pk")).order_by())
    return counts.get(True, 0), sum(counts.values())
