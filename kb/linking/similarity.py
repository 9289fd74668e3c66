"""How similar two fingerprints are, and the keys by which similar ones are found.

The likeness of a pair depends only on the pair, and two fingerprints are compared exactly if they share a key, so the
order in which errors arrive makes no difference. Typed slots decide before words do, since messages that differ in a
single name ("relation orders", "relation parcels") look nearly the same and are different problems.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz

from kb.linking.fingerprints import Fingerprint

SAME = 0.70  # from this score on, two fingerprints are one problem
_SAME_OBJECTS, _SAME_FAILURE, _SAME_EXCEPTION, _SAME_WORDS = 0.40, 0.20, 0.15, 0.25
_UNKNOWN = 0.5  # what a part counts for if one side does not say
_COMMON = 0.70  # share of the words of both sides that they must have in common if neither names anything
_RELATED = 0.40  # the same if both name a thing and one does not say how it failed
_TOUCHING = 0.10  # the same if both say how it failed
_NAME_PARTS = re.compile(r"\w+")
_LEAST_WORDS = 3
_ENOUGH_WORDS = 4
_WITHIN = 0.8  # the score if all words of the shorter side are in the longer
_SAME_TITLE = 0.9
_KEY_WORDS = 4  # an error that names nothing has its longest words as keys


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score of a pair, 0 to 1, and the parts that matched, which are shown as the reason."""

    score: float
    matched: dict[str, object]

    @property
    def is_same(self) -> bool:
        return self.score >= SAME


DIFFERENT = Likeness(0.0, {})


def keys_of(error: Fingerprint) -> tuple[str, ...]:
    """Returns the keys of a fingerprint: its title, and the things it names or else its longest words."""
    title = (f"t:{' '.join(error.title)}"[:80],) if len(error.title) >= _LEAST_WORDS else ()
    if error.objects:
        return (*title, *(f"o:{name}"[:80] for name in error.objects))
    longest = sorted(error.words, key=lambda word: (-len(word), word))[:_KEY_WORDS]
    return (*title, *(f"w:{word}"[:80] for word in longest)) or (f"e:{error.exception or error.status}",)


def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Returns how similar two fingerprints are. Slots that both fill, but differently, make them different problems."""
    if not (one.is_telling and other.is_telling) or _conflicts(one, other):
        return DIFFERENT
    failure = _agreement(one.failure, other.failure)
    exception = _agreement(one.exception or one.status, other.exception or other.status)
    if one.objects:
        overlap = fuzz.token_set_ratio(" ".join(one.words), " ".join(other.words)) / 100
        words = overlap if one.words and other.words else _UNKNOWN
        score = _SAME_OBJECTS + _SAME_FAILURE * failure + _SAME_EXCEPTION * exception + _SAME_WORDS * words
        score = score if _is_related(one, other) else 0.0
    else:
        common = _common_words(one.words, other.words)
        score = common if common >= _COMMON else 0.0
    if len(one.title) >= _LEAST_WORDS and one.title == other.title:
        score = max(score, _SAME_TITLE)
    return Likeness(round(score, 3), _matched(one, other)) if score else DIFFERENT


def _is_related(one: Fingerprint, other: Fingerprint) -> bool:
    """Returns whether two errors say the same about what they name: the same kind of failure, or similar words."""
    words, others = _besides_names(one), _besides_names(other)
    common = len(words & others) / max(len(words | others), 1)
    if one.failure and other.failure:
        return common >= _TOUCHING or min(len(words), len(others)) < _LEAST_WORDS
    return common >= _RELATED


def _besides_names(error: Fingerprint) -> set[str]:
    names = " ".join((*error.objects, *error.containers))
    return set(error.words) - set(_NAME_PARTS.findall(names))


def nearness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Returns how similar two problems look, even if they are different ones. A hint for people, never a link."""
    shared = set(one.objects) & set(other.objects)
    names = len(shared) / max(len(one.objects), len(other.objects), 1)
    words = fuzz.token_set_ratio(" ".join(one.words), " ".join(other.words)) / 100
    score = 0.5 * names + 0.5 * words if one.objects or other.objects else words * _COMMON
    return Likeness(round(score, 3), _matched(one, other))


def _common_words(one: Collection[str], other: Collection[str]) -> float:
    """Returns the share of common words; if one side says all that the other does, nearly the share of the shorter."""
    words, others = set(one), set(other)
    fewer = min(len(words), len(others))
    if not fewer or (fewer < _LEAST_WORDS and words != others):
        return 0.0
    share = len(words & others) / len(words | others)
    return max(share, _WITHIN * len(words & others) / fewer) if fewer >= _ENOUGH_WORDS else share


def _matched(one: Fingerprint, other: Fingerprint) -> dict[str, object]:
    matched: dict[str, object] = {
        "objects": sorted(set(one.objects) & set(other.objects)),
        "words": sorted(set(one.words) & set(other.words))[:12],
    }
    if one.exception and one.exception == other.exception:
        matched["exception"] = one.exception
    if one.status and one.status == other.status:
        matched["exception"] = one.status
    if one.failure and one.failure == other.failure:
        matched["failure"] = str(one.failure)
    return matched


def _conflicts(one: Fingerprint, other: Fingerprint) -> bool:
    """Returns whether both name an exception, status, failure, domain, container or things, but different ones."""
    for slot, other_slot in (
        (one.exception, other.exception),
        (one.status, other.status),
        (one.failure, other.failure),
    ):
        if slot and other_slot and slot != other_slot:
            return True
    for some, others in ((one.domains, other.domains), (one.containers, other.containers)):
        if some and others and not set(some) & set(others):
            return True
    objects, other_objects = set(one.objects), set(other.objects)
    return bool(objects) != bool(other_objects) or not (objects <= other_objects or other_objects <= objects)


def _agreement(one: object, other: object) -> float:
    if not one or not other:
        return _UNKNOWN
    return 1.0 if one == other else 0.0
