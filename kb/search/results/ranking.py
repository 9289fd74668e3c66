"""Orders matches: BM25 over title and body, then errors whose fix worked, then the newest first.

BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), counting a term once per field. If there
are too many matches to score each of them, the candidates are the newest of the best tiers, tier by tier.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap64

from kb.models import EntryKind
from kb.search.index import Reader
from kb.search.index.entries import EntryRow, entry_rows
from kb.search.index.facet_tokens import EVERYTHING, facet_token, size_of
from kb.search.results.folding import folded
from kb.search.results.matching import Matches, Term, frequency

MAX_CANDIDATES = 300
_MAX_CANDIDATES_ANY = 1000
_TITLE_WEIGHT, _BODY_WEIGHT = 0.8, 1.0
_AVERAGE_TITLE, _AVERAGE_ENTRY = 12, 40  # tokens
_K, _B = 1.5, 0.85  # BM25's saturation and length normalisation
_INEXACT = 0.4  # a word that only starts with the term, or a correction
_KIND_FACTORS = {EntryKind.ERROR: 1.12, EntryKind.FIX: 1.07}
_KIND_FACTORS_FOR_ERROR = {EntryKind.ERROR: 1.6, EntryKind.FIX: 1.3}
_WORKING_FIX = 1.06
_ALL_IN_TITLE = 1.05
_HITS_A_SESSION = 3
_LOOKAHEAD = 60  # entries beyond the page that are also ordered by day and session, and folded
_PASSAGE, _PASSAGE_WITH_ALL = 0.6, 0.4  # the words of a line are mostly those of a record too
_MEANING_WEIGHT, _MEANING_BESIDE_WORDS = 8.0, 0.5
_PASSAGE_MEANING = 0.8  # a record says more of what happened than a line does
_NO_MEANING = 0.3  # a cosine that says nothing
_LEAST_RARITY = 10.0
_SEVERAL = 3  # words, of which one may be missing
_ENOUGH = 0.55  # of the words' rarity: without the rare one, common ones tell little
_PASSAGE_TOKEN = facet_token("type", EntryKind.PASSAGE.filter_value)
_WORKING_FIX_TOKEN = facet_token("has", "workingfix")
RANKED_BY = [facet_token(name, "") for name in ("month", "size", "title-size", "type", "year")]  # of every query


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A part of a score, explained in words. A `factor` multiplies what comes before it, `points` are added."""

    text: str
    points: float = 0.0
    factor: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry with its score. `has_working_fix`: it is an error that a fix solved."""

    entry: EntryRow
    score: float
    has_working_fix: bool
    score_parts: tuple[ScorePart, ...]


def select_candidates(matches: Matches, terms: Sequence[Term], limit: int = MAX_CANDIDATES) -> Matches:
    """Returns all matches, or the newest of the best tiers if there are more than `limit`."""
    if matches.total <= limit:
        return matches
    selected = BitMap64()
    for tier in _tiers(matches, terms):
        selected |= tier.without(selected).newest(limit - len(selected))
        if len(selected) >= limit:
            break
    return matches.only(selected)


def select_candidates_any(matches: Matches, terms: Sequence[Term], readers: Sequence[Reader], limit: int) -> Matches:
    """Returns all matches of any word, or the newest with the rarest words if there are too many."""
    limit = max(limit, _MAX_CANDIDATES_ANY)
    if matches.total <= limit:
        return matches
    selected = BitMap64()
    for term in sorted(terms, key=lambda term: frequency(term, readers)):
        selected |= matches.with_term(term).without(selected).newest(limit - len(selected))
    return matches.only(selected)


def _tiers(matches: Matches, terms: Sequence[Term]) -> Iterator[Matches]:
    """Yields ever larger sets: all words in the title, then as whole words, then the rest; errors before others."""
    exact = titled = matches
    for term in terms:
        if term.is_prefix:
            exact = exact.with_term(replace(term, is_prefix=False))
        titled = titled.with_title_term(replace(term, is_prefix=False))
    for tier in (titled, exact) if terms else ():
        yield tier.with_token(_WORKING_FIX_TOKEN)
        yield tier.with_token(facet_token("type", "error"))
        yield tier
    yield matches


class Ranking:
    """The candidates of a query, best first. Scores are computed from sets: hundreds take a millisecond."""

    def __init__(
        self,
        candidates: Matches,
        terms: Sequence[Term],
        readers: Sequence[Reader],
        *,
        shown: int = 20,
        states_error: bool = False,
        named: Collection[str] = (),
        cosines: Mapping[int, float] | None = None,
        words_first: bool = True,
        words_suffice: bool = False,
    ) -> None:
        """Ranks candidates.

        shown         end of the page
        states_error  the query states an error, so prefer errors and fixes
        named         those of the query's words that are exceptions or codes
        cosines       of those candidates that are near the query in meaning
        words_first   candidates with all words, or all but one of several, come before any other
        words_suffice   the query's words say it all, so that meaning hardly changes the order
        """
        self._cosines, self._words_first, self._named = cosines or {}, words_first, named
        total = sum(reader.count(reader.entries(EVERYTHING)) for reader in readers)
        self._terms = [_weigh(candidates, term, readers, total) for term in terms]
        self._months, title_sizes, sizes, kinds = candidates.values_of("month", "title-size", "size", "type")
        self._of_kind = _grouped(kinds)
        self._title_saturation = _saturations(title_sizes, _AVERAGE_TITLE)
        self._entry_saturation = _saturations(sizes, _AVERAGE_ENTRY)
        self._with_working_fix = candidates.with_token(_WORKING_FIX_TOKEN).ids()
        self._factors = list(self._factors_of(_KIND_FACTORS_FOR_ERROR if states_error else _KIND_FACTORS))
        self._meaning_points = self._points_for_meaning(_MEANING_BESIDE_WORDS if words_suffice else _MEANING_WEIGHT)
        self._ordered = self._order(candidates, shown + _LOOKAHEAD)
        self._scores_by_entry = dict(self._ordered)
        self.has_more = False

    def page(self, offset: int, limit: int) -> list[list[Ranked]]:
        """Returns the hits of a page, each with what is folded under it."""
        told = folded([entry for entry, _ in self._ordered if entry in self.rows], self.rows)
        self.has_more = len(told) > offset + limit
        return [
            [self._ranked(entry) for entry in (group.lead, *group.others)] for group in told[offset : offset + limit]
        ]

    def _ranked(self, entry: int) -> Ranked:
        score = round(self._scores_by_entry[entry], 4)
        return Ranked(self.rows[entry], score, entry in self._with_working_fix, tuple(self._parts_of(entry)))

    def best(self, limit: int) -> list[int]:
        """Returns the ids of the best entries."""
        return [entry for entry, _ in self._ordered[:limit]]

    def _factors_of(self, kinds: Mapping[EntryKind, float]) -> Iterator[tuple[str, float, BitMap64]]:
        passages = self._of_kind[_PASSAGE_TOKEN]
        if terms := self._terms:
            in_title = BitMap64.intersection(*(term.titles & term.exact for term in terms))
            yield "all words in the title", _ALL_IN_TITLE, in_title
            with_all = BitMap64.intersection(*(term.entries for term in terms))
            yield "a line with all words", _PASSAGE_WITH_ALL, passages & with_all
            passages = passages - with_all
        yield "a line", _PASSAGE, passages
        for kind, factor in kinds.items():
            yield str(kind.label), factor, self._of_kind[facet_token("type", kind.filter_value)]
        yield "a fix worked", _WORKING_FIX, self._with_working_fix

    def _points_for_meaning(self, weight: float) -> dict[int, float]:
        """Returns points on the scale of the query's words: those of all words, for an entry that says the same."""
        if not self._cosines:
            return {}
        passages = self._of_kind[_PASSAGE_TOKEN]
        scale = weight * max(_LEAST_RARITY, sum(term.rarity for term in self._terms))
        factors = {entry: _PASSAGE_MEANING if entry in passages else 1.0 for entry in self._cosines}
        return {entry: scale * factors[entry] * (near - _NO_MEANING) for entry, near in self._cosines.items()}

    def _order(self, candidates: Matches, placed: int) -> list[tuple[int, float]]:
        """Orders by score, then newest first; further hits of a session come after those of other sessions."""
        scores = self._scores(candidates.ids())
        tier, months = self._tiers_of(scores), self._months
        ordered = sorted(scores, key=lambda e: (tier.get(e, 0), scores[e], months.get(e, ""), e), reverse=True)
        self.rows = entry_rows(ordered[:placed])
        first = [entry for entry in ordered[:placed] if entry in self.rows]
        first.sort(key=lambda e: (tier.get(e, 0), scores[e], self.rows[e].day, e), reverse=True)
        return [(entry, scores[entry]) for entry in (*_diversified(first, self.rows, tier), *ordered[placed:])]

    def _tiers_of(self, entries: Iterable[int]) -> dict[int, int]:
        """Returns 2 for entries with all words; 1 for those without one of several, and for those with a name.

        Both come before all others.
        """
        if not self._words_first or not self._cosines:
            return {}
        counts, found = Counter[int](), Counter[int]()
        for term in self._terms:
            counts.update(term.entries)
            found.update(dict.fromkeys(term.entries, term.rarity))
        every, several = len(self._terms), len(self._terms) >= _SEVERAL
        least = _ENOUGH * sum(term.rarity for term in self._terms)
        with_name = {entry for term in self._terms if term.term.word in self._named for entry in term.entries}
        return {
            entry: 1 + (counts[entry] == every)
            for entry in entries
            if entry in with_name or (counts[entry] >= every - several and found[entry] >= least)
        }

    def _scores(self, entries: BitMap64) -> dict[int, float]:
        scores = dict.fromkeys(entries, 0.0)
        for term in self._terms:
            for entry in term.entries:
                weight = term.rarity if entry in term.exact else term.rarity * _INEXACT
                scores[entry] += _BODY_WEIGHT * weight * self._entry_saturation.get(entry, 1.0)
                if entry in term.titles:
                    scores[entry] += _TITLE_WEIGHT * weight * self._title_saturation.get(entry, 1.0)
        for _, factor, multiplied in self._factors:
            for entry in multiplied:
                scores[entry] *= factor
        for entry, points in self._meaning_points.items():
            if entry in scores:
                scores[entry] += points
        return scores

    def _parts_of(self, entry: int) -> Iterator[ScorePart]:
        for term in self._terms:
            if entry in term.entries:
                exact = entry in term.exact
                weight = term.rarity if exact else term.rarity * _INEXACT
                words = _described(term.term, exact=exact)
                if entry in term.titles:
                    points = _TITLE_WEIGHT * weight * self._title_saturation.get(entry, 1.0)
                    yield ScorePart(f"{words} in the title", points=round(points, 1))
                points = _BODY_WEIGHT * weight * self._entry_saturation.get(entry, 1.0)
                yield ScorePart(f"{words} in the record", points=round(points, 1))
        yield from (ScorePart(text, factor=factor) for text, factor, entries in self._factors if entry in entries)
        if entry in self._meaning_points:
            text = f"near in meaning, {self._cosines[entry]:.2f}"
            yield ScorePart(text, points=round(self._meaning_points[entry], 1))


