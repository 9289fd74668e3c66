"""The badges that say how an issue stands and what became of a fix."""

from __future__ import annotations

import pytest
from django.utils.html import strip_tags

from kb.linking.recurrence import FixVerdict, IssueState, Standing, TriedFix
from kb.templatetags.badges import how_likely, standing_badge, verdict_badge
from sessions.models import Error, Fix


def words(badge: str) -> str:
    return strip_tags(badge)[2:]


@pytest.mark.parametrize(
    ("state", "days", "label"),
    [
        (IssueState.REGRESSED, 8, "regressed after 8 d"),
        (IssueState.REGRESSED, 0, "regressed the same day"),
        (IssueState.REGRESSED, None, "regressed"),
        (IssueState.HELD, 0, "held 0 d"),
        (IssueState.HELD, None, "held"),
        (IssueState.RESOLVED, 3, "resolved 3 d ago"),
        (IssueState.RESOLVED, 0, "resolved today"),
        (IssueState.RECURRING, 5, "recurring"),
        (IssueState.OPEN, None, "open"),
        (IssueState.NEW, None, "new"),
        (IssueState.IGNORED, None, "ignored"),
    ],
)
def test_a_standing_is_labelled_with_its_days(state: IssueState, days: int | None, label: str) -> None:
    assert words(standing_badge(Standing(state, 2, days))) == label


@pytest.mark.parametrize(
    ("verdict", "days", "label"),
    [
        (FixVerdict.HELD, 13, "held 13 d"),
        (FixVerdict.HELD, None, "held"),
        (FixVerdict.CAME_BACK, 8, "came back after 8 d"),
        (FixVerdict.CAME_BACK, 0, "came back the same day"),
        (FixVerdict.CAME_BACK, None, "came back"),
        (FixVerdict.FAILED, None, "failed"),
        (FixVerdict.PARTIAL, 4, "partial"),
    ],
)
def test_a_verdict_is_labelled_with_its_days(verdict: FixVerdict, days: int | None, label: str) -> None:
    assert words(verdict_badge(TriedFix(Fix(), Error(), verdict, days))) == label


@pytest.mark.parametrize(
    ("state", "tone"), [(IssueState.REGRESSED, "bad"), (IssueState.HELD, "good"), (IssueState.NEW, "plain")]
)
def test_a_badge_has_the_tone_of_its_state(state: IssueState, tone: str) -> None:
    assert f"badge is-{tone}" in standing_badge(Standing(state, 1))


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (0.99, "almost certainly the same"),
        (0.9, "almost certainly the same"),
        (0.89, "probably the same"),
        (0.85, "probably the same"),
        (0.84, "maybe related"),
        (0.7, "maybe related"),
    ],
)
def test_a_score_claims_no_more_than_it_tells(score: float, said: str) -> None:
    assert how_likely(score) == said
