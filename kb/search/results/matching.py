"""Which entries match a query: exact sets, segment by segment, so that every count and facet is exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby

from pyroaring import BitMap64

from kb.search.index import Posting, Reader, union_of
from kb.search.index.facet_tokens import EVERYTHING, facet_name, facet_token
from kb.search.index.reading import PREFIX_MARK
from kb.search.language.filters import ALTERNATIVES
from kb.search.language.query import Query


@dataclass(frozen=True, slots=True)
class Term:
    """A word to look for. `is_prefix`: any word that starts with it matches; `alternatives`: any of these matches."""

    word: str
    is_prefix: bool = False
    alternatives: tuple[str, ...] = ()

    def exact_in(self, reader: Reader) -> Posting:
        return reader.posting(self.word)

    def posting_in(self, reader: Reader) -> Posting:
        if self.alternatives:
            return union_of(reader.posting(word) for word in self.alternatives)
        return reader.prefix_posting(self.word) if self.is_prefix else reader.posting(self.word)


def frequency(term: Term, readers: Sequence[Reader]) -> int:
    """Returns how many entries contain a term, not counting removed ones."""
    return sum(reader.count(term.posting_in(reader).entries) for reader in readers)


@dataclass(frozen=True, slots=True)
class Matches:
    """The matching entries of each segment, without removed ones."""

    parts: tuple[tuple[Reader, BitMap64], ...] = ()

    @property
    def total(self) -> int:
        return sum(len(entries) for _, entries in self.parts)

    def counts(self, tokens: Sequence[str]) -> list[int]:
        """Returns how many matches have each of these tokens."""
        found = [
            [entries.intersection_cardinality(reader.entries(token)) for token in tokens]
            for reader, entries in self.parts
            if entries
        ]
        return [sum(counts) for counts in zip(*found, strict=True)] if found else [0] * len(tokens)

    def with_token(self, token: str) -> Matches:
        return Matches(tuple((reader, entries & reader.entries(token)) for reader, entries in self.parts if entries))

    def with_term(self, term: Term) -> Matches:
        postings = ((reader, entries, term.posting_in(reader)) for reader, entries in self.parts if entries)
        return Matches(tuple((reader, entries & posting.entries) for reader, entries, posting in postings))

    def with_title_term(self, term: Term) -> Matches:
        postings = ((reader, entries, term.posting_in(reader)) for reader, entries in self.parts if entries)
        return Matches(tuple((reader, entries & posting.titles) for reader, entries, posting in postings))

    def joined(self, other: Matches) -> Matches:
        """Returns these matches and others."""
        by_reader = {reader.number: (reader, entries) for reader, entries in self.parts}
        for reader, entries in other.parts:
            known = by_reader.get(reader.number)
            by_reader[reader.number] = reader, known[1] | entries if known else entries
        return Matches(tuple(by_reader.values()))

    def without(self, ids: BitMap64) -> Matches:
        return Matches(tuple((reader, entries - ids) for reader, entries in self.parts)) if ids else self

    def only(self, ids: BitMap64) -> Matches:
        return Matches(tuple((reader, entries & ids) for reader, entries in self.parts))

    def ids(self) -> BitMap64:
        """Returns the ids of all matches. The set may belong to a cache: do not change it."""
        sets = [entries for _, entries in self.parts if entries]
        return sets[0] if len(sets) == 1 else BitMap64.union(*sets) if sets else BitMap64()

    def facet_tokens(self, name: str) -> list[str]:
        """Returns the tokens of a facet in the segments that have matches."""
        prefix = facet_token(name, "")
        return sorted({token for reader, entries in self.parts if entries for token in reader.tokens(prefix)})

    def values_of(self, *facets: str) -> list[dict[int, str]]:
        """Returns, for each of several facets with one value, the token of each match that has one."""
        values: list[dict[int, str]] = [{} for _ in facets]
        for reader, entries in self.parts:
            if entries:
                for known, more in zip(values, reader.values_of(entries, facets), strict=True):
                    known |= more
        return values

    def newest(self, limit: int) -> BitMap64:
        """Returns the newest matches by the day of their session, undated ones last."""
        if self.total <= limit:
            return self.ids()
        newest = BitMap64()
        for year in reversed(self.facet_tokens("year")):
            if len(newest) >= limit:
                return newest
            newest |= self._newest_within(year, limit - len(newest))
        return newest | _highest(self.ids() - newest, limit - len(newest))

    def _newest_within(self, period: str, limit: int) -> BitMap64:
        matches = self.with_token(period)
        if matches.total <= limit:
            return matches.ids()
        shorter = _shorter_periods(period)
        if not shorter:
            return _highest(matches.ids(), limit)
        newest = BitMap64()
        for token in shorter:
            newest |= matches._newest_within(token, limit - len(newest))
            if len(newest) >= limit:
                break
        return newest


def _shorter_periods(period: str) -> list[str]:
    """Returns the tokens of the months of a year or the days of a month, newest first."""
    name, value = facet_name(period)
    if name == "day":
        return []
    shorter, last = ("month", 12) if name == "year" else ("day", 31)
    return [facet_token(shorter, f"{value}-{number:02}") for number in range(last, 0, -1)]


def _highest(ids: BitMap64, limit: int) -> BitMap64:
    return BitMap64(ids[-limit:]) if 0 < limit < len(ids) else ids if limit > 0 else BitMap64()


@dataclass(frozen=True, slots=True)
class Criteria:
    """What entries have to match: a query, its words as terms, and the entries of filters that are not indexed."""

    query: Query
    terms: tuple[Term, ...]
    computed: Mapping[str, BitMap64] = field(default_factory=dict)


def tokens_of(criteria: Criteria) -> list[str]:
    """Returns the tokens that matching looks for before it relaxes anything."""
    query = criteria.query
    prefixes = [PREFIX_MARK + term.word for term in criteria.terms if term.is_prefix]
    words = [term.word for term in criteria.terms]
    return [EVERYTHING, *words, *prefixes, *query.excluded, *query.facets, *query.excluded_facets]


def match_all(readers: Sequence[Reader], criteria: Criteria) -> Matches:
    """Finds the entries that contain every term and pass every filter."""
    terms = criteria.terms
    return _match(readers, criteria, lambda reader: _intersection(term.posting_in(reader).entries for term in terms))


def match_any(readers: Sequence[Reader], criteria: Criteria) -> Matches:
    """Finds the entries that contain at least one term and pass every filter."""
    terms = criteria.terms
    return _match(readers, criteria, lambda reader: union_of(term.posting_in(reader) for term in terms).entries)


def _match(readers: Sequence[Reader], criteria: Criteria, with_words: Callable[[Reader], BitMap64]) -> Matches:
    parts = []
    for reader in readers:
        entries = with_words(reader) if criteria.terms else reader.entries(EVERYTHING)
        if entries:
            entries = filter_entries(reader, criteria, entries)
        parts.append((reader, entries - reader.removed))
    return Matches(tuple(parts))


def _intersection(sets: Iterable[BitMap64]) -> BitMap64:
    smallest_first = sorted(sets, key=len)
    return reduce(lambda entries, other: entries & other, smallest_first)


def filter_entries(reader: Reader, criteria: Criteria, entries: BitMap64) -> BitMap64:
    """Returns those entries of a segment that pass the filters of a query and contain no word it excludes."""
    query = criteria.query

    def with_token(token: str) -> BitMap64:
        return criteria.computed[token] if token in criteria.computed else reader.entries(token)

    for name, tokens in groupby(sorted(query.facets), key=lambda token: facet_name(token)[0]):
        sets = [with_token(token) for token in tokens]
        entries = entries & (BitMap64.union(*sets) if name in ALTERNATIVES else BitMap64.intersection(*sets))
    if query.after or query.before:
        entries = entries & _between(reader, query.after, query.before)
    unwanted = [with_token(token) for token in (*query.excluded, *query.excluded_facets)]
    return entries - BitMap64.union(*unwanted) if unwanted else entries


def _between(reader: Reader, after: dt.date | None, before: dt.date | None) -> BitMap64:
    first = facet_token("day", after.isoformat() if after else "")
    end = facet_token("day", before.isoformat() if before else "9999-12-31")
    days = [reader.entries(token) for token in reader.tokens(facet_token("day", "")) if first <= token < end]
    return BitMap64.union(*days) if days else BitMap64()
