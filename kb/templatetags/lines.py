"""Lines of logs: links that mark them, and a few of them as HTML."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kb.display.markdown import brief
from kb.models import EntryKind
from kb.search.index.entries import EntryRow
from sessions.models import Record

register = template.Library()


@register.filter
def span_query(span: list[int]) -> str:
    """The part of a session's address that marks lines, with or without scripts."""
    first, last = span
    return f"?lines={first}-{last}#L{first}"


@register.filter
def span_label(span: list[int]) -> str:
    """ "L90" or "L90–93"."""
    first, last = span
    return f"L{first}" if first == last else f"L{first}–{last}"


@register.filter
def lines_query(record: Record) -> str:
    return span_query([record.first_line, record.last_line])


@register.filter
def lines_label(record: Record) -> str:
    return span_label([record.first_line, record.last_line])


@register.simple_tag
def record_url(record: Record) -> str:
    """The address of a record's session, with its lines marked if they are still in the log."""
    path = reverse("session", args=[record.session_id])
    return path + lines_query(record) if getattr(record, "in_log", True) else path


@register.simple_tag
def entry_url(entry: EntryRow) -> str:
    """The address of a search entry: its session, with its line marked unless the entry is the session."""
    path = reverse("session", args=[entry.session_id])
    return path if entry.kind == EntryKind.SESSION else path + span_query([entry.line, entry.line])


@register.filter
def markdown(text: str) -> SafeString:
    """A few lines of a log as HTML that `brief` has sanitised."""
    return mark_safe(brief(text))  # noqa: S308
