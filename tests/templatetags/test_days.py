"""Days and moments read in words while they are near, in the reader's zone, with the exact one on hover."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from kb.templatetags.days import days_ago, when


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-27", "today"), ("2026-11-26", "yesterday"), ("2026-11-25", "2 days ago"),
        ("2026-09-28", "60 days ago"), ("2026-09-27", "27 Sep 2026"), ("2026-11-28", "28 Nov 2026"),
    ],
)  # fmt: skip
def test_a_day_is_counted_for_two_months(day: str, words: str) -> None:
    assert days_ago(dt.date.fromisoformat(day)) == words


def test_a_day_has_its_date_on_hover() -> None:
    assert when(dt.date(2026, 11, 26)) == '<time datetime="2026-11-26" title="26 Nov 2026">yesterday</time>'


def test_a_moment_has_the_time_of_the_readers_zone_on_hover() -> None:
    moment = dt.datetime(2026, 11, 25, 23, 30, tzinfo=dt.UTC)
    with timezone.override("Asia/Tokyo"):
        assert 'title="26 Nov 2026 08:30 JST">yesterday<' in when(moment)
    with timezone.override("UTC"):
        assert 'title="25 Nov 2026 23:30 UTC">2 days ago<' in when(moment)


def test_a_moment_of_the_last_day_is_told_in_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert "3\xa0hours ago</time>" in when(timezone.now() - dt.timedelta(hours=3, minutes=5))


def test_without_a_day() -> None:
    assert when(None) == "undated"
