"""Orders what was found: BM25 over two fields by roaring bitmaps, errors whose fix held first, then newest first.

BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with a term counted once a field. When
more is found than can be weighed one by one, the candidates are the newest of the best tiers, tier after tier.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap

from kb.models import Kind, SearchEntry
from kb.search.facets import EVERYTHING, facet_name, facet_token
from kb.search.matching import Matches, Term
from kb.search.segments import Reader

CANDIDATES = 300
_CANDIDATES_ANY = 1000
_TITLE, _BODY = 1.5, 1.0
_TITLE_SIZE, _SIZE = 12, 40  # tokens of an average title, of an average entry
_K, _B = 1.2, 0.75
_INEXACT = 0.4  # a word that only begins with what was typed, or was corrected
_KINDS = {Kind.ERROR: 1.12, Kind.FIX: 1.07}
_WORKING_FIX = 1.1  # what the reader came for
_ALL_IN_TITLE = 1.05
_HITS_A_SESSION = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of a score, in words; `factor` multiplies what stands before it, otherwise `points` are added."""

    text: str
    points: float = 0.0
    factor: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    entry: int
    score: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A term among the candidates: its rarity, and who holds it where and how."""

    term: Term
    rarity: float
    titles: BitMap
    entries: BitMap
    exact: BitMap


def choose(found: Matches, terms: Sequence[Term], _readers: Sequence[Reader], most: int = CANDIDATES) -> Matches:
    """The candidates: all that was found, or the newest of its best tiers."""
    if found.total <= most:
        return found
    taken = BitMap()
    for tier in _tiers(found, terms):
        taken |= tier.less(taken).newest(most - len(taken))
        if len(taken) >= most:
            break
    return found.only(taken)


def choose_any(found: Matches, terms: Sequence[Term], readers: Sequence[Reader], most: int = CANDIDATES) -> Matches:
    """The candidates where any word will do: the newest that hold the rarest words."""
    most = max(most, _CANDIDATES_ANY)
    if found.total <= most:
        return found
    taken = BitMap()
    for term in sorted(terms, key=lambda term: sum(len(term.posting_in(reader).entries) for reader in readers)):
        taken |= found.where(term).less(taken).newest(most - len(taken))
    return found.only(taken)


def _tiers(found: Matches, terms: Sequence[Term]) -> Iterator[Matches]:
    exact = titled = found
    for term in terms:
        if term.beginning:
            exact = exact.where(replace(term, beginning=False))
        titled = titled.where(replace(term, beginning=False), title=True)
    for tier in (titled, exact) if terms else ():
        yield tier.within(facet_token("has", "workingfix"))
        yield tier.within(facet_token("type", "error"))
        yield tier
    yield found


def rank(candidates: Matches, terms: Sequence[Term], readers: Sequence[Reader]) -> list[Ranked]:
    """The candidates best first; ties newest first. A session's fourth hit waits until others had their turn."""
    total = sum(len(reader.entries(EVERYTHING)) for reader in readers)
    weighed = [_weigh(candidates, term, readers, total) for term in terms]
    sizes, titles = _sizes(candidates, "size"), _sizes(candidates, "title-size")
    kinds = {kind: candidates.within(facet_token("type", kind.label.rsplit(" ", 1)[-1])).ids() for kind in Kind}
    working = candidates.within(facet_token("has", "workingfix")).ids()
    places = _places(candidates.ids())
    ranked = [
        _rank_one(entry, weighed, sizes.get(entry, _SIZE), titles.get(entry, _TITLE_SIZE), kinds, working)
        for entry in places
    ]
    ranked.sort(key=lambda one: (one.score, places[one.entry].day, one.entry), reverse=True)
    return _diverse(ranked, places)


@dataclass(frozen=True, slots=True)
class _Place:
    session: int
    day: int


def _places(entries: BitMap) -> dict[int, _Place]:
    """Session and day of each entry; an entry that went while the search ran is left out."""
    rows = SearchEntry.objects.filter(pk__in=list(entries)).values_list("pk", "session_id", "session__date")
    return {pk: _Place(session, day.toordinal() if day else 0) for pk, session, day in rows}


def _diverse(ranked: Sequence[Ranked], places: Mapping[int, _Place]) -> list[Ranked]:
    seen: Counter[int] = Counter()
    first: list[Ranked] = []
    later: list[Ranked] = []
    for one in ranked:
        session = places[one.entry].session
        seen[session] += 1
        (first if seen[session] <= _HITS_A_SESSION else later).append(one)
    return first + later


def _rank_one(
    entry: int, weighed: Sequence[_Weighed], size: int, title: int, kinds: dict[Kind, BitMap], working: BitMap
) -> Ranked:
    reasons = [reason for word in weighed for reason in _word_reasons(entry, word, size, title)]
    if weighed and all(entry in word.titles and entry in word.exact for word in weighed):
        reasons.append(Reason("all words in the title", factor=_ALL_IN_TITLE))
    kind = next((kind for kind, ids in kinds.items() if entry in ids), Kind.SESSION)
    if kind in _KINDS:
        reasons.append(Reason(kind.label, factor=_KINDS[kind]))
    if entry in working:
        reasons.append(Reason("a fix worked", factor=_WORKING_FIX))
    return Ranked(entry, _score(reasons), tuple(reasons))


def _word_reasons(entry: int, word: _Weighed, size: int, title: int) -> Iterator[Reason]:
    if entry not in word.entries:
        return
    exact = entry in word.exact
    how = word.term.word if exact else f"{word.term.word}…" if word.term.beginning else f"like {word.term.word}"
    weight = word.rarity * (1.0 if exact else _INEXACT)
    if entry in word.titles:
        yield Reason(f"“{how}” in the title", points=_TITLE * weight * _saturated(title / _TITLE_SIZE))
    yield Reason(f"“{how}” in the record", points=_BODY * weight * _saturated(size / _SIZE))


def _score(reasons: Sequence[Reason]) -> float:
    points = sum(reason.points for reason in reasons)
    return round(points * math.prod(reason.factor for reason in reasons if reason.factor), 5)


def _saturated(length: float) -> float:
    return (_K + 1) / (1 + _K * (1 - _B + _B * length))


def _weigh(candidates: Matches, term: Term, readers: Sequence[Reader], total: int) -> _Weighed:
    frequency = sum(len(term.posting_in(reader).entries) for reader in readers)
    rarity = math.log(1 + (total - frequency + 0.5) / (frequency + 0.5)) if total >= frequency else 0.0
    exact = [found & term.exact_in(reader).entries for reader, found in candidates.parts if found]
    titles, entries = candidates.where(term, title=True).ids(), candidates.where(term).ids()
    return _Weighed(term, rarity, titles, entries, BitMap.union(*exact) if exact else BitMap())


def _sizes(candidates: Matches, name: str) -> dict[int, int]:
    """Tokens of each candidate, known by powers of two."""
    sizes = ((1 << int(facet_name(token)[1]), candidates.within(token).ids()) for token in candidates.values(name))
    return {entry: size * 3 // 4 for size, ids in sizes for entry in ids}
