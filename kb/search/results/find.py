"""Search: a query's text in, a page of hits out, with exact counts and facets."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kb.people import clock as days
from kb.queries.met_before import states_an_error
from kb.search.index import Reader, Snapshot, with_snapshot
from kb.search.index.analysis import query_tokens
from kb.search.index.entries import EntryRow
from kb.search.language.query import Problem, Query, parse_query
from kb.search.results.computed import computed_filters, with_phrases
from kb.search.results.corrections import corrected, in_pieces
from kb.search.results.counting import Facet, count_facets
from kb.search.results.matching import Asked, Matches, Term, all_terms, any_term, frequency
from kb.search.results.ranking import CANDIDATES, Ranked, Ranking, choose, choose_any
from kb.search.results.snippets import Parts, highlight, snippet

_RARE = 2  # entries: a word that so few hold may be mistyped all the same
_LOOKED_AT = 100  # of the best entries, whose exceptions and files become facets


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. The parts are (text, matches) pairs; `ranked` tells why it stands where it does."""

    entry: EntryRow
    title: Parts
    snippet: Parts
    ranked: Ranked

    @property
    def has_working_fix(self) -> bool:
        return self.ranked.has_working_fix

    @property
    def kind(self) -> str:
        return self.entry.label


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A word to blame; `query` is the query's text without it, and `count` what that finds."""

    word: str
    query: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What a search found.

    any_word      no entry held all words, so these hold some of them
    corrections   words that nothing held, each with the words that were searched for besides
    missing       words that kept the search from finding more
    best          ids of the first hundred entries
    incomplete    a part of the index could not be read, as it is damaged or of an older version
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    problems: tuple[Problem, ...]
    any_word: bool
    took_ms: float = 0.0
    corrections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    missing: tuple[Missing, ...] = ()
    best: tuple[int, ...] = ()
    incomplete: bool = False


def search(text: str, *, limit: int = 20, offset: int = 0, typing: bool = False, facets: bool = True) -> SearchPage:
    """The hits of a query, best first. An empty query finds nothing."""
    start = time.perf_counter()
    query = parse_query(text, days.today(), typing=typing)
    if query.is_empty:
        return SearchPage(query, (), 0, (), _chips(query), query.problems, False)
    page = with_snapshot(lambda index: _search(text, query, index, limit, offset, facets=facets))
    return replace(page, took_ms=(time.perf_counter() - start) * 1000)


def matches(text: str, today: dt.date) -> Matches:
    """All that holds every word of a query, not ranked. An empty query finds nothing."""
    query = parse_query(text, today)
    if query.is_empty:
        return Matches()
    asked = Asked(query, tuple(Term(word) for word in query.terms), computed_filters(query))
    return with_snapshot(lambda index: with_phrases(all_terms(index.readers, asked), query))


def _search(text: str, query: Query, index: Snapshot, limit: int, offset: int, *, facets: bool) -> SearchPage:
    segments = index.readers
    terms = tuple(Term(word, beginning=word == query.typing) for word in query.terms)
    asked = Asked(query, terms, computed_filters(query))
    asked, found, any_word = _widened(asked, segments)
    most = max(CANDIDATES, offset + limit)
    candidates = (choose_any if any_word else choose)(found, asked.terms, segments, most)
    ranking = Ranking(candidates, asked.terms, segments, shown=offset + limit, of_error=states_an_error(text))
    best = ranking.best(_LOOKED_AT)
    return SearchPage(
        query,
        tuple(_hit(one, query) for one in ranking.page(offset, limit)),
        found.total,
        count_facets(text, query, found, best) if facets and found.total else (),
        _chips(query),
        query.problems,
        any_word,
        corrections=tuple((term.word, term.instead[1:]) for term in asked.terms if term.instead),
        missing=() if found.total and not any_word else _missing(asked, segments),
        best=tuple(best),
        incomplete=index.incomplete,
    )


def _widened(asked: Asked, segments: Sequence[Reader]) -> tuple[Asked, Matches, bool]:
    """What holds all words; only where nothing does, words are corrected, cut into parts, or any of them will do."""
    found = with_phrases(all_terms(segments, asked), asked.query)
    wider: tuple[Callable[[], tuple[Term, ...]], ...] = (
        lambda: corrected(asked.terms, segments),
        lambda: in_pieces(corrected(asked.terms, segments), segments),
        lambda: corrected(asked.terms, segments, at_most=_RARE),
    )
    for terms in wider:
        if found.total or not asked.terms:
            return asked, found, False
        other = replace(asked, terms=terms())
        found = with_phrases(all_terms(segments, other), asked.query)
        if found.total:
            return other, found, False
    any_word = any_term(segments, asked)
    return asked, any_word, bool(any_word.total)


def _missing(asked: Asked, segments: Sequence[Reader]) -> tuple[Missing, ...]:
    """The words that no record holds, or where each is held somewhere, all of them."""
    counts = {term: frequency(term, segments) for term in asked.terms}
    blamed = [term for term, count in counts.items() if not count] or list(counts)
    return tuple(Missing(term.word, *_without_word(asked, term, segments)) for term in blamed if len(counts) > 1)


def _without_word(asked: Asked, term: Term, segments: Sequence[Reader]) -> tuple[str, int]:
    rest = replace(asked, terms=tuple(other for other in asked.terms if other != term))
    text = " ".join(part.text for part in asked.query.parts if term.word not in query_tokens(part.text))
    return text, all_terms(segments, rest).total


def _hit(one: Ranked, query: Query) -> Hit:
    body = one.entry.body.strip()
    shown = snippet(body, query) if body and body != one.entry.title else ()
    return Hit(one.entry, highlight(one.entry.title[:300], query), shown, one)


def _chips(query: Query) -> tuple[Chip, ...]:
    return tuple(Chip(part.text, query.without(part)) for part in query.parts if part.is_filter)
