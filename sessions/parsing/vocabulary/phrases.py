"""Finds the phrases of a table in a text: whole words, whatever their case and accents, the longest first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")

# Scripts written without spaces: a phrase may begin and end anywhere.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff]")
_LONGEST_TITLE = 400


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text without case, accents and runs of white space: "Nächste  Schritte" → "nachste schritte"."""
    if text.isascii():
        return " ".join(text.lower().split())
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFC", bare).replace("\ufe0f", "").split())


@dataclass(frozen=True, slots=True)
class Found(Generic[Meaning]):
    """A phrase of a table that stands in a text; `start` and `end` count in the folded text."""

    meaning: Meaning
    phrase: str
    start: int
    end: int


class PhraseTable(Generic[Meaning]):
    """Phrases and their meanings, searched in one pass. The first meaning given to a phrase stays."""

    def __init__(self, pairs: Iterable[tuple[Meaning, Iterable[str]]]) -> None:
        self._meanings: dict[str, Meaning] = {}
        for meaning, words in pairs:
            for phrase in words:
                self._meanings.setdefault(fold(phrase), meaning)
        self._pattern = _pattern(self._meanings)

    @classmethod
    def merged(cls, tables: Iterable[Mapping[Meaning, Iterable[str]]]) -> PhraseTable[Meaning]:
        return cls(pair for table in tables for pair in table.items())

    def find_all(self, text: str) -> Iterator[Found[Meaning]]:
        """Every phrase in the first 400 characters of the text, from left to right, without overlaps."""
        for match in self._pattern.finditer(fold(text[:_LONGEST_TITLE])):
            phrase = match[0]
            yield Found(self._meanings[phrase], phrase, match.start(), match.end())

    def longest(self, text: str) -> Found[Meaning] | None:
        return max(self.find_all(text), key=lambda found: found.end - found.start, default=None)

    def first(self, text: str) -> Found[Meaning] | None:
        return next(self.find_all(text), None)

    def get(self, text: str) -> Meaning | None:
        """The meaning of a text that is one of the phrases from end to end."""
        return self._meanings.get(fold(text).strip(" .:!*_-"))

    def without(self, text: str) -> str:
        """The folded text with every phrase of the table taken out."""
        return self._pattern.sub(" ", fold(text[:_LONGEST_TITLE]))

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.first(text) is not None


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile("|".join(_bounded(phrase) for phrase in ordered) or r"(?!)")


def _bounded(phrase: str) -> str:
    words = re.escape(phrase)
    if _UNSPACED.search(phrase):
        return words
    before = r"(?<!\w)" if phrase[0].isalnum() else ""
    after = r"(?!\w)" if phrase[-1].isalnum() else ""
    return before + words + after
