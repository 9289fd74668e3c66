"""How an error stands and how a fix went, from the words and glyphs that say so."""

from __future__ import annotations

import re

from sessions.parsing.vocabulary import fold, phrases, table
from sessions.records import ErrorStatus, Outcome

_GOOD, _MIXED, _BAD = "✅✓✔🟢☑🎉", "⚠🟡🟠", "❌✗✘🔴⛔🚨"


def status_of_error(text: str) -> ErrorStatus:
    """The status a text states: the last words that mean one, else its first glyph; else unknown."""
    found = list(table("error_statuses").find_all(text))
    order: tuple[ErrorStatus, ...] = ("open", "workaround", "partial", "fixed")
    for meaning in order:
        if any(match.meaning == meaning for match in found):
            return meaning
    glyph = next((c for c in text if c in _GOOD + _MIXED + _BAD), "")
    if not glyph:
        return "unknown"
    return "fixed" if glyph in _GOOD else "partial" if glyph in _MIXED else "open"


def outcome_of(text: str) -> Outcome:
    """How an attempt went by what is said of it; "✅ …, but the issue was actually …" failed."""
    found = {match.meaning for match in table("outcomes").find_all(text)}
    order: tuple[Outcome, ...] = ("failed", "partial", "worked")
    for meaning in order:
        if meaning in found:
            return meaning
    glyph = next((c for c in text if c in _GOOD + _MIXED + _BAD), "")
    if not glyph:
        return "unknown"
    return "worked" if glyph in _GOOD else "partial" if glyph in _MIXED else "failed"


def says_failure(text: str) -> bool:
    """The text says that something went wrong."""
    return text in phrases("failures")


def begins_with_repair(text: str) -> bool:
    """The text begins with a verb of repair: "Fixed …", "Corregido …"."""
    found = phrases("repairs").first(text[:60])
    return found is not None and found.start <= 3


def is_hypothesis(text: str) -> bool:
    """The text only suspects: what it names is a guess at the cause of an error already met."""
    return _HYPOTHESIS.search(fold(text[:200])) is not None


_HYPOTHESIS = re.compile(
    r"\b(?:initially |first )?(?:suspected|suspect|assumed|hypothesis|hypothesised|thought (?:it|to be))\b"
    r"|sospech|suspeit|soupconn|vermut|vermoed|sospett|banui|предполож|подозрева|怀疑|疑似|仮説|疑わ|의심|추정"
)
