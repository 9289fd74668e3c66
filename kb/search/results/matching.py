"""Which entries a query finds: exact sets, segment by segment, so that every count and facet is exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby

from pyroaring import BitMap64

from kb.search.index import Posting, Reader, union_of
from kb.search.index.facet_tokens import EVERYTHING, facet_name, facet_token
from kb.search.language.filters import ALTERNATIVES
from kb.search.language.query import Query


@dataclass(frozen=True, slots=True)
class Term:
    """A word asked for. `beginning`: any word that begins with it will do; `instead`: any of these words will do."""

    word: str
    beginning: bool = False
    instead: tuple[str, ...] = ()

    def exact_in(self, reader: Reader) -> Posting:
        return reader.posting(self.word)

    def posting_in(self, reader: Reader) -> Posting:
        if self.instead:
            return union_of(reader.posting(word) for word in self.instead)
        return reader.prefix_posting(self.word) if self.beginning else reader.posting(self.word)


def frequency(term: Term, readers: Sequence[Reader]) -> int:
    """How many entries hold a term; those that are gone are not counted."""
    return sum(reader.count(term.posting_in(reader).entries) for reader in readers)


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found in each segment; entries that are gone are left out."""

    parts: tuple[tuple[Reader, BitMap64], ...] = ()

    @property
    def total(self) -> int:
        return sum(len(found) for _, found in self.parts)

    def count(self, token: str) -> int:
        return sum(found.intersection_cardinality(reader.entries(token)) for reader, found in self.parts if found)

    def within(self, token: str) -> Matches:
        return Matches(tuple((reader, found & reader.entries(token)) for reader, found in self.parts if found))

    def where(self, term: Term, *, title: bool = False) -> Matches:
        """Those that hold a term, in their titles where asked so."""
        held = ((reader, found, term.posting_in(reader)) for reader, found in self.parts if found)
        return Matches(tuple((reader, found & (p.titles if title else p.entries)) for reader, found, p in held))

    def less(self, ids: BitMap64) -> Matches:
        return Matches(tuple((reader, found - ids) for reader, found in self.parts))

    def only(self, ids: BitMap64) -> Matches:
        return Matches(tuple((reader, found & ids) for reader, found in self.parts))

    def ids(self) -> BitMap64:
        """All of them, as a set that is not to be changed."""
        sets = [found for _, found in self.parts if found]
        return sets[0] if len(sets) == 1 else BitMap64.union(*sets) if sets else BitMap64()

    def values(self, name: str) -> list[str]:
        """The tokens of a facet in the segments where something was found."""
        letters = facet_token(name, "")
        return sorted({token for reader, found in self.parts if found for token in reader.tokens(letters)})

    def newest(self, most: int) -> BitMap64:
        """The newest of them by the day of their session, undated ones last."""
        taken = BitMap64()
        for year in reversed(self.values("year")):
            if len(taken) >= most:
                return taken
            taken |= self._newest_of(year, most - len(taken))
        return taken | _highest(self.ids() - taken, most - len(taken))

    def _newest_of(self, token: str, most: int) -> BitMap64:
        found = self.within(token)
        if found.total <= most:
            return found.ids()
        finer = _finer(token)
        if not finer:
            return _highest(found.ids(), most)
        taken = BitMap64()
        for part in finer:
            taken |= found._newest_of(part, most - len(taken))
            if len(taken) >= most:
                break
        return taken


def _finer(token: str) -> list[str]:
    """The months of a year or the days of a month, newest first."""
    name, value = facet_name(token)
    if name == "day":
        return []
    finer, last = ("month", 12) if name == "year" else ("day", 31)
    return [facet_token(finer, f"{value}-{number:02}") for number in range(last, 0, -1)]


def _highest(ids: BitMap64, most: int) -> BitMap64:
    return BitMap64(ids[-most:]) if 0 < most < len(ids) else ids if most > 0 else BitMap64()


@dataclass(frozen=True, slots=True)
class Asked:
    """A query made ready: its terms, and the entries of filters that are computed rather than indexed."""

    query: Query
    terms: tuple[Term, ...]
    computed: Mapping[str, BitMap64] = field(default_factory=dict)


def all_terms(readers: Sequence[Reader], asked: Asked) -> Matches:
    """The entries that hold every term and pass every filter."""
    return _matches(readers, asked, lambda reader: _every(term.posting_in(reader).entries for term in asked.terms))


def any_term(readers: Sequence[Reader], asked: Asked) -> Matches:
    """The entries that hold a term at least and pass every filter."""
    return _matches(readers, asked, lambda reader: union_of(term.posting_in(reader) for term in asked.terms).entries)


def _matches(readers: Sequence[Reader], asked: Asked, words: Callable[[Reader], BitMap64]) -> Matches:
    parts = []
    for reader in readers:
        found = words(reader) if asked.terms else reader.entries(EVERYTHING)
        if found:
            found = _filtered(reader, asked, found)
        parts.append((reader, found - reader.removed))
    return Matches(tuple(parts))


def _every(sets: Iterable[BitMap64]) -> BitMap64:
    ordered = sorted(sets, key=len)
    return reduce(lambda found, other: found & other, ordered)


def _filtered(reader: Reader, asked: Asked, found: BitMap64) -> BitMap64:
    query = asked.query

    def holding(token: str) -> BitMap64:
        return asked.computed[token] if token in asked.computed else reader.entries(token)

    for name, tokens in groupby(sorted(query.facets), key=lambda token: facet_name(token)[0]):
        sets = [holding(token) for token in tokens]
        found = found & (BitMap64.union(*sets) if name in ALTERNATIVES else BitMap64.intersection(*sets))
    if query.after or query.before:
        found = found & _between(reader, query.after, query.before)
    unwanted = [holding(token) for token in (*query.excluded, *query.excluded_facets)]
    return found - BitMap64.union(*unwanted) if unwanted else found


def _between(reader: Reader, after: dt.date | None, before: dt.date | None) -> BitMap64:
    first = facet_token("day", after.isoformat() if after else "")
    end = facet_token("day", before.isoformat() if before else "9999-12-31")
    days = [reader.entries(token) for token in reader.tokens(facet_token("day", "")) if first <= token < end]
    return BitMap64.union(*days) if days else BitMap64()
