"""Highlights the words of a query in a text, as parts that a template can escape."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.search.language.query import Query
from sessions.parsing.vocabulary import fold

Parts = tuple[tuple[str, bool], ...]

_WIDTH = 220  # characters of a snippet
_BEFORE = 60  # characters before the first match
# The marks of a list read like dashes and signs once its lines are joined.
_ITEM = re.compile(r"(?m)^[ \t]*+[-*+][ \t]++(?:\[[ xX~-]\][ \t]++)?+")
_MAX_WORD = 40  # how far back to look for a space to start at; Chinese and Japanese have none


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded as in the index. `starts`: where in the text each folded character begins, and finally its end."""

    text: str
    starts: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Folded:
        """Folds a text piece by piece: a letter with accents becomes one letter, a ligature several."""
        if text.isascii():
            return cls(text.lower(), range(len(text) + 1))
        if len(letters := text.translate(_LETTERS)) == len(text):
            return cls(letters, range(len(text) + 1))
        parts: list[str] = []
        starts: list[int] = []
        at = 0
        for piece in _pieces(text):
            parts.append(folded := _fold_piece(piece))
            starts += [at] * len(folded)
            at += len(piece)
        return cls("".join(parts), [*starts, at])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Returns where the folded characters from `start` to `end` are in the text, never splitting a piece."""
        last = self.starts[end - 1]
        while end < len(self.text) and self.starts[end] == last:
            end += 1
        return self.starts[start], self.starts[end]


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for at in range(1, len(text)):
        if not _is_joined(text[at]) or text[at - 1].isspace():
            yield text[start:at]
            start = at
    yield text[start:]


def _is_joined(character: str) -> bool:
    """Checks for characters that belong to the one before: accents, voiced marks, parts of a Korean syllable."""
    return character >= "\u0300" and _is_mark(character)


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"


@lru_cache(maxsize=4096)
def _fold_piece(piece: str) -> str:
    return " " if piece.isspace() else fold(piece).replace(" ", "")


class _Letters(dict[int, str]):
    """Caches characters that fold to a single one. Any other becomes two NULs, so that the lengths differ."""

    def __missing__(self, code: int) -> str:
        folded = "" if _is_joined(chr(code)) else _fold_piece(chr(code))
        self[code] = folded if len(folded) == 1 else "\0\0"
        return self[code]


_LETTERS = _Letters()


def highlight(text: str, query: Query) -> Parts:
    """Returns the text in parts, each with whether it matches the query."""
    return _cut(text, _spans(text, query))


def snippet(text: str, query: Query) -> Parts:
    """Returns the part of the text around its first match."""
    flat = " ".join(_ITEM.sub("• ", text).split()).removeprefix("• ")
    spans = _spans(flat, query)
    start = _snippet_start(flat, spans[0][0] if spans else 0)
    end = min(len(flat), start + _WIDTH)
    inside = [(first - start, min(last, end) - start) for first, last in spans if start <= first < end]
    lead: Parts = (("… ", False),) if start else ()
    tail: Parts = ((" …", False),) if end < len(flat) else ()
    return (*lead, *_cut(flat[start:end], inside), *tail)


def _snippet_start(text: str, match: int) -> int:
    """Returns where a snippet starts: at a word some way before the match, and never after it."""
    start = match - _BEFORE
    if start <= 0:
        return 0
    space = text.rfind(" ", max(0, start - _MAX_WORD), start)
    if space >= 0:
        return space + 1
    while _is_joined(text[start]):
        start += 1
    return start


def _spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Returns the spans of the text that match words of the query, in order; adjacent ones are joined."""
    folded = Folded.of(text)
    spans = sorted(
        span
        for word in query.terms
        for start, end in _places(folded.text, word)
        if _is_part(text, *(span := folded.span(start, end)), is_typed=word == query.typing)
    )
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _places(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Yields every occurrence of a word, even overlapping ones: Chinese, Japanese and Korean are searched in pairs."""
    start = text.find(word) if word else -1
    while start >= 0:
        yield start, start + len(word)
        start = text.find(word, start + 1)


def _is_part(text: str, start: int, end: int, *, is_typed: bool) -> bool:
    """Checks that a span is a word or a part of an identifier, not the middle of another word."""
    return _is_seam(text, start) and (is_typed or _is_seam(text, end))


def _is_seam(text: str, at: int) -> bool:
    """Checks that a token may start or end here: at punctuation, changes of case, digits, or anywhere in CJK."""
    before, after = _letter_before(text, at), text[at : at + 1]
    if not (before.isalnum() and after.isalnum()) or _is_cjk(before) or _is_cjk(after):
        return True
    if after.isupper():
        return before.islower() or text[at + 1 : at + 2].islower()
    return before.isdigit() != after.isdigit()


def _letter_before(text: str, at: int) -> str:
    """Returns the character before a position, skipping its accents."""
    while at and _is_joined(text[at - 1]):
        at -= 1
    return text[at - 1 : at]


def _is_cjk(character: str) -> bool:
    return character >= "\u3040" or "\u1100" <= character <= "\u11ff"


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> Parts:
    parts: list[tuple[str, bool]] = []
    position = 0
    for start, end in spans:
        if start > position:
            parts.append((text[position:start], False))
        parts.append((text[start:end], True))
        position = end
    if position < len(text):
        parts.append((text[position:], False))
    return tuple(parts)
