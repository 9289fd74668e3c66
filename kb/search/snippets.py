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
    pattern = re.compile("|".join(_as_written(word) for word in words), re.IGNORECASE)
    return [match.span() for match in pattern.finditer(text)]


def _as_written(word: str) -> str:
    return re.escape(word)


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
