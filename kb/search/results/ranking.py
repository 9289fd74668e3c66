"""Orders what was found: BM25 over two fields by roaring bitmaps, errors whose fix held first, then newest first.

BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with a term counted once a field. When
more is found than can be weighed one by one, the candidates are the newest of the best tiers, tier after tier.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap64

from kb.models import EntryKind
from kb.search.index import Reader
from kb.search.index.entries import EntryRow, entry_rows
from kb.search.index.facet_tokens import EVERYTHING, facet_token, size_of
from kb.search.results.matching import Matches, Term, frequency

CANDIDATES = 300
_CANDIDATES_ANY = 1000
_TITLE, _BODY = 0.8, 1.0
_TITLE_SIZE, _SIZE = 12, 40  # tokens of an average title, of an average entry
_K, _B = 1.5, 0.85
_INEXACT = 0.4  # a word that only begins with what was typed, or was corrected
_KINDS = {EntryKind.ERROR: 1.12, EntryKind.FIX: 1.07}
_KINDS_OF_ERROR = {EntryKind.ERROR: 1.6, EntryKind.FIX: 1.3}
_WORKING_FIX = 1.06  # what the reader came for
_ALL_IN_TITLE = 1.05
_HITS_A_SESSION = 3
_BEYOND = 40  # entries behind those shown whose session and day are looked at too
_WORKING_FIX_TOKEN = facet_token("has", "workingfix")


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of a score, in words; `factor` multiplies what stands before it, otherwise `points` are added."""

    text: str
    points: float = 0.0
    factor: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry and its score. `has_working_fix`: it is an error that a fix solved."""

    entry: EntryRow
    score: float
    has_working_fix: bool
    reasons: tuple[Reason, ...]


def choose(found: Matches, terms: Sequence[Term], _readers: Sequence[Reader], most: int = CANDIDATES) -> Matches:
    """The candidates: all that was found, or the newest of its best tiers."""
    if found.total <= most:
        return found
    taken = BitMap64()
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
    taken = BitMap64()
    for term in sorted(
        terms, key=lambda term: sum(reader.count(term.posting_in(reader).entries) for reader in readers)
    ):
        taken |= found.where(term).less(taken).newest(most - len(taken))
    return found.only(taken)


def _tiers(found: Matches, terms: Sequence[Term]) -> Iterator[Matches]:
    exact = titled = found
    for term in terms:
        if term.beginning:
            exact = exact.where(replace(term, beginning=False))
        titled = titled.where(replace(term, beginning=False), title=True)
    for tier in (titled, exact) if terms else ():
        yield tier.within(_WORKING_FIX_TOKEN)
        yield tier.within(facet_token("type", "error"))
        yield tier
    yield found


class Ranking:
    """The candidates of a query, best first. Scores are made of sets, so that weighing hundreds costs a millisecond."""

    def __init__(
        self,
        candidates: Matches,
        terms: Sequence[Term],
        readers: Sequence[Reader],
        *,
        shown: int = 20,
        of_error: bool = False,
    ) -> None:
        """`shown`: so many entries will be. `of_error`: an error is stated, so errors and fixes are looked for."""
        total = sum(reader.count(reader.entries(EVERYTHING)) for reader in readers)
        self._weighed = [_weigh(candidates, term, readers, total) for term in terms]
        self._in_title = _saturations(candidates, "title-size", _TITLE_SIZE)
        self._in_record = _saturations(candidates, "size", _SIZE)
        self._factors = list(self._factors_of(candidates, _KINDS_OF_ERROR if of_error else _KINDS))
        self._working = candidates.within(_WORKING_FIX_TOKEN).ids()
        self._ordered = self._order(candidates, shown + _BEYOND)

    def page(self, offset: int, limit: int) -> list[Ranked]:
        return [
            Ranked(self.rows[entry], round(score, 4), entry in self._working, tuple(self._reasons(entry)))
            for entry, score in self._ordered[offset : offset + limit]
            if entry in self.rows
        ]

    def best(self, most: int) -> list[int]:
        """The ids of the first so many entries."""
        return [entry for entry, _ in self._ordered[:most]]

    def _factors_of(
        self, candidates: Matches, kinds: Mapping[EntryKind, float]
    ) -> Iterator[tuple[str, float, BitMap64]]:
        words = self._weighed
        if words:
            yield "all words in the title", _ALL_IN_TITLE, BitMap64.intersection(*(w.titles & w.exact for w in words))
        for kind, factor in kinds.items():
            yield str(kind.label), factor, candidates.within(facet_token("type", kind.filter_value)).ids()
        yield "a fix worked", _WORKING_FIX, candidates.within(_WORKING_FIX_TOKEN).ids()

    def _order(self, candidates: Matches, placed: int) -> list[tuple[int, float]]:
        """By score, then newest first. A session's fourth hit waits until others had their turn."""
        scores = self._scores(candidates.ids())
        months = {
            entry: n for n, token in enumerate(candidates.values("month")) for entry in candidates.within(token).ids()
        }
        ordered = sorted(scores, key=lambda entry: (scores[entry], months.get(entry, -1), entry), reverse=True)
        self.rows = entry_rows(ordered[:placed])
        first = [entry for entry in ordered[:placed] if entry in self.rows]
        first.sort(key=lambda entry: (scores[entry], self.rows[entry].day, entry), reverse=True)
        return [(entry, scores[entry]) for entry in (*_diverse(first, self.rows), *ordered[placed:])]

    def _scores(self, entries: BitMap64) -> dict[int, float]:
        scores = dict.fromkeys(entries, 0.0)
        for word in self._weighed:
            for entry in word.entries:
                weight = word.rarity if entry in word.exact else word.rarity * _INEXACT
                scores[entry] += _BODY * weight * self._in_record.get(entry, 1.0)
                if entry in word.titles:
                    scores[entry] += _TITLE * weight * self._in_title.get(entry, 1.0)
        for _, factor, held in self._factors:
            for entry in held:
                scores[entry] *= factor
        return scores

    def _reasons(self, entry: int) -> Iterator[Reason]:
        for word in self._weighed:
            if entry in word.entries:
                exact = entry in word.exact
                weight = word.rarity if exact else word.rarity * _INEXACT
                if entry in word.titles:
                    points = _TITLE * weight * self._in_title.get(entry, 1.0)
                    yield Reason(f"{_told(word.term, exact=exact)} in the title", points=round(points, 1))
                points = _BODY * weight * self._in_record.get(entry, 1.0)
                yield Reason(f"{_told(word.term, exact=exact)} in the record", points=round(points, 1))
        yield from (Reason(text, factor=factor) for text, factor, held in self._factors if entry in held)


