"""Days in words."""

from __future__ import annotations

import datetime as dt


def plain_day(day: dt.date) -> str:
    """ "5 Mar 2026"."""
    return f"{day.day} {day:%b %Y}"
