"""Dates and durations as logs write them."""

from __future__ import annotations

import pytest

from sessions.parsing.metadata.dates import date_and_end, first_date
from sessions.parsing.metadata.durations import minutes_of


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("sessions-10-14-2026-02-14", "2026-02-14"),  # the year belongs to the days behind it
        ("2026-03-09", "2026-03-09"),
        ("2026/3/9", "2026-03-09"),
        ("20260309", "2026-03-09"),
        ("March 9th, 2026", "2026-03-09"),
        ("1st of March 2026", "2026-03-01"),
        ("9. März 2026", "2026-03-09"),
        ("9 de marzo de 2026", "2026-03-09"),
        ("1º de março de 2026", "2026-03-01"),
        ("1er mars 2026", "2026-03-01"),
        ("9 марта 2026", "2026-03-09"),
        ("2026年3月9日", "2026-03-09"),
        ("2026년 3월 9일", "2026-03-09"),
        ("25/03/2026", "2026-03-25"),
        ("03/04/2026", None),  # two days, depending on who wrote it
        ("2026-02-30", None),
        ("version 2026.1", None),
    ],
)
def test_a_day(text: str, day: str | None) -> None:
    assert first_date(text) == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("March 9-11, 2026", ("2026-03-09", "2026-03-11")),
        ("9 to 11 March 2026", ("2026-03-09", "2026-03-11")),
        ("9 bis 11. März 2026", ("2026-03-09", "2026-03-11")),
        ("9 au 11 mars 2026", ("2026-03-09", "2026-03-11")),
        ("2026-03-09 … 2026-03-11", ("2026-03-09", "2026-03-11")),
        ("2026-03-09", ("2026-03-09", None)),
    ],
)
def test_a_range_of_days(text: str, days: tuple[str, str | None]) -> None:
    assert date_and_end(text) == days


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("~2 hours", 120),
        ("1.5-2h", 105),
        ("2 bis 3 Stunden", 150),
        ("5 horas 5 minutos", 305),
        ("half an hour", 30),
        ("00:45:00", 45),
        ("3 hours, of which 1 hour was waiting", 180),
        ("Full session", None),
    ],
)
def test_a_duration(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes
