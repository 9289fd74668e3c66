"""Finds the phrases of a table in a text: whole words, regardless of case and accents, the longest first."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")

# Scripts written without spaces, in which a phrase may begin and end anywhere.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff]")
_LONGEST_TITLE = 400
_VOICED = "\u3099\u309a"  # marks that make another letter of a kana, not an accent: カ, ガ
# Where a phrase can begin: at a character of such a script, at a word or at a mark.
_START = re.compile(rf"{_UNSPACED.pattern}|(?:(?!{_UNSPACED.pattern})\w)+|\S")


def fold_whole(text: str) -> str:
    """Folds a text too long to be worth caching."""
    if text.isascii():
        return " ".join(text.lower().split())
    marked = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in marked if not unicodedata.combining(c) or c in _VOICED)
    return " ".join(unicodedata.normalize("NFC", bare).replace("\ufe0f", "").split())


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Returns the text without case, accents and runs of white space: "Nächste  Schritte" → "nachste schritte"."""
    return fold_whole(text)


def unfolded(text: str, position: int) -> int:
    """Returns the position in a text that corresponds to a position in its folded form, which may be longer or shorter."""
    if text.isascii() and len(fold(text)) == len(text):
        return position
    ends = range(1, len(text) + 1)
    return bisect_right(ends, position, key=lambda end: len(fold(text[:end])))


def is_unspaced(text: str) -> bool:
    """Whether the text begins in a script that is written without spaces."""
    return _UNSPACED.match(text) is not None


@dataclass(frozen=True, slots=True)
class PhraseMatch(Generic[Meaning]):
    """A phrase of a table that occurs in a text. `start` and `end` are positions in the folded text."""

    meaning: Meaning
    phrase: str
    start: int
    end: int


class PhraseTable(Generic[Meaning]):
    """Phrases and their meanings. A phrase keeps the first meaning it is given.

    Phrases are looked up by their first word (or first character, in scripts without spaces), the longest first. That
    takes one look-up per word of the text, however many phrases there are.
    """

    def __init__(self, pairs: Iterable[tuple[Meaning, Iterable[str]]]) -> None:
        self._meanings: dict[str, Meaning] = {}
        for meaning, words in pairs:
            for phrase in words:
                self._meanings.setdefault(fold(phrase), meaning)
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for phrase in sorted(self._meanings, key=lambda phrase: (-len(phrase), phrase)):
            start = _START.match(phrase)
            self._by_start[start[0] if start else phrase[:1]].append(phrase)

    @classmethod
    def merged(cls, tables: Iterable[Mapping[Meaning, Iterable[str]]]) -> PhraseTable[Meaning]:
        return cls(pair for table in tables for pair in table.items())

    def find_all(self, text: str) -> Iterator[PhraseMatch[Meaning]]:
        """Yields the phrases in the first 400 characters of the text, from left to right, without overlaps."""
        folded = fold(text[:_LONGEST_TITLE])
        end = 0
        for start in _START.finditer(folded):
            if start.start() < end or start[0] not in self._by_start:
                continue
            phrase = self._at(folded, start.start(), start[0])
            if phrase is not None:
                end = start.start() + len(phrase)
                yield PhraseMatch(self._meanings[phrase], phrase, start.start(), end)

    def _at(self, folded: str, position: int, start: str) -> str | None:
        """Returns the longest phrase at a position that ends where a word ends."""
        for phrase in self._by_start[start]:
            end = position + len(phrase)
            if folded.startswith(phrase, position) and _ends_word(folded, end):
                return phrase
        return None

    def longest(self, text: str) -> PhraseMatch[Meaning] | None:
        return max(self.find_all(text), key=lambda match: match.end - match.start, default=None)

    def first(self, text: str) -> PhraseMatch[Meaning] | None:
        return next(self.find_all(text), None)

    def get(self, text: str) -> Meaning | None:
        """Returns the meaning of a text that is a phrase from end to end."""
        return self._meanings.get(fold(text).strip(" .:!*_-"))

    def without(self, text: str) -> str:
        """Returns the folded text with every phrase removed."""
        folded = fold(text[:_LONGEST_TITLE])
        kept, end = [], 0
        for match in self.find_all(text):
            kept.append(folded[end : match.start])
            end = match.end
        return " ".join([*kept, folded[end:]])

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.first(text) is not None


def _ends_word(folded: str, end: int) -> bool:
    """Whether no word of a script with spaces continues past this position."""
    if end >= len(folded) or not (folded[end].isalnum() or folded[end] == "_"):
        return True
    before, after = folded[end - 1], folded[end]
    return not before.isalnum() or _UNSPACED.match(before) is not None or _UNSPACED.match(after) is not None
