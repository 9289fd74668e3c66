"""Folds the places that state the same error, however it is worded. The same said of other objects stays apart."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from sessions.parsing.problems.exceptions import exception_of, objects_of
from sessions.parsing.problems.parts import Place
from sessions.parsing.problems.verdicts import says_failure
from sessions.parsing.tree.document import Node
from sessions.parsing.vocabulary import fold
from sessions.text import comparable

_WORD = re.compile(r"[^\W_]{3,}|[\u3040-\u30ff\u3400-\u9fff]{2}")
_SAME_EXCEPTION, _SAME_OBJECT, _SAME_WORDS = 55, 45, 84  # percent of similar words required besides what is shared
_SAME_SKELETON = 85
_SAME_BRIEF = 90  # a few words refer to the error whose words contain nearly all of them
_MOST_WORDINGS = 8
_MOST_COMPARED = 40  # candidates a place is compared with: those that share its rarest words


@dataclass(slots=True, eq=False)
class FoldedError:
    """The places of an error in the order of the file, with what identifies it."""

    places: list[Place] = field(default_factory=list)
    exceptions: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)
    listings: set[Node] = field(default_factory=set)
    identities: list[_Identity] = field(default_factory=list)  # of the first places: more add nothing

    @property
    def words(self) -> list[str]:
        return [identity.words for identity in self.identities]


@dataclass(frozen=True, slots=True)
class _Identity:
    exception: str
    objects: frozenset[str]
    words: str
    brief: str
    listing: Node | None
    skeleton: str


def fold_places(places: list[Place]) -> list[FoldedError]:
    """Returns the errors that the places state. Each place joins the most similar error, if it is similar enough."""
    errors: list[FoldedError] = []
    by_token: dict[str, list[int]] = defaultdict(list)
    for place in places:
        identity = _identity(place)
        tokens = set(_WORD.findall(identity.words)) | identity.objects
        best = _most_similar(identity, tokens, errors, by_token)
        if best is None and place.brief and not says_failure(f"{place.title} {place.message}"):
            continue
        if best is None:
            best = len(errors)
            errors.append(FoldedError())
        _join(errors[best], place, identity)
        for token in tokens:
            if best not in by_token[token][-1:]:
                by_token[token].append(best)
    return errors


def identity_words(place: Place) -> str:
    return comparable(f"{place.title} {place.message}"[:400])


def _identity(place: Place) -> _Identity:
    exception = exception_of(place.title, place.message).rsplit(".", 1)[-1].lower()
    objects = objects_of(place.title, place.message)
    brief = fold(place.title) if place.brief else ""
    return _Identity(exception, objects, identity_words(place), brief, place.listing, _skeleton(place, objects))


def _skeleton(place: Place, objects: frozenset[str]) -> str:
    """Returns what is said of the objects, without them. Equal skeletons of different objects are different errors."""
    skeleton = fold((place.message or place.title).split("\n")[0][:200])
    for name in sorted(objects, key=len, reverse=True):
        skeleton = skeleton.replace(name, "•")
    return skeleton


def _most_similar(
    identity: _Identity, tokens: set[str], errors: list[FoldedError], by_token: dict[str, list[int]]
) -> int | None:
    rarest = sorted((token for token in tokens if token in by_token), key=lambda token: len(by_token[token]))
    candidates = list(dict.fromkeys(number for token in rarest for number in by_token[token][-8:]))[:_MOST_COMPARED]
    scored = [(score, -number) for number in candidates if (score := _similarity(identity, errors[number])) > 0]
    return -max(scored)[1] if scored else None


def _similarity(identity: _Identity, error: FoldedError) -> float:
    """Returns how similar a place and an error are, or 0 if they are different errors."""
    if identity.listing in error.listings:
        return 0
    if identity.brief and any(fuzz.token_set_ratio(identity.brief, words) >= _SAME_BRIEF for words in error.words):
        return _SAME_BRIEF
    if identity.exception and error.exceptions and identity.exception not in error.exceptions:
        return 0
    shared = identity.objects & error.objects
    if identity.objects and error.objects and not shared:
        return 0
    if any(_is_other(identity, other) for other in error.identities):
        return 0
    score = max(fuzz.token_set_ratio(identity.words, words) for words in error.words)
    same_exception = bool(identity.exception and identity.exception in error.exceptions)
    if (same_exception and score >= _SAME_EXCEPTION) or (shared and score >= _SAME_OBJECT):
        return score + 20 * same_exception + 20 * bool(shared)
    enough = min(len(identity.words.split()), *(len(words.split()) for words in error.words)) >= 3
    return score if score >= _SAME_WORDS and enough else 0


def _is_other(one: _Identity, other: _Identity) -> bool:
    """Whether the same is said of other objects: another column, another table."""
    if not one.objects or not other.objects or one.objects <= other.objects or other.objects <= one.objects:
        return False
    return fuzz.ratio(one.skeleton, other.skeleton) >= _SAME_SKELETON


def _join(error: FoldedError, place: Place, identity: _Identity) -> None:
    error.places.append(place)
    if len(error.identities) < _MOST_WORDINGS:
        error.identities.append(identity)
    if identity.listing is not None:
        error.listings.add(identity.listing)
    error.objects |= identity.objects
    if identity.exception:
        error.exceptions.add(identity.exception)
