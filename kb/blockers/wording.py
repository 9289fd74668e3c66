"""When two steps say the same: pure comparison of their words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.linking.masking import COMMON_WORDS
from sessions.parsing.vocabulary import fold, table

SAME = 0.6
_NAME = re.compile(r"[\w./:-]*(?:_|[a-z]\.[a-z]|/|\d)[\w./:-]*")
_MARKS = re.compile(r"[^\w./:-]+")
_SHORTEST_KEY = 4
_MOST_KEYS = 6
_ENOUGH = 3  # words of the shorter one
_WITHIN = 0.85  # what it is worth that one says all that the other says


@dataclass(frozen=True, slots=True)
class Words:
    """A step's words that tell something, and the names among them: files, identifiers, numbers."""

    telling: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Words:
        words = [word.strip("./:-") for word in _MARKS.split(fold(text))]
        telling = frozenset(word for word in words if word and word not in COMMON_WORDS and not _is_priority(word))
        return cls(telling, frozenset(word for word in telling if _NAME.fullmatch(word)))

    @property
    def keys(self) -> list[str]:
        """The words by which steps like this one are found."""
        long = sorted(
            (word for word in self.telling if len(word) >= _SHORTEST_KEY), key=lambda word: (-len(word), word)
        )
        return list(dict.fromkeys([*sorted(self.names), *(long or sorted(self.telling))]))[:_MOST_KEYS]


def normalised(text: str) -> str:
    """The words of a step without marks, numbering, case and priority."""
    words = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    return " ".join(word for n, word in enumerate(words) if not (n == 0 and word.isdigit()) and not _is_priority(word))


def alike(one: Words, other: Words) -> tuple[float, list[str]]:
    """How alike two steps are, 0 to 1, and the words they share. Different names make them different steps."""
    if one.names and other.names and not one.names & other.names:
        return 0.0, []
    shared = one.telling & other.telling
    fewer = min(len(one.telling), len(other.telling))
    if not shared or fewer < 2:
        return 0.0, []
    share = len(shared) / len(one.telling | other.telling)
    if fewer >= _ENOUGH:
        share = max(share, _WITHIN * len(shared) / fewer)
    return round(share, 3), sorted(shared)


def told_by(step: Words, told: Words) -> tuple[float, list[str]]:
    """How much of a step a later record tells of, 0 to 1, and the words they share."""
    if step.names and told.names and not step.names & told.names:
        return 0.0, []
    shared = step.telling & told.telling
    if len(shared) < 2:
        return 0.0, []
    return round(len(shared) / min(len(step.telling), max(len(told.telling), _ENOUGH)), 3), sorted(shared)


def _is_priority(word: str) -> bool:
    return table("priorities").get(word) is not None
