"""How similar two fingerprints are, and the keys by which similar ones are found.

The likeness of a pair depends only on the pair. Two fingerprints are compared if they share a key that is not too
common and, where many share one, if the earlier is among the nearest to the later. So the order in which errors arrive
makes a difference only where many others are nearer. What decides was trained on pairs of errors (`model.PairModel`): a
name that only one side has keeps short messages apart, however alike the sentences around it are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import LCSseq

from kb.linking.fingerprints import NAMED, VECTORS, Fingerprint
from kb.linking.lexicon import Usage
from kb.linking.model import CELLS_OF_ONE, COMPRESSED, LinkingModel, cosines, shipped_model

SAME = 0.7  # from this score on, two fingerprints are one problem; chosen by cross-validation
NEAR = 0.15  # from this score on, a pair is remembered: groups have to hold together as wholes
_APART = 0.3  # the most that two errors score which a slot tells apart: near enough to be shown beside
MOST_COMPARED = 64  # F1 of the pools is what it is without a bound; with 48 it is .002 less
MOST_BY_WORDS = 128  # without meaning, the nearest are told less surely: with 96, F1 is .004 less
_SHARED = 0.4  # what a shared word as rare as can be counts beside a cosine
_KEYS_OF_TITLE = 2
_EQUAL = 0.95  # the least score of the same title with nothing against it
_KEY_WORDS, _KEY_NAMES = 5, 3
_STEM = 5  # letters that two forms of one word share
_MOST_REPLACED = 3  # tokens in a row that are one name
_PARTLY = 0.5
_Span = tuple[int, int]
_LEAST_COMMON, _LEAST_COSINE = 0.25, 0.3  # under both, two errors are not the same


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score of a pair, 0 to 1, and the parts that matched, which are shown as the reason."""

    score: float
    matched: dict[str, object]

    @property
    def is_same(self) -> bool:
        return self.score >= SAME


DIFFERENT = Likeness(0.0, {})


def keys_of(error: Fingerprint, model: LinkingModel | None = None) -> tuple[str, ...]:
    """Returns the keys of a fingerprint: its title, its rarest words, its likeliest names and its cells of meaning."""
    model = model or shipped_model()
    usage = model.lexicon.usage
    rarest = sorted(error.keys, key=lambda key: (-usage(key).rarity, key))[:_KEY_WORDS]
    names = sorted((k for k, p in error.named.items() if p >= NAMED), key=lambda key: (-error.named[key], key))
    cells = [] if error.vectors is None else model.compression.cells(error.vectors[:1], CELLS_OF_ONE)[0].tolist()
    words = dict.fromkeys([*rarest, *names[:_KEY_NAMES]])
    title = [f"t:{error.title}"[:80]] if error.title else []
    return (*title, *(f"w:{word}" for word in words), *(f"v:{cell}" for cell in cells))


def nearest(
    own: Fingerprint, shared: Sequence[Sequence[str]], vectors: Sequence[bytes], model: LinkingModel | None = None
) -> list[int]:
    """Returns the places of those likeliest to be the same problem, as far as is cheap to tell: the best first.

    shared   the keys that each shares with the fingerprint
    vectors  of each, empty if it has none
    """
    usage = (model or shipped_model()).lexicon.usage
    weights = {key: _SHARED * _weight(key, usage) for key in {key for keys in shared for key in keys}}
    near = np.array([sum(weights[key] for key in keys) for keys in shared])
    if own.vectors is not None:
        with_meaning = [at for at, theirs in enumerate(vectors) if theirs]
        rows = np.frombuffer(b"".join(vectors), dtype=np.int8).reshape(-1, VECTORS, COMPRESSED)
        nearness = cosines(own.vectors, rows)
        near[with_meaning] += nearness[:, 0] + nearness[:, 2]
    return [int(at) for at in np.argsort(-near, kind="stable")[: most_compared(own)]]


def most_compared(own: Fingerprint) -> int:
    return MOST_BY_WORDS if own.vectors is None else MOST_COMPARED


def _weight(key: str, usage: Callable[[str], Usage]) -> float:
    """Returns how much a shared key tells. Cells of meaning tell nothing beside the cosines."""
    kind, _colon, word = key.partition(":")
    return {"t": 1.0, "w": usage(word).rarity}.get(kind, 0.0)


