"""What the templates need beyond Django's own: links to lines, ages, state badges, and query strings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kb.display.markdown import brief
from kb.models import Kind
from kb.people.clock import plain_day, today
from kb.search.entries import EntryRow
from kb.templatetags import badges
from sessions.models import Record

register = template.Library()
_DAY = 24 * 3600
register.tags.update(badges.register.tags)


@register.simple_tag(takes_context=True)
def current(context: dict[str, Any], pages: str) -> SafeString | str:
    """Marks a link of the navigation on the pages whose names it leads to."""
    match = context["request"].resolver_match
    return mark_safe('aria-current="page"') if match and match.url_name in pages.split() else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite; the word beside it says what it means."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name)


@register.simple_tag
def sparkline(counts: Sequence[int], label: str = "") -> SafeString:
    """Bars for a row of counts, as an image with its words; the highest count fills the height."""
    highest = max([*counts, 1])
    bars = [
        format_html('<rect x="{}" y="{}" width="4" height="{}"/>', 5 * at, 18 - height, height)
        for at, count in enumerate(counts)
        if (height := round(18 * count / highest) if count else 0)
    ]
    bars.append(format_html('<rect y="17" width="{}" height="1" opacity="0.4"/>', 5 * len(counts)))
    words = label or f"{sum(counts)} times in {len(counts)} months, latest {counts[-1] if counts else 0}"
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} 18" role="img" aria-label="{}"><title>{}</title>{}</svg>',
        5 * len(counts), words, words, format_html_join("", "{}", ((bar,) for bar in bars)),
    )  # fmt: skip


@register.filter
def ordinal(number: int) -> str:
    """ "2nd", "3rd", "11th"."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@register.filter
def lookup(mapping: Mapping[object, object], key: object) -> object:
    """The value a mapping has for a key that is known only in the template."""
    return mapping.get(key)


@register.filter
def lines_query(record: Record) -> str:
    """The part of a session's address that marks a record's lines, also without scripts."""
    return _lines(record.first_line, record.last_line)


@register.filter
def lines_label(record: Record) -> str:
    """ "L90", or "L90–93"."""
    return span_label([record.first_line, record.last_line])


@register.filter
def span_label(span: list[int]) -> str:
    first, last = span
    return f"L{first}" if first == last else f"L{first}–{last}"


@register.filter
def span_query(span: list[int]) -> str:
    return _lines(span[0], span[1])


def _lines(first: int, last: int) -> str:
    return f"?lines={first}-{last}#L{first}"


@register.filter
def markdown(text: str) -> SafeString:
    """A few lines of a log as HTML; `brief` has cleaned it."""
    return mark_safe(brief(text))  # noqa: S308


@register.simple_tag
def record_url(record: Record) -> str:
    """Where a record stands: its session's page with its lines marked, if they are still in the log."""
    return reverse("session", args=[record.session_id]) + (
        lines_query(record) if getattr(record, "in_log", True) else ""
    )


@register.simple_tag
def entry_url(entry: EntryRow) -> str:
    path = reverse("session", args=[entry.session_id])
    return path if entry.kind == Kind.SESSION else f"{path}?lines={entry.line}-{entry.line}#L{entry.line}"


@register.simple_tag
def when(moment: dt.date | dt.datetime | None) -> SafeString | str:
    """A day or a moment: in words while it is near, the exact time on hover and for machines, in the reader's zone."""
    if moment is None:
        return "undated"
    if isinstance(moment, dt.datetime):
        local = timezone.localtime(moment)
        exact, day = f"{plain_day(local)} {local:%H:%M %Z}", local.date()
        seconds = (timezone.now() - moment).total_seconds()
        words = _near(seconds) if 0 <= seconds < _DAY else ago(day, today())
        return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat("T", "seconds"), exact, words)
    words = ago(moment, today())
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), plain_day(moment), words)


def _near(seconds: float) -> str:
    if seconds < 60:
        return "just now"
    minutes = int(seconds // 60)
    return f"{minutes} min ago" if minutes < 60 else f"{minutes // 60} h ago"


@register.filter
def ago(day: dt.date | None, today: dt.date) -> str:
    """Days between, in words: "today", "yesterday", "5 days ago"; a plain date when over 60 days old."""
    if day is None:
        return "undated"
    days = (today - day).days
    if days in (0, 1):
        return "today" if days == 0 else "yesterday"
    return f"{days} days ago" if 1 < days <= 60 else plain_day(day)


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with some parameters changed; an empty value takes one out."""
    query: QueryDict = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return "?" + query.urlencode() if query else "?"
