"""Marks the words of a query in a text, as parts that a template can escape."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.search.query import Query

Parts = tuple[tuple[str, bool], ...]

_WIDTH = 220  # characters of a snippet
_BEFORE = 60  # of them before the first match


def highlight(text: str, query: Query) -> Parts:
    """The text in parts, each with whether it matches the query."""
    return _cut(text, _matches(text, query))


def snippet(text: str, query: Query) -> Parts:
    """A window of the text around its first match."""
    flat = " ".join(text.split())
    first = next(iter(_matches(flat, query)), (0, 0))
    start = max(0, first[0] - _BEFORE)
    start = flat.rfind(" ", 0, start) + 1 if start else 0
    window = flat[start : start + _WIDTH]
    parts = _cut(window, _matches(window, query))
    lead: Parts = (("… ", False),) if start else ()
    tail: Parts = ((" …", False),) if start + _WIDTH < len(flat) else ()
    return (*lead, *parts, *tail)


def _matches(text: str, query: Query) -> Sequence[tuple[int, int]]:
    words = sorted(query.terms, key=len, reverse=True)
    if not words or not text:
        return ()
    pattern = re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)
    spans = (match.span() for match in pattern.finditer(text))
    return [span for span in spans if _is_part(text, *span, query.typing)]


def _is_part(text: str, start: int, end: int, typing: str) -> bool:
    """It stands as a word or as a part of an identifier, not in the midst of another word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    begins = not before.isalnum() or (before.islower() and text[start].isupper()) or _is_cjk(before + text[start])
    ends = not after.isalnum() or (after.isupper() and text[end - 1].islower()) or _is_cjk(text[end - 1] + after)
    return begins and (ends or (bool(typing) and text[start:end].lower() == typing))


def _is_cjk(text: str) -> bool:
    return any(character >= "\u3040" for character in text)


def _cut(text: str, matches: Sequence[tuple[int, int]]) -> Parts:
    parts: list[tuple[str, bool]] = []
    position = 0
    for start, end in matches:
        if start > position:
            parts.append((text[position:start], False))
        parts.append((text[start:end], True))
        position = end
    if position < len(text):
        parts.append((text[position:], False))
    return tuple(parts)
