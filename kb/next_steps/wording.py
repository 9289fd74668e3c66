"""Compares words: whether two steps say the same, and whether a later record reports a step as done. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kb.linking.masking import COMMON_WORDS
from sessions.parsing.vocabulary import fold, table

SAME = 0.6  # from this score on, two steps are the same
REPORTED = 0.66  # from this score on, a record reports a step as done
_WORD = re.compile(r"[\w./:-]+")
_NAME = re.compile(r"[\w./:-]*(?:_|[a-z]\.[a-z]|/|\d)[\w./:-]*")
_ESTIMATE = re.compile(r"\(?~?\d+(?:\s?[-–]\s?\d+)?\s?(?:min|mins|minutes?|h|hrs?|hours?|d|days?|weeks?)\b\)?", re.I)
_MID_SENTENCE = re.compile(r"[\w,'’\"&/]\s+$")
_STEM = 6  # letters: longer words that begin alike count as one
_SHORTEST_KEY = 4
_MOST_KEYS = 6
_ENOUGH = 3  # words of the shorter one
_LONG = 4  # words that a record must share with a step if it reports only a part of it
_DENSE = 0.25  # share of a record's words that must be the step's: a long text contains many words by chance
_WITHIN = 0.85  # the score if one says everything that the other says


@dataclass(frozen=True, slots=True)
class Words:
    """The significant words of a text.

    telling  stem → word
    names    stems of words that name one thing: files, identifiers, numbers, and capitalised words within a sentence
    """

    telling: Mapping[str, str]
    names: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Words:
        return _read(text)

    @property
    def keys(self) -> list[str]:
        """The stems by which similar steps are found: names first, then the longest words."""
        long = sorted((s for s in self.telling if len(s) >= _SHORTEST_KEY), key=lambda s: (-len(self.telling[s]), s))
        marks = sorted(stem for stem in self.names if _NAME.fullmatch(stem))
        return list(dict.fromkeys([*marks, *(long or sorted(self.telling))]))[:_MOST_KEYS]

    def shared(self, other: Words) -> list[str]:
        return sorted(word for stem, word in self.telling.items() if stem in other.telling)

    def names_another_thing(self, other: Words) -> bool:
        """Returns whether each names something that the other does not mention."""
        return not (self.names <= other.telling.keys() or other.names <= self.telling.keys())


@lru_cache(maxsize=16_384)
def _read(text: str) -> Words:
    """Cached, since each new step is compared with the same hundreds of earlier ones."""
    words = list(_words(_ESTIMATE.sub(" ", text)))
    names = frozenset(_stem(word) for word, is_name in words if is_name)
    return Words({_stem(word): word for word, _ in words}, names)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yields each significant word, folded, and whether it names one thing."""
    for match in _WORD.finditer(text):
        word = fold(match[0]).strip("./:-")
        if word and word not in COMMON_WORDS and not _is_priority(word):
            capital = match[0][0].isupper() and _MID_SENTENCE.search(text, max(0, match.start() - 3), match.start())
            yield word, bool(capital) or bool(_NAME.fullmatch(word))


def _stem(word: str) -> str:
    return word[:_STEM] if word.isalpha() else word


def normalised(text: str) -> str:
    """Returns the words of a step without punctuation, numbering, case and priority."""
    words = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    return " ".join(word for n, word in enumerate(words) if not (n == 0 and word.isdigit()) and not _is_priority(word))


def similarity(step: Words, other: Words) -> tuple[float, list[str]]:
    """Returns how similar two steps are, 0 to 1, and the words they share. Different names make different steps."""
    fewer = min(len(step.telling), len(other.telling))
    if fewer < 2 or step.names_another_thing(other):  # most pairs, and quick to tell
        return 0.0, []
    shared = step.shared(other)
    if not shared:
        return 0.0, []
    share = len(shared) / len(step.telling.keys() | other.telling.keys())
    if fewer >= _ENOUGH:
        share = max(share, _WITHIN * len(shared) / fewer)
    return round(share, 3), shared


def reported_by(step: Words, report: Words) -> tuple[float, list[str]]:
    """Returns how much of a step a later record reports, 0 to 1, and the words they share."""
    if step.names_another_thing(report):
        return 0.0, []
    shared = step.shared(report)
    if len(shared) < 2 or len(shared) < _DENSE * len(report.telling):
        return 0.0, []
    says_all = len(step.telling) == len(shared) >= len(report.telling) - 1
    if len(shared) >= _ENOUGH or says_all or any(_NAME.fullmatch(word) and not word.isdigit() for word in shared):
        score = len(shared) / len(step.telling)
    else:
        score = 0.0
    if len(shared) >= _LONG:
        score = max(score, _WITHIN * len(shared) / len(report.telling))
    return round(score, 3), shared


def _is_priority(word: str) -> bool:
    return table("priorities").get(word) is not None
