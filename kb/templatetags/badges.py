"""States as small labels. Each has a shape, a colour and a word, so that colour never speaks for itself."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kb.linking.recurrence import Standing, State, TriedFix, Verdict

register = template.Library()

_TONES = {
    "fixed": "good", "worked": "good", "resolved": "good", "complete": "good", "held": "good", "done": "good",
    "partial": "mixed", "workaround": "mixed", "in_progress": "mixed", "recurring": "mixed", "P1": "mixed",
    "open": "bad", "failed": "bad", "blocked": "bad", "regressed": "bad", "P0": "bad", "blocker": "bad",
    "came back": "bad", "dropped": "bad", "snoozed": "mixed", "incomplete": "mixed",
}  # fmt: skip
_SHAPES = {"good": "✓", "mixed": "◐", "bad": "✕", "plain": "·"}
_STANDINGS = {
    State.REGRESSED: "regressed after {} d",
    State.HELD: "held {} d",
    State.RESOLVED: "resolved {} d ago",
}
_VERDICTS = {
    Verdict.HELD: "held {} d",
    Verdict.CAME_BACK: "came back after {} d",
}


@register.simple_tag
def badge(value: str, label: str = "") -> SafeString | str:
    """The badge of a state, with its own word unless a label is given. Nothing for an empty state."""
    if not value:
        return ""
    tone = _TONES.get(str(value), "plain")
    return format_html(
        '<span class="badge is-{}"><span aria-hidden="true">{}</span> {}</span>', tone, _SHAPES[tone], label or value
    )


@register.simple_tag
def standing_badge(standing: Standing) -> SafeString | str:
    """An issue's state, with the days that belong to it if they are known."""
    label = _STANDINGS.get(standing.state, "") if standing.days is not None else ""
    return badge(standing.state, label.format(standing.days))


@register.simple_tag
def verdict_badge(attempt: TriedFix) -> SafeString | str:
    """What became of a fix, with how long it held if that is known."""
    label = _VERDICTS.get(attempt.verdict, "") if attempt.days is not None else ""
    return badge(attempt.verdict, label.format(attempt.days))
