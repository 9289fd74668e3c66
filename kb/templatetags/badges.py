"""States as small labels. Each has a shape, a colour and a word, so that colour never speaks for itself."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import pluralize
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kb.linking.recurrence import FixVerdict, IssueState, Standing, TriedFix
from kb.models import without_priority
from sessions.models import Error, NextStep

register = template.Library()

_TONES = {
    "fixed": "good", "worked": "good", "resolved": "good", "complete": "good", "held": "good", "done": "good",
    "partial": "mixed", "workaround": "mixed", "in_progress": "mixed", "recurring": "mixed", "P1": "mixed",
    "open": "bad", "failed": "bad", "blocked": "bad", "regressed": "bad", "P0": "bad", "blocker": "bad",
    "came back": "bad", "dropped": "bad", "snoozed": "mixed", "incomplete": "mixed",
    "watched": "good", "away": "bad", "idle": "mixed",
}  # fmt: skip
_SHAPES = {"good": "✓", "mixed": "◐", "bad": "✕", "plain": "·"}
_NO_LABELS = ("", "")
_ENDED = {
    Error.Status.FIXED: "it was fixed",
    Error.Status.WORKAROUND: "it was worked around, not fixed",
    Error.Status.PARTIAL: "it was fixed in part",
    Error.Status.OPEN: "it was left open",
    Error.Status.UNKNOWN: "the log does not say how it ended",
}
# Between projects, pairs that score less than 0.85 share a word or a code more often than a cause.
_LIKELY = ((0.9, "almost certainly the same"), (0.85, "probably the same"), (0.0, "maybe related"))
# State → its label, and the one on the same day.
_STANDINGS = {
    IssueState.REGRESSED: ("regressed after {} d", "regressed the same day"),
    IssueState.HELD: ("held {} d", "held {} d"),
    IssueState.RESOLVED: ("resolved {} d ago", "resolved today"),
}
# State → words with how many days, on the same day, and without a day.
_STANDING_WORDS = {
    IssueState.REGRESSED: ("came back after {}", "came back the same day", "came back after a fix"),
    IssueState.OPEN: ("not fixed",) * 3,
    IssueState.RECURRING: ("fixed again {} ago", "fixed again today", "fixed again"),
    IssueState.NEW: ("",) * 3,
    IssueState.HELD: ("held {}", "fixed today", "fixed"),
    IssueState.RESOLVED: ("resolved {} ago", "resolved today", "resolved"),
    IssueState.IGNORED: ("ignored",) * 3,
}
_VERDICTS = {
    FixVerdict.HELD: ("held {} d", "held {} d"),
    FixVerdict.CAME_BACK: ("came back after {} d", "came back the same day"),
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
    return badge(standing.state, _with_days(standing.days, *_STANDINGS.get(standing.state, _NO_LABELS)))


@register.simple_tag
def verdict_badge(attempt: TriedFix) -> SafeString | str:
    """What became of a fix, with how long it held if that is known."""
    return badge(attempt.verdict, _with_days(attempt.days, *_VERDICTS.get(attempt.verdict, _NO_LABELS)))


@register.filter
def standing_words(standing: Standing) -> str:
    """How an issue stands, as the rest of a sentence that says how often it was met. Empty if nothing is known."""
    return in_days(standing.days, *_STANDING_WORDS[standing.state])


def in_days(days: int | None, known: str, same_day: str, unknown: str) -> str:
    """Returns words with how many days, those for the same day, or those without a day."""
    if days is None:
        return unknown
    return known.format(f"{days} day{pluralize(days)}") if days else same_day


@register.filter
def how_it_ended(error: Error) -> str:
    """What became of an error in its session, as a clause."""
    return _ENDED[Error.Status(error.status)]


@register.filter
def how_likely(score: float) -> str:
    """The score of two errors that are one problem, in words."""
    return next(words for least, words in _LIKELY if score >= least)


@register.filter
def beside_priority(step: NextStep) -> str:
    """What a step says beside the badge of its priority, without that priority."""
    return without_priority(step.text, step.priority) if step.priority else step.text


def _with_days(days: int | None, label: str, same_day: str) -> str:
    return "" if days is None else (label if days else same_day).format(days)
