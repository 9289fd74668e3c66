"""The priority of a step: from its own words and glyphs, else from the headings that group it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sessions.parsing.tree.document import Node
from sessions.parsing.vocabulary import fold, phrases, table
from sessions.records import Priority

# Yellow and green dots mean a stage or a mood as often as a priority: they give none.
_GLYPHS: dict[str, Priority] = {"🔴": "P0", "🚨": "P0"}
_CODE = re.compile(r"(?<![a-z0-9_-])p([0-3])(?![a-z0-9_-])")
_IN_BRACKETS = re.compile(r"[(\[【（]([^()\[\]】）]{1,60})[)\]】）]")
_SHORT_TITLE = 40


_HORIZON = re.compile(r"[ -]?(?:term|fristig|terme|plazo|prazo|termine)\b")  # "medium-term" is no priority
_NEGATED = re.compile(r"(?:\b(?:not|non|no|nicht|pas|niet|nao|sin)|\bне|非|不)[ -]?$")


def _stated(text: str) -> Priority | None:
    """The priority of the longest phrase that is not denied ("not urgent", "non-critical")."""
    folded = fold(text[:400])
    found = [
        f
        for f in table("priorities").find_all(text)
        if not _NEGATED.search(folded[: f.start]) and not _HORIZON.match(folded[f.end :])
    ]
    longest = max(found, key=lambda f: f.end - f.start, default=None)
    return longest.meaning if longest is not None else None


def priority_of(text: str, groups: Sequence[Node] = ()) -> Priority | None:
    """The priority a step's words give it, else its innermost group's."""
    own = _own(text)
    if own:
        return own
    for group in reversed(groups):
        found = _of_heading(group.text)
        if found:
            return found
    return None


def _own(text: str) -> Priority | None:
    code = _CODE.search(fold(text))
    if code:
        return _priority(code[1])
    marks = [text[:_SHORT_TITLE].split(":")[0]] if ":" in text[:_SHORT_TITLE] else []
    for part in [*_IN_BRACKETS.findall(text), *marks]:
        if stated := _stated(part):
            return stated
    glyph = next((c for c in text[:6] if c in _GLYPHS), None)
    if glyph:
        return _GLYPHS[glyph]
    return "P0" if phrases("blocking").get(phrases("no_roles").without(text.split(":")[0])) else None


def _of_heading(title: str) -> Priority | None:
    code = _CODE.search(fold(title))
    if code:
        return _priority(code[1])
    if stated := _stated(title):
        return stated
    glyph = next((c for c in title if c in _GLYPHS), None)
    return _GLYPHS[glyph] if glyph else None


def _priority(digit: str) -> Priority:
    names: tuple[Priority, ...] = ("P0", "P1", "P2", "P3")
    return names[int(digit)]
