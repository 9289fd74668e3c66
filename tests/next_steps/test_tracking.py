"""A step that several sessions raise is one item; splits and merges outlive new imports and edited logs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from kb.models import StepMention, TrackedStep
from kb.next_steps import triage
from kb.next_steps.reasons import mention_reasons
from kb.next_steps.triage import Action, CannotTriage
from sessions.models import NextStep
from tests.next_steps.conftest import Leave

Find = Callable[..., TrackedStep]
ROTATE, REWORDED = "- [ ] P0: Rotate the gateway certificate", "- [ ] P0: Rotate the expired gateway certificate soon"


def test_a_step_is_carried_however_it_is_worded(leave: Leave, step_of: Find) -> None:
    leave("2026-03-01", ROTATE)
    leave("2026-03-05", REWORDED)
    leave("2026-03-09", ROTATE)
    item = step_of("gateway")
    assert (item.session_count, str(item.raised_on), str(item.latest_on)) == (3, "2026-03-01", "2026-03-09")
    assert item.is_open
    reasons = mention_reasons(list(item.mentions.order_by("step__session__date")))
    assert [reason.how for reason in reasons.values()] == ["the same words", "similar words", "the same words"]


def test_a_few_words_are_found_again_amid_many_longer_ones(leave: Leave, step_of: Find) -> None:
    leave(
        "2026-03-01",
        "- [ ] Rotate certificate of gateway, notify operations department, distribute replacement credentials",
    )
    leave("2026-03-05", "- [ ] Rotate the gateway certificate")
    assert step_of("gateway").session_count == 2


def test_the_last_mention_decides_whether_it_is_open(leave: Leave, step_of: Find) -> None:
    leave("2026-03-09", "- [x] Rotate the gateway certificate")
    assert not step_of("gateway").is_open
    leave("2026-03-01", ROTATE)  # an older log, imported later
    assert not step_of("gateway").is_open
    leave("2026-03-12", ROTATE)
    assert step_of("gateway").is_open


def test_each_project_has_its_own_items(leave: Leave) -> None:
    leave("2026-03-01", ROTATE)
    leave("2026-03-02", ROTATE, project="quay")
    assert sorted(TrackedStep.objects.values_list("project__name", "session_count")) == [("harbor", 1), ("quay", 1)]


def test_a_split_stays_after_new_imports(leave: Leave, step_of: Find, engineer: User) -> None:
    leave("2026-03-01", ROTATE)
    leave("2026-03-05", REWORDED)
    event = triage.split(step_of("gateway"), [NextStep.objects.get(text__contains="expired").pk], engineer)
    assert TrackedStep.objects.filter(merged_into=None).count() == 2
    leave("2026-03-05", REWORDED, "- [ ] Another thing altogether")
    leave("2026-03-07", REWORDED)
    assert sorted(TrackedStep.objects.filter(text__contains="gateway").values_list("session_count", flat=True)) == [
        1,
        2,
    ]
    triage.undo([event])
    assert step_of("gateway").session_count == 3


def test_a_merge_stays_after_an_edited_log(leave: Leave, step_of: Find, engineer: User) -> None:
    leave("2026-03-01", "- [ ] Ask the customs office", "- [ ] Fill in form nine")
    event = triage.merge(list(TrackedStep.objects.order_by("pk")), engineer)
    leave("2026-03-01", "- [ ] Ask the customs office", "- [ ] Fill in form nine", "- [ ] Buy stamps")
    assert step_of("form nine").mentions.count() == 2
    triage.undo([event])
    assert step_of("customs").pk != step_of("form nine").pk


def test_what_people_said_stays_with_a_step_that_was_reworded(leave: Leave, step_of: Find, engineer: User) -> None:
    leave("2026-03-01", ROTATE)
    triage.act([step_of("gateway")], Action.COMMENTED, engineer, "waits for the vendor")
    leave("2026-03-01", REWORDED)
    assert [event.text for event in step_of("gateway").events.all()] == ["waits for the vendor"]
    assert step_of("gateway").text.endswith("soon")


def test_an_item_people_dealt_with_outlives_its_step(leave: Leave, step_of: Find, engineer: User) -> None:
    leave("2026-03-01", ROTATE, "- [ ] Fill in form nine")
    triage.act([step_of("gateway")], Action.PRIORITY, engineer, "P1")
    leave("2026-03-01", "- [ ] Buy stamps")
    assert sorted(TrackedStep.objects.values_list("text", flat=True)) == [
        "Buy stamps",
        "P0: Rotate the gateway certificate",
    ]
    leave("2026-03-04", REWORDED)
    item = step_of("gateway")
    assert (item.priority_now, item.session_count) == ("P1", 1)


def test_nonsense_is_refused(leave: Leave, step_of: Find, engineer: User) -> None:
    leave("2026-03-01", ROTATE)
    leave("2026-03-02", ROTATE, project="quay")
    items = list(TrackedStep.objects.all())
    with pytest.raises(CannotTriage, match="different projects"):
        triage.merge(items, engineer)
    with pytest.raises(CannotTriage, match="two steps or more"):
        triage.merge(items[:1], engineer)
    with pytest.raises(CannotTriage, match="not all of them"):
        triage.split(items[0], StepMention.objects.values_list("step_id", flat=True), engineer)


def test_a_log_may_leave_more_steps_than_an_expression_may_have_parts(leave: Leave) -> None:
    leave("2026-03-01", *(f"- [ ] Count container_{n}" for n in range(1_100)))
    assert TrackedStep.objects.count() == 1_100
    leave("2026-03-01", "- [ ] Buy stamps")
    assert TrackedStep.objects.get().text == "Buy stamps"