def likenesses(
    own: Fingerprint, others: Sequence[Fingerprint], model: LinkingModel | None = None, least: float = NEAR
) -> list[Likeness]:
    """Returns how similar each of the others is to a fingerprint.

    least  the score from which on a pair is of interest: what cannot reach it may count as different
    """
    model = model or shipped_model()
    found = [DIFFERENT] * len(others)
    if not own.is_telling:
        return found
    usage, near = model.lexicon.usage, _cosines_of(own, others)
    compared = [
        at
        for at, other in enumerate(others)
        if other.is_telling
        and not (least > _APART and _are_apart(own, other))
        and _may_be_same(own, other, max(near[at]), usage)
    ]
    rows = [traits_of(own, others[at], usage, near[at]) for at in compared]
    scores = model.pairs.probabilities(np.array(rows, dtype=np.float32)).tolist() if rows else []
    for at, score in zip(compared, scores, strict=True):
        settled = round(_settled(score, own, others[at]), 3)
        found[at] = Likeness(settled, _matched(own, others[at]) if settled >= least else {})
    return found


def _are_apart(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether a slot keeps them apart, whatever the model says."""
    return _conflict(one, other) and not _is_equal(one, other)


def _settled(score: float, one: Fingerprint, other: Fingerprint) -> float:
    """Returns the score of a pair after what no model may overrule."""
    if _is_equal(one, other):
        return max(score, _EQUAL)
    return min(score, _APART) if _conflict(one, other) else score


def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    return likenesses(one, [other])[0]


def _may_be_same(one: Fingerprint, other: Fingerprint, nearness: float, usage: Callable[[str], Usage]) -> bool:
    """Whether comparing them is worth its time: they share words or meaning."""
    if nearness >= _LEAST_COSINE:
        return True
    shared = sum(usage(key).rarity for key in one.keys & other.keys)
    fewer = min(sum(usage(key).rarity for key in side.keys) for side in (one, other))
    return shared >= _LEAST_COMMON * fewer


def _conflict(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether both name codes, kinds of things, a kind of failure or something in quotes, but others.

    Of the labelled pairs that are one problem, under five in a hundred do so for each of the four.
    """
    if one.quoted - other.keys and other.quoted - one.keys:
        return True
    slots = ((one.codes, other.codes), (one.domains, other.domains))
    return _are_other(one.failure, other.failure) or any(_differ(some, others) for some, others in slots)


def _is_equal(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether they have the same words, or the same title and nothing against it."""
    return one.text.casefold() == other.text.casefold() or _has_same_title(one, other)


def _has_same_title(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the titles are the same and say enough, and neither codes nor exceptions tell the errors apart."""
    if one.title != other.title or len(one.title_keys) < _KEYS_OF_TITLE or _differ(one.codes, other.codes):
        return False
    return not _are_other(one.exception, other.exception)


def _are_other(one: object, other: object) -> bool:
    """Whether both say something, but not the same."""
    return bool(one and other) and one != other


def _differ(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some and others) and some.isdisjoint(others)


def traits_of(
    one: Fingerprint, other: Fingerprint, usage: Callable[[str], Usage], near: Sequence[float] = ()
) -> list[float]:
    """Returns what tells whether two errors are one problem, the same whichever comes first.

    near  the cosines of their vectors, if known
    """
    if other.text < one.text:  # alignment depends on the order
        one, other = other, one
    shared, mine, theirs = _sides(one, other)
    rarities = [[usage(key).rarity for key in side] for side in (shared, mine, theirs)]
    weights = [sum(side) for side in rarities]
    highest_of = [max(side, default=0.0) for side in rarities]
    fewer, more = sorted((weights[0] + weights[1], weights[0] + weights[2]))
    named = [[side.named[key] for key in keys] for side, keys in ((one, mine), (other, theirs))]
    tops = [_two_highest(values) for values in named]
    both = [(one.named[key], other.named[key]) for key in shared]
    common = [max(pair) for pair in both]
    return [
        *(near or _cosines(one, other)),
        weights[0] / max(fewer, 1e-6), weights[0] / max(more, 1e-6), *_two_highest(common),
        max(map(min, both), default=0.0), *sorted(top[0] for top in tops), min(top[1] for top in tops),
        *sorted(highest_of[1:]), highest_of[0], *_aligned(one, other, usage),
        *_agreements(one, other), len(shared), len(mine) + len(theirs), min(len(mine), len(theirs)),
        min(len(one.keys), len(other.keys)), max(len(one.keys), len(other.keys)), sum(common),
        *sorted(map(sum, named)), float(one.title == other.title), float(one.text.casefold() == other.text.casefold()),
    ]  # fmt: skip


def _sides(one: Fingerprint, other: Fingerprint) -> tuple[frozenset[str], set[str], set[str]]:
    """Returns the keys that both have, and those that only one has. Two forms of a word that is no name are one."""
    shared = one.keys & other.keys
    mine, theirs = set(one.keys - shared - one.places), set(other.keys - shared - other.places)
    if not mine or not theirs:
        return shared, mine, theirs
    stems: dict[str, list[str]] = defaultdict(list)
    for key in sorted(theirs):
        if len(key) >= _STEM and other.named[key] < NAMED:
            stems[key[:_STEM]].append(key)
    for key in sorted(mine):
        if len(key) >= _STEM and one.named[key] < NAMED and stems[key[:_STEM]]:
            mine.discard(key)
            theirs.discard(stems[key[:_STEM]].pop(0))
    return shared, mine, theirs


def _two_highest(values: Sequence[float]) -> list[float]:
    return [*sorted(values, reverse=True)[:2], 0.0, 0.0][:2]


def _cosines(one: Fingerprint, other: Fingerprint) -> list[float]:
    return _cosines_of(one, [other])[0]


def _cosines_of(own: Fingerprint, others: Sequence[Fingerprint]) -> list[list[float]]:
    """Returns how near each is in all it says, in how it failed, at its head; -1 if one of the two has no vectors."""
    found = [[-1.0] * VECTORS for _other in others]
    rows = {at: other.vectors for at, other in enumerate(others) if other.vectors is not None}
    if own.vectors is not None and rows:
        for at, values in zip(rows, cosines(own.vectors, np.stack(list(rows.values()))).tolist(), strict=True):
            found[at] = values
    return found


def _aligned(one: Fingerprint, other: Fingerprint, usage: Callable[[str], Usage]) -> list[float]:
    """Returns what two sentences have in the same order: the share of tokens; of tokens that stand where others do, how
    surely they are names, how rare they are, and how many; and whether one of them is all that differs."""
    surely, rarest, often, differing = 0.0, 0.0, 0, 0
    gaps, equal = _gaps(one.tokens, other.tokens)
    for (a, b), (c, d) in gaps:
        differing += 1
        if 0 < b - a <= _MOST_REPLACED and 0 < d - c <= _MOST_REPLACED:
            keys = [frozenset().union(*side) for side in (one.keys_by_token[a:b], other.keys_by_token[c:d])]
            if not all(keys) or keys[0] == keys[1]:
                continue
            named = min(max(one.named_by_token[a:b]), max(other.named_by_token[c:d]))
            apart = not keys[0] & keys[1]
            surely, often = max(surely, named if apart else _PARTLY * named), often + apart
            rarest = max(rarest, min(max(usage(key).rarity for key in side) for side in keys) if apart else 0.0)
    share = equal / max(min(len(one.tokens), len(other.tokens)), 1)
    return [share, surely, rarest, float(often), float(differing == often == 1)]


def _gaps(some: Sequence[str], others: Sequence[str]) -> tuple[list[tuple[_Span, _Span]], int]:
    """Returns where two sentences differ between what they have in the same order, and how many tokens that is."""
    gaps, equal, a, c = [], 0, 0, 0
    for block in LCSseq.editops(some, others).as_matching_blocks():  # the last one is empty, at both ends
        if block.a > a or block.b > c:
            gaps.append(((a, block.a), (c, block.b)))
        equal += block.size
        a, c = block.a + block.size, block.b + block.size
    return gaps, equal


def _agreements(one: Fingerprint, other: Fingerprint) -> list[float]:
    same = (bool(one.exception) and one.exception == other.exception, one.failure is not None
            and one.failure == other.failure, bool(one.domains & other.domains))  # fmt: skip
    apart = (
        _differ(one.codes, other.codes),
        _are_other(one.exception, other.exception),
        _are_other(one.failure, other.failure),
        _differ(one.domains, other.domains),
    )
    return [float(len(one.codes & other.codes)), *map(float, same), *map(float, apart)]


def _matched(one: Fingerprint, other: Fingerprint) -> dict[str, object]:
    """Returns what two errors have in common, in the order in which a person would name it."""
    first, second = sorted((one, other), key=lambda error: error.text)
    told, named = set(second.tokens), {*one.objects, *other.objects}
    shared = [token for token in dict.fromkeys(first.tokens) if token in told]
    objects = [token for token in shared if token in named]
    matched: dict[str, object] = {"objects": objects, "words": [token for token in shared if token not in objects][:12]}
    if one.exception and one.exception == other.exception:
        matched["exception"] = one.exception
    if codes := one.codes & other.codes:
        matched["codes"] = sorted(codes)
    if one.failure and one.failure == other.failure:
        matched["failure"] = str(one.failure)
    if one.vectors is not None and other.vectors is not None:
        matched["meaning"] = round(_cosines(one, other)[0], 2)
    return matched
