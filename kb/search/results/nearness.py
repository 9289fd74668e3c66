"""Which entries are near a query in meaning, and how near they must be to be worth looking at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap64

from kb.conf.meaning import encoder
from kb.search.index import Reader
from kb.search.index.nearest import nearest
from kb.search.index.texts import meant_of
from kb.search.language.query import Query
from kb.search.results.matching import Criteria, Matches, filter_entries
from sessions.meaning.passage_vectors import passage_compression

# Cosines, chosen on queries in other words than the logs: nearer entries mostly say what was asked for.
LEAST = 0.4
SURE = 0.5  # beside records that contain all words
FAR = 0.3  # if little else is near
MOST_NEAR = 150
_A_FEW = 10

QueryVector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Nearness:
    """Entries near a query, and their cosines with it. `is_far`: there is nothing nearer, and no words match."""

    matches: Matches = field(default_factory=Matches)
    cosines: Mapping[int, float] = field(default_factory=dict)
    is_far: bool = False


def vector_of(query: Query) -> QueryVector | None:
    """Returns what a query means as a row of DIMENSIONS numbers; None if meaning is off or it has no words."""
    if not query.meaning or not query.sentence.strip() or (texts := encoder()) is None:
        return None
    vector: QueryVector = passage_compression().project(texts.encode([meant_of(query.sentence)]))[0]
    return vector if vector.any() else None


def nearness(
    vector: QueryVector | None, criteria: Criteria, readers: Sequence[Reader], words: Matches, *, words_suffice: bool
) -> Nearness:
    """Returns the entries near a query that pass its filters, the nearest of them if there are many.

    words          what its words match
    words_suffice  they match all that was asked for
    """
    if vector is None:
        return Nearness()
    if criteria.query.phrases:  # whoever quotes wants these words, so nearness only orders what has them
        return _passing(vector, criteria, readers, FAR, words.ids())
    if words_suffice:
        found = _passing(vector, criteria, readers, SURE)
        return _nearest_of(found, found.cosines, MOST_NEAR)
    found = _passing(vector, criteria, readers, FAR)
    near = {entry: cosine for entry, cosine in found.cosines.items() if cosine >= LEAST}
    if len(near) >= _A_FEW:
        return _nearest_of(found, near, MOST_NEAR)
    return _nearest_of(found, found.cosines, _A_FEW, is_far=not near and not words.total)


def _passing(
    vector: QueryVector,
    criteria: Criteria,
    readers: Sequence[Reader],
    least: float,
    within: BitMap64 | None = None,
) -> Nearness:
    """Returns the nearest entries that pass the filters and are `within` a set."""

    def passing(reader: Reader, entries: BitMap64) -> BitMap64:
        return filter_entries(reader, criteria, entries if within is None else entries & within)

    found = nearest(readers, vector, least, passing if criteria.query.is_narrowed or within is not None else None)
    cosines = {entry: cosine for near in found for entry, cosine in near.cosines.items()}
    return Nearness(Matches(tuple((near.reader, BitMap64(near.cosines)) for near in found)), cosines)


def _nearest_of(found: Nearness, cosines: Mapping[int, float], limit: int, *, is_far: bool = False) -> Nearness:
    first = sorted(cosines, key=lambda entry: (-cosines[entry], -entry))[:limit]
    matches = found.matches.only(BitMap64(first))
    return Nearness(matches, {entry: cosines[entry] for entry in first}, is_far and bool(first))
