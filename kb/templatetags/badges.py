"""States as small labels. Each has a shape, a colour and a word, so that colour never speaks for itself."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_TONES = {
    "fixed": "good", "worked": "good", "resolved": "good", "complete": "good", "held": "good", "done": "good",
    "partial": "mixed", "workaround": "mixed", "in_progress": "mixed", "recurring": "mixed", "P1": "mixed",
    "open": "bad", "failed": "bad", "blocked": "bad", "regressed": "bad", "P0": "bad", "blocker": "bad",
    "came back": "bad", "dropped": "bad", "snoozed": "mixed", "incomplete": "mixed",
}  # fmt: skip
_SHAPES = {"good": "✓", "mixed": "◐", "bad": "✕", "plain": "·"}


@register.simple_tag
def badge(value: str, label: str = "") -> SafeString | str:
    """The badge of a state, with its own word unless a label is given. Nothing for an empty state."""
    if not value:
        return ""
    tone = _TONES.get(str(value), "plain")
    return format_html(
        '<span class="badge is-{}"><span aria-hidden="true">{}</span> {}</span>', tone, _SHAPES[tone], label or value
    )