def _told(term: Term, *, exact: bool) -> str:
    if exact:
        return f"“{term.word}”"
    return f"a word that begins with “{term.word}”" if term.beginning else f"a word like “{term.word}”"


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A term among the candidates: its rarity, and who holds it where and how."""

    term: Term
    rarity: float
    titles: BitMap64
    entries: BitMap64
    exact: BitMap64


def _weigh(candidates: Matches, term: Term, readers: Sequence[Reader], total: int) -> _Weighed:
    held = frequency(term, readers)
    rarity = math.log(1 + (total - held + 0.5) / (held + 0.5)) if total >= held else 0.0
    exact = [found & term.exact_in(reader).entries for reader, found in candidates.parts if found]
    titles, entries = candidates.where(term, title=True).ids(), candidates.where(term).ids()
    return _Weighed(term, rarity, titles, entries, BitMap64.union(*exact) if exact else BitMap64())


def _saturations(candidates: Matches, name: str, average: int) -> dict[int, float]:
    """BM25's factor for the length of each candidate, whose tokens are counted in steps."""
    found: dict[int, float] = {}
    for token in candidates.values(name):
        length = size_of(token) / average
        found |= dict.fromkeys(candidates.within(token).ids(), (_K + 1) / (1 + _K * (1 - _B + _B * length)))
    return found


def _diverse(ordered: Sequence[int], rows: Mapping[int, EntryRow]) -> list[int]:
    seen: Counter[int] = Counter()
    first: list[int] = []
    later: list[int] = []
    for entry in ordered:
        session = rows[entry].session_id
        seen[session] += 1
        (first if seen[session] <= _HITS_A_SESSION else later).append(entry)
    return first + later
