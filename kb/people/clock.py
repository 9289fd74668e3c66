"""The reader's day, and days in words."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """The day it is now: in the reader's zone while a page is made (`ZoneMiddleware`), else in the site's."""
    return timezone.localdate()


def plain_day(day: dt.date) -> str:
    """ "5 Mar 2026"."""
    return f"{day.day} {day:%b %Y}"
