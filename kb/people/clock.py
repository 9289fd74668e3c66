"""The reader's day."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """Returns today's date: in the reader's zone while a page is made (`ZoneMiddleware`), else in the site's."""
    return timezone.localdate()
