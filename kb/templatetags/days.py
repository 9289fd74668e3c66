"""Days and moments in the reader's words and zone."""

from __future__ import annotations

import datetime as dt

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kb.people.clock import today

register = template.Library()

_DAY = "j M Y"
_MOMENT = f"{_DAY} H:i T"
_DAYS_COUNTED = 60


@register.simple_tag
def when(moment: dt.date | dt.datetime | None) -> SafeString | str:
    """A `<time>`: near ones read "3 hours ago" or "5 days ago"; the exact one is shown on hover."""
    if moment is None:
        return "undated"
    if isinstance(moment, dt.datetime):
        local = timezone.localtime(moment)
        is_near = dt.timedelta() <= timezone.now() - moment < dt.timedelta(days=1)
        words = naturaltime(moment) if is_near else days_ago(local.date())
        return _time(local.isoformat("T", "seconds"), format_date(local, _MOMENT), words)
    return _time(moment.isoformat(), format_date(moment, _DAY), days_ago(moment))


def days_ago(day: dt.date) -> str:
    """ "today", "yesterday", "5 days ago", or the date if that is longer ago or still to come.

    Unlike humanize's `naturalday` it counts from the reader's day, not from the server's.
    """
    days = (today() - day).days
    if days in (0, 1):
        return "today" if days == 0 else "yesterday"
    return f"{days} days ago" if 1 < days <= _DAYS_COUNTED else format_date(day, _DAY)


def _time(machine: str, exact: str, words: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, words)
