"""Triage: what people do with items, how it is taken back, and how snoozed items wake up."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.utils import timezone

from kb.models import TrackedStep
from kb.next_steps import triage
from kb.next_steps.triage import Action, CannotTriage
from tests.next_steps.conftest import Leave

Find = Callable[..., TrackedStep]
ROTATE = "- [ ] P0: Rotate the gateway certificate"


@pytest.fixture
def item(leave: Leave, step_of: Find) -> TrackedStep:
    leave("2026-03-01", ROTATE)
    return step_of("gateway")


def tomorrow() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("action", "value", "expected"),
    [
        (Action.DONE, "", {"is_open": False}),
        (Action.PRIORITY, "P2", {"priority_now": "P2"}),
        (Action.SNOOZED, "", {"is_asleep": True}),
        (Action.SNOOZED, "2999-01-01", {"is_asleep": True}),
        (Action.ASSIGNED, "dana", {"assignee_id": 1}),
    ],
)
def test_each_step_can_be_undone(
    item: TrackedStep, step_of: Find, engineer: User, action: Action, value: str, expected: dict[str, object]
) -> None:
    if "assignee_id" in expected:
        expected = {"assignee_id": engineer.pk}
    before = {name: getattr(item, name) for name in expected}
    events = triage.act([item], action, engineer, value)
    assert {name: getattr(step_of("gateway"), name) for name in expected} == expected
    assert (events[0].by, events[0].at.date()) == (engineer, timezone.now().date())
    triage.undo(events)
    assert {name: getattr(step_of("gateway"), name) for name in expected} == before
    assert item.events.get().undone_at is not None


def test_a_day_wakes_it_without_anything_being_stored(item: TrackedStep, step_of: Find, engineer: User) -> None:
    triage.act([item], Action.SNOOZED, engineer, tomorrow().isoformat())
    assert step_of("gateway", timezone.localdate()).is_asleep
    assert not step_of("gateway", tomorrow()).is_asleep


def test_being_raised_again_wakes_it(item: TrackedStep, step_of: Find, leave: Leave, engineer: User) -> None:
    triage.act([item], Action.SNOOZED, engineer)
    leave("2026-02-01", ROTATE)  # an older log tells nothing new
    assert step_of("gateway").is_asleep
    leave(timezone.localdate().isoformat(), ROTATE)
    assert not step_of("gateway").is_asleep


def test_done_lasts_until_a_later_session_raises_it(
    item: TrackedStep, step_of: Find, leave: Leave, engineer: User
) -> None:
    triage.act([item], Action.DONE, engineer)
    leave("2026-03-01", ROTATE, "- [ ] Buy stamps")  # the same log, edited
    assert not step_of("gateway").is_open
    leave(tomorrow().isoformat(), ROTATE)
    assert step_of("gateway").is_open


def test_reopening_outlives_the_log_that_says_done(
    item: TrackedStep, step_of: Find, leave: Leave, engineer: User
) -> None:
    leave("2026-03-04", "- [x] Rotate the gateway certificate")
    triage.act([step_of("gateway")], Action.REOPENED, engineer)
    assert step_of("gateway").is_open
    leave("2026-03-04", "- [x] Rotate the gateway certificate", "- [ ] Buy stamps")
    assert step_of("gateway").is_open


def test_somebody_with_a_new_name_keeps_what_was_assigned(item: TrackedStep, step_of: Find, engineer: User) -> None:
    triage.act([item], Action.ASSIGNED, engineer, "dana")
    engineer.username = "dana.moor"
    engineer.save()
    User.objects.create_user("dana")  # somebody else
    triage.act([item], Action.COMMENTED, engineer, "waits for the vendor")
    assert step_of("gateway").assignee == engineer


@pytest.mark.parametrize(
    ("action", "value", "said"),
    [
        (Action.SNOOZED, "2020-01-01", "not in the future"),
        (Action.SNOOZED, "soon", "not a date"),
        (Action.PRIORITY, "P9", "not a priority"),
        (Action.ASSIGNED, "nobody-here", "no user called"),
        (Action.COMMENTED, "  ", "Write something"),
    ],
)
def test_values_without_meaning_are_refused(
    item: TrackedStep, engineer: User, action: Action, value: str, said: str
) -> None:
    with pytest.raises(CannotTriage, match=said):
        triage.act([item], action, engineer, value)
    assert not item.events.exists()


def test_nothing_chosen_is_said(engineer: User) -> None:
    with pytest.raises(CannotTriage, match="Choose a step"):
        triage.act([], Action.DONE, engineer)


def test_a_step_that_was_merged_meanwhile_is_left_alone(
    item: TrackedStep, step_of: Find, leave: Leave, engineer: User
) -> None:
    leave("2026-03-02", "- [ ] Paint the boathouse")
    triage.act([step_of("boathouse")], Action.COMMENTED, engineer, "in spring")
    boathouse = step_of("boathouse")
    triage.merge([item, boathouse], engineer)
    with pytest.raises(CannotTriage, match="in the meantime"):
        triage.act([item, boathouse], Action.DONE, engineer)
    assert step_of("boathouse").is_open


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("undone", [False, True])
def test_what_two_people_do_at_once_both_counts(
    item: TrackedStep, step_of: Find, engineer: User, monkeypatch: pytest.MonkeyPatch, undone: bool
) -> None:
    snoozed = triage.act([item], Action.SNOOZED, engineer)
    replay, met = triage.replay_events, threading.Barrier(2)

    def replay_late(step: TrackedStep) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):  # the other one waits for the row
            met.wait(0.5 if connection.vendor == "postgresql" else 0)
        replay(step)

    monkeypatch.setattr(triage, "replay_events", replay_late)

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connections.close_all()

    def prioritise() -> object:
        return triage.act([TrackedStep.objects.get(pk=item.pk)], Action.PRIORITY, engineer, "P2")

    def other() -> object:
        return triage.undo(snoozed) if undone else triage.act([item], Action.DONE, engineer)

    threads = [threading.Thread(target=run, args=(work,)) for work in (prioritise, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = step_of("gateway")
    assert now.priority_now == "P2"
    assert now.snoozed_at is None
    assert now.is_open is undone
