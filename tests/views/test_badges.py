"""The badges that say how an issue stands and what became of a fix."""

from __future__ import annotations

import pytest
from django.utils.html import strip_tags

from kb.linking.recurrence import Standing, State, TriedFix, Verdict
from kb.templatetags.badges import standing_badge, verdict_badge
from sessions.models import Error, Fix


def words(badge: str) -> str:
    return strip_tags(badge)[2:]


@pytest.mark.parametrize(
    ("state", "days", "label"),
    [
        (State.REGRESSED, 8, "regressed after 8 d"),
        (State.REGRESSED, None, "regressed"),
        (State.HELD, 0, "held 0 d"),
        (State.HELD, None, "held"),
        (State.RESOLVED, 3, "resolved 3 d ago"),
        (State.RECURRING, 5, "recurring"),
        (State.OPEN, None, "open"),
        (State.NEW, None, "new"),
        (State.IGNORED, None, "ignored"),
    ],
)
def test_a_standing_is_labelled_with_its_days(state: State, days: int | None, label: str) -> None:
    assert words(standing_badge(Standing(state, 2, days))) == label


@pytest.mark.parametrize(
    ("verdict", "days", "label"),
    [
        (Verdict.HELD, 13, "held 13 d"),
        (Verdict.HELD, None, "held"),
        (Verdict.CAME_BACK, 8, "came back after 8 d"),
        (Verdict.CAME_BACK, None, "came back"),
        (Verdict.FAILED, None, "failed"),
        (Verdict.PARTIAL, 4, "partial"),
    ],
)
def test_a_verdict_is_labelled_with_its_days(verdict: Verdict, days: int | None, label: str) -> None:
    assert words(verdict_badge(TriedFix(Fix(), Error(), verdict, days))) == label


@pytest.mark.parametrize(("state", "tone"), [(State.REGRESSED, "bad"), (State.HELD, "good"), (State.NEW, "plain")])
def test_a_badge_has_the_tone_of_its_state(state: State, tone: str) -> None:
    assert f"badge is-{tone}" in standing_badge(Standing(state, 1))
