"""How alike two fingerprints are, and the keys under which alike ones can be found.

The likeness of a pair depends on nothing but the pair, and two fingerprints are compared exactly when they share a
key: so the order in which errors arrive makes no difference. Typed slots decide before words do, since messages that
differ in one name only ("relation orders", "relation parcels") look nearly the same and are different problems.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz

from kb.linking.fingerprints import Fingerprint

SAME = 0.70  # from this score on, two fingerprints are one problem
_SAME_OBJECTS, _SAME_FAILURE, _SAME_EXCEPTION, _SAME_WORDS = 0.40, 0.20, 0.15, 0.25
_UNKNOWN = 0.5  # what a part counts for where one side does not say
_COMMON = 0.70  # share of the words of both sides that both have, asked for where no name is given
_RELATED = 0.40  # the same where both name a thing and one does not say how it failed
_LEAST_WORDS = 3
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
    """The keys of a fingerprint: the things it names; without them its exception with each of its longest words."""
    if found.objects:
        return tuple(f"o:{name}"[:80] for name in found.objects)
    longest = sorted(found.words, key=lambda word: (-len(word), word))[:_KEY_WORDS]
    return tuple(f"w:{word}"[:80] for word in longest) or (f"e:{found.exception or found.status}",)


def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """How alike two fingerprints are. Slots that both fill differently make them different problems."""
    if not (one.is_telling and other.is_telling) or _conflicts(one, other):
        return DIFFERENT
    failure = _agreement(one.failure, other.failure)
    exception = _agreement(one.exception or one.status, other.exception or other.status)
    common = _common_words(one.words, other.words)
    if one.objects:
        told = fuzz.token_set_ratio(" ".join(one.words), " ".join(other.words)) / 100
        words = told if one.words and other.words else _UNKNOWN
        if not (one.failure and other.failure) and common < _RELATED:
            return DIFFERENT  # the same thing, and nothing that says the same of it
        score = _SAME_OBJECTS + _SAME_FAILURE * failure + _SAME_EXCEPTION * exception + _SAME_WORDS * words
    else:
        score = 0.20 * failure + 0.10 * exception + 0.70 * common if common >= _COMMON else 0.0
    return Likeness(round(score, 3), _matched(one, other)) if score else DIFFERENT


def nearness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """How near two problems are that may well be different ones: a hint for the eye, never a link."""
    shared = set(one.objects) & set(other.objects)
    names = len(shared) / max(len(one.objects), len(other.objects), 1)
    words = fuzz.token_set_ratio(" ".join(one.words), " ".join(other.words)) / 100
    score = 0.5 * names + 0.5 * words if one.objects or other.objects else words * _COMMON
    return Likeness(round(score, 3), _matched(one, other))


def _common_words(one: Collection[str], other: Collection[str]) -> float:
    """The share of common words; a few words must be the same ones."""
    mine, theirs = set(one), set(other)
    if not mine or not theirs or (min(len(mine), len(theirs)) < _LEAST_WORDS and mine != theirs):
        return 0.0
    return len(mine & theirs) / len(mine | theirs)


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
