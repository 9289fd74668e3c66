"""Queries about random records, as somebody would type who remembers a few words or an identifier, or mistypes one.

Of lines that are no records only words are remembered: an identifier of one is mostly said by many.
"""

from __future__ import annotations

import random
import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

OF_A_LINE = "words of a line"
KINDS = ("remembered words", "an identifier", "one typo", OF_A_LINE)
_WORD = re.compile(r"[^\W\d_]{4,}")
_IDENTIFIER = re.compile(r"(?<!\w)(?:[A-Za-z_]\w*(?:[._/:-]\w+)+|[A-Za-z]+[a-z][A-Z]\w+|[A-Za-z]\w*_\w+)(?!\w)")


@dataclass(frozen=True, slots=True)
class Question:
    """A query for a record, and the ids of all records with exactly the same text."""

    query: str
    ids: frozenset[int]


def questions_about(
    records: Sequence[tuple[int, str]], lines: Sequence[tuple[int, str]], count: int, chance: random.Random
) -> dict[str, list[Question]]:
    """Returns queries of each kind for random records and lines. Rare words are more likely to be remembered."""
    same: dict[str, set[int]] = {}
    documents = [*records, *lines]
    for key, text in documents:
        same.setdefault(" ".join(text.lower().split()), set()).add(key)
    counts = Counter(word for _, text in documents for word in set(_words(text)))
    questions: dict[str, list[Question]] = {kind: [] for kind in KINDS}
    for _, text in chance.sample(records, len(records)):
        ids = frozenset(same[" ".join(text.lower().split())])
        words = _remembered(text, counts, chance)
        if len(words) >= 3:
            questions["remembered words"].append(Question(" ".join(words), ids))
            questions["one typo"].append(Question(" ".join(_one_mistyped(words, chance)), ids))
        if names := sorted(set(_IDENTIFIER.findall(text))):
            questions["an identifier"].append(Question(" ".join([chance.choice(names), *words[:1]]), ids))
        if all(len(queries) >= count for kind, queries in questions.items() if kind != OF_A_LINE):
            break
    for _, text in chance.sample(lines, len(lines)):
        words = _remembered(text, counts, chance)
        if len(words) >= 3 and len(questions[OF_A_LINE]) < count:
            ids = frozenset(same[" ".join(text.lower().split())])
            questions[OF_A_LINE].append(Question(" ".join(words), ids))
    return {kind: queries[:count] for kind, queries in questions.items()}


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(word.lower() for word in _WORD.findall(text)))


def _remembered(text: str, counts: Counter[str], chance: random.Random) -> list[str]:
    words = [word for word in _words(text) if word.isascii()]
    weights = {word: chance.random() / (1 + counts[word]) ** 0.3 for word in words}
    return sorted(words, key=lambda word: -weights[word])[:4]


def _one_mistyped(words: Sequence[str], chance: random.Random) -> list[str]:
    """Returns the words with one letter of one word swapped with the next, left out, doubled or replaced."""
    at = chance.randrange(len(words))
    word = words[at]
    place = chance.randrange(1, len(word) - 1)
    ways = (
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + chance.choice(string.ascii_lowercase) + word[place + 1 :],
    )
    return [*words[:at], chance.choice(ways), *words[at + 1 :]]
