"""How alike two fingerprints are, and the keys under which alike ones can be found.

The likeness of a pair depends on nothing but the pair, and two fingerprints are compared exactly when they share a
key: so the order in which errors arrive makes no difference. Typed slots decide before words do, since messages that
differ in one name only ("relation orders", "relation parcels") look nearly the same and are different problems.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz

from kb.linking.fingerprints import Fingerprint

SAME = 0.70  # from this score on, two fingerprints are one problem
_SAME_OBJECTS, _SAME_FAILURE, _SAME_EXCEPTION, _SAME_WORDS = 0.40, 0.20, 0.15, 0.25
_UNKNOWN = 0.5  # what a part counts for where one side does not say
_COMMON = 0.70  # share of the words of both sides that both have, asked for where no name is given
_RELATED = 0.40  # the same where both name a thing and one does not say how it failed
_TOUCHING = 0.10  # the same where both say so
_NAME_PARTS = re.compile(r"\w+")
_LEAST_WORDS = 3
_ENOUGH_WORDS = 4
_WITHIN = 0.8  # what it counts for that all words of the shorter side are in the longer
_SAME_TITLE = 0.9
_KEY_WORDS = 4  # the longest words of an error that names nothing are its keys


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score of a pair, 0 to 1, and the parts that matched, to be shown as its reason."""

    score: float
    matched: dict[str, object]

    @property
    def is_same(self) -> bool:
        return self.score >= SAME


DIFFERENT = Likeness(0.0, {})


def keys_of(found: Fingerprint) -> tuple[str, ...]:
    """The keys of a fingerprint: its title, and the things it names or else its longest words."""
    title = (f"t:{' '.join(found.title)}"[:80],) if len(found.title) >= _LEAST_WORDS else ()
    if found.objects:
        return (*title, *(f"o:{name}"[:80] for name in found.objects))
    longest = sorted(found.words, key=lambda word: (-len(word), word))[:_KEY_WORDS]
    return (*title, *(f"w:{word}"[:80] for word in longest)) or (f"e:{found.exception or found.status}",)


def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """How alike two fingerprints are. Slots that both fill differently make them different problems."""
    if not (one.is_telling and other.is_telling) or _conflicts(one, other):
        return DIFFERENT
    failure = _agreement(one.failure, other.failure)
    exception = _agreement(one.exception or one.status, other.exception or other.status)
    if one.objects:
        told = fuzz.token_set_ratio(" ".join(one.words), " ".join(other.words)) / 100
        words = told if one.words and other.words else _UNKNOWN
        score = _SAME_OBJECTS + _SAME_FAILURE * failure + _SAME_EXCEPTION * exception + _SAME_WORDS * words
        score = score if _is_related(one, other) else 0.0
    else:
        common = _common_words(one.words, other.words)
        score = common if common >= _COMMON else 0.0
    if len(one.title) >= _LEAST_WORDS and one.title == other.title:
        score = max(score, _SAME_TITLE)
    return Likeness(round(score, 3), _matched(one, other)) if score else DIFFERENT


def _is_related(one: Fingerprint, other: Fingerprint) -> bool:
    """Two errors of one thing say the same of it: the same kind of failure, or much the same words besides its name."""
    mine, theirs = _besides_names(one), _besides_names(other)
    common = len(mine & theirs) / max(len(mine | theirs), 1)
    if one.failure and other.failure:
        return common >= _TOUCHING or min(len(mine), len(theirs)) < _LEAST_WORDS
    return common >= _RELATED


def _besides_names(found: Fingerprint) -> set[str]:
    names = " ".join((*found.objects, *found.containers))
    return set(found.words) - set(_NAME_PARTS.findall(names))


def nearness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """How near two problems are that may well be different ones: a hint for the eye, never a link."""
    shared = set(one.objects) & set(other.objects)
    names = len(shared) / max(len(one.objects), len(other.objects), 1)
    words = fuzz.token_set_ratio(" ".join(one.words), " ".join(other.words)) / 100
    score = 0.5 * names + 0.5 * words if one.objects or other.objects else words * _COMMON
    return Likeness(round(score, 3), _matched(one, other))


def _common_words(one: Collection[str], other: Collection[str]) -> float:
    """The share of common words; where one side says all that the other does and more, nearly that of the shorter."""
    mine, theirs = set(one), set(other)
    fewer = min(len(mine), len(theirs))
    if not fewer or (fewer < _LEAST_WORDS and mine != theirs):
        return 0.0
    share = len(mine & theirs) / len(mine | theirs)
    return max(share, _WITHIN * len(mine & theirs) / fewer) if fewer >= _ENOUGH_WORDS else share


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
    """Both sides name an exception, a status, a kind of failure, a domain, a container or things, and not the same."""
    for mine, theirs in (
        (one.exception, other.exception),
        (one.status, other.status),
        (one.failure, other.failure),
    ):
        if mine and theirs and mine != theirs:
            return True
    for some, others in ((one.domains, other.domains), (one.containers, other.containers)):
        if some and others and not set(some) & set(others):
            return True
    named, also = set(one.objects), set(other.objects)
    return bool(named) != bool(also) or not (named <= also or also <= named)


def _agreement(one: object, other: object) -> float:
    if not one or not other:
        return _UNKNOWN
    return 1.0 if one == other else 0.0
