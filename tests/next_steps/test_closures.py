"""A later session that tells of the work proposes to close its item; nothing closes unasked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from kb.models import ProposedClosure, TrackedStep
from kb.next_steps import triage
from kb.queries.board import proposals
from tests.next_steps.conftest import Leave

Find = Callable[..., TrackedStep]
ROTATE = "- [ ] P0: Rotate the gateway certificate"
COMMIT = "## Commits\n\n- `1f3c9a2` ops: rotate the gateway certificate"
FIX = (
    "## Errors\n\n### Gateway certificate expired\n- **Error**: `SSLError: certificate has expired`\n"
    "- **Fix**: rotated the gateway certificate\n- **Result**: ✅ Fixed"
)
OTHER = "## Commits\n\n- `1f3c9a2` ops: restart the gateway"


@pytest.mark.parametrize("told", [COMMIT, FIX])
def test_a_later_session_that_tells_of_the_work_proposes(leave: Leave, step_of: Find, told: str) -> None:
    leave("2026-03-01", ROTATE)
    leave("2026-03-04", "- [ ] Buy stamps", told=told)
    closing = proposals().get()
    assert (closing.tracked_step, str(closing.session.date)) == (step_of("gateway"), "2026-03-04")
    assert {"rotate", "gateway", "certificate"} >= {word.removesuffix("d") for word in closing.shared} != set()
    assert step_of("gateway").is_open


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("2026-03-01", "2026-03-04", OTHER),
        ("2026-03-04", "2026-03-01", COMMIT),  # told before it was raised
    ],
)
def test_what_tells_of_other_work_or_earlier_proposes_nothing(leave: Leave, first: str, second: str, told: str) -> None:
    leave(first, ROTATE)
    leave(second, "- [ ] Buy stamps", told=told)
    assert not proposals().exists()


def test_the_order_of_imports_does_not_matter(leave: Leave) -> None:
    leave("2026-03-04", "- [ ] Buy stamps", told=COMMIT)
    leave("2026-03-01", ROTATE)
    assert proposals().count() == 1


def test_a_step_raised_again_afterwards_is_not_proposed(leave: Leave) -> None:
    leave("2026-03-01", ROTATE)
    leave("2026-03-04", "- [ ] Buy stamps", told=COMMIT)
    leave("2026-03-09", ROTATE)
    assert not proposals().exists()


def test_answers_close_are_counted_and_are_not_asked_again(leave: Leave, step_of: Find, engineer: User) -> None:
    leave("2026-03-01", ROTATE, "- [ ] Fill in form nine today")
    told = COMMIT + "\n- `2f3c9a2` fill in form nine"
    leave("2026-03-04", "- [ ] Buy stamps", told=told)
    gateway, form = (ProposedClosure.objects.get(tracked_step=step_of(words)) for words in ("gateway", "form nine"))
    event = triage.answer(gateway, engineer, accepted=True)
    triage.answer(form, engineer, accepted=False)
    assert (step_of("gateway").is_open, step_of("form nine").is_open) == (False, True)
    assert triage.count_answers() == (1, 2)
    leave("2026-03-04", "- [ ] Buy more stamps", told=told)
    assert not proposals().exists()
    assert event is not None
    triage.undo([event])
    assert step_of("gateway").is_open
    assert triage.count_answers() == (0, 1)