def _described(term: Term, *, exact: bool) -> str:
    if exact:
        return f"“{term.word}”"
    return f"a word starting with “{term.word}”" if term.is_prefix else f"a word similar to “{term.word}”"


@dataclass(frozen=True, slots=True)
class _WeightedTerm:
    """A term with its rarity, and the candidates that contain it: in the title, anywhere, and as typed."""

    term: Term
    rarity: float
    titles: BitMap64
    entries: BitMap64
    exact: BitMap64


def _weigh(candidates: Matches, term: Term, readers: Sequence[Reader], total: int) -> _WeightedTerm:
    count = frequency(term, readers)
    rarity = math.log(1 + (total - count + 0.5) / (count + 0.5)) if total >= count else 0.0
    exact = [entries & term.exact_in(reader).entries for reader, entries in candidates.parts if entries]
    titles, entries = candidates.with_title_term(term).ids(), candidates.with_term(term).ids()
    return _WeightedTerm(term, rarity, titles, entries, BitMap64.union(*exact) if exact else BitMap64())


def _grouped(tokens: Mapping[int, str]) -> defaultdict[str, BitMap64]:
    """Returns the entries that have each token."""
    entries: defaultdict[str, list[int]] = defaultdict(list)
    for entry, token in tokens.items():
        entries[token].append(entry)
    return defaultdict(BitMap64, {token: BitMap64(some) for token, some in entries.items()})


def _saturations(sizes: Mapping[int, str], average: int) -> dict[int, float]:
    """Returns BM25's factor for the length of each candidate; lengths are indexed in steps."""
    factors = {token: _saturation(size_of(token) / average) for token in set(sizes.values())}
    return {entry: factors[token] for entry, token in sizes.items()}


def _saturation(length: float) -> float:
    return (_K + 1) / (1 + _K * (1 - _B + _B * length))


def _diversified(ordered: Sequence[int], rows: Mapping[int, EntryRow], tier: Mapping[int, int]) -> list[int]:
    """Moves hits of a session beyond its third to the end of their tier."""
    counts: Counter[tuple[int, int]] = Counter()
    places: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for entry in ordered:
        key = tier.get(entry, 0), rows[entry].session_id
        counts[key] += 1
        places[key[0], counts[key] <= _HITS_A_SESSION].append(entry)
    return [entry for place in sorted(places, reverse=True) for entry in places[place]]
