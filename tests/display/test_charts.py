"""The geometry of charts: the highest fills the height, and parts stand on each other."""

from __future__ import annotations

import datetime as dt

import pytest

from kb.display.charts import session_chart, sparkline
from kb.queries.weeks import Week

MONDAY = dt.date(2026, 3, 2)


def test_parts_stand_on_each_other_and_the_highest_bar_fills_the_height() -> None:
    weeks = [Week(MONDAY, {"complete": 2, "failed": 1}), Week(MONDAY + dt.timedelta(7), {"": 1}), Week(MONDAY, {})]
    full, single, empty = session_chart(weeks, "Sessions").bars
    assert [(part.word, part.y, part.height) for part in full.parts] == [("complete", 20, 40), ("failed", 0, 20)]
    assert (single.x, single.parts[0].y, single.parts[0].height) == (11, 40, 20)
    assert (full.words, single.words, empty.words) == ("2 complete, 1 failed", "1 without status", "none")


@pytest.mark.parametrize(
    ("counts", "heights"), [([0, 1, 2], [9, 18]), ([0, 0], []), ([], []), ([100, 1], [18]), ([3, 3], [18, 18])]
)
def test_a_sparkline_shows_what_is_high_enough_to_be_seen(counts: list[int], heights: list[int]) -> None:
    line = sparkline(counts)
    assert [spark.height for spark in line.sparks] == heights
    assert line.width == 5 * len(counts)
