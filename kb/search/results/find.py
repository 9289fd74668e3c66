"""Search: takes the text of a query and returns a page of hits with exact counts and facets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pyroaring import BitMap64

from kb.people import clock as days
from kb.search.index import Reader, Snapshot, load, with_snapshot
from kb.search.index.analysis import query_tokens
from kb.search.index.entries import EntryRow
from kb.search.language.pasted import states_an_error
from kb.search.language.query import Problem, Query, parse_query
from kb.search.results.computed import computed_filters
from kb.search.results.counting import Facet, count_facets
from kb.search.results.matching import Criteria, Matches, Term, tokens_of
from kb.search.results.nearness import Nearness, QueryVector, nearness, vector_of
from kb.search.results.ranking import (
    MAX_CANDIDATES,
    RANKED_BY,
    Ranked,
    Ranking,
    select_candidates,
    select_candidates_any,
)
from kb.search.results.relaxing import MissingWord, left_out, missing_words, relaxed, with_all_words
from kb.search.results.snippets import Parts, highlight, snippet
from sessions.parsing.problems.exceptions import exception_of

_BEST = 100  # entries
_MAX_TITLE = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. Title and snippet are in parts, each with whether it matches the query.

    by_words, by_meaning  what found it, one of them or both
    folded                further matches that tell the same: of the same issue or next step, or with the same words
    """

    entry: EntryRow
    title: Parts
    snippet: Parts
    ranked: Ranked
    by_words: bool = True
    by_meaning: bool = False
    folded: tuple[Hit, ...] = ()

    @property
    def has_working_fix(self) -> bool:
        return self.ranked.has_working_fix

    @property
    def kind(self) -> str:
        return self.entry.label


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use. `without`: the query's text without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of hits, and what is known about all matches.

    any_word     no entry contains all words, so the hits contain some of them
    corrections  rare words, each with the words that were searched for as well
    left_out     addresses, times and ids that no entry contains, without which it was searched
    missing      words because of which nothing, or not more, matches
    best         ids of the best hundred entries
    incomplete   part of the index could not be read, being damaged or of another version
    nearest      nothing contains the words, so the hits are those nearest in meaning
    has_more     there is a page after this one
    by_meaning   how many of `total` only meaning found
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: tuple[Facet, ...] = ()
    chips: tuple[Chip, ...] = ()
    problems: tuple[Problem, ...] = ()
    any_word: bool = False
    corrections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    left_out: tuple[str, ...] = ()
    missing: tuple[MissingWord, ...] = ()
    best: tuple[int, ...] = ()
    incomplete: bool = False
    nearest: bool = False
    has_more: bool = False
    by_meaning: int = 0


def search(
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    typing: bool = False,
    facets: bool = True,
    meaning: bool = True,
) -> SearchPage:
    """Returns the hits of a query, best first. An empty query has none. Without `meaning`, words alone find."""
    today = days.today()
    query = parse_query(text, today, typing=typing)
    if query.is_empty:
        return SearchPage(query, chips=_chips(query), problems=query.problems)
    terms = tuple(Term(word, is_prefix=word == query.typing) for word in query.terms)
    criteria = Criteria(query, terms, computed_filters(query, today))
    vector = vector_of(query) if meaning else None
    return with_snapshot(lambda index: _page(text, criteria, vector, index, limit, offset, facets=facets))


def find_matches(text: str, today: dt.date) -> Matches:
    """Returns the entries that contain every word of a query, unranked. An empty query has none."""
    query = parse_query(text, today)
    if query.is_empty:
        return Matches()
    criteria = Criteria(query, tuple(Term(word) for word in query.terms), computed_filters(query, today))
    return with_snapshot(lambda index: with_all_words(criteria, index.readers))


def _page(
    text: str, criteria: Criteria, vector: QueryVector | None, index: Snapshot, limit: int, offset: int, *, facets: bool
) -> SearchPage:
    query, readers = criteria.query, index.readers
    load(readers, tokens_of(criteria), RANKED_BY)
    is_error = states_an_error(text)
    words_first = is_error or not query.is_sentence
    # Nearness in meaning makes good what is mistyped in a question, which would take long to correct word by word.
    typed = criteria.terms
    criteria, words, any_word = relaxed(criteria, readers, correct=words_first or vector is None)
    suffice = words_first and not any_word and bool(words.total)
    near = nearness(vector, criteria, readers, words, words_suffice=suffice)
    matches = words.joined(near.matches)
    candidates = _candidates(criteria, words, readers, offset + limit, any_word=any_word).joined(near.matches)
    ranking = Ranking(
        candidates,
        criteria.terms,
        readers,
        shown=offset + limit,
        states_error=is_error,
        named=query_tokens(exception_of(text) or ""),
        cosines=near.cosines,
        words_first=words_first,
        words_suffice=suffice,
    )
    best, by_words = ranking.best(_BEST), words.ids()
    hits = tuple(_hit(ranked, query, by_words, near) for ranked in ranking.page(offset, limit))
    return SearchPage(
        query,
        hits,
        matches.total,
        count_facets(text, query, matches, best) if facets and matches.total else (),
        _chips(query),
        query.problems,
        any_word,
        corrections=tuple((term.word, term.alternatives[1:]) for term in criteria.terms if term.alternatives),
        left_out=left_out(typed, criteria.terms),
        missing=missing_words(criteria, readers) if words_first and (any_word or not words.total) else (),
        best=tuple(best),
        incomplete=index.incomplete,
        nearest=not words.total and bool(near.cosines),
        has_more=ranking.has_more,
        by_meaning=matches.total - words.total,
    )


def _candidates(
    criteria: Criteria, matches: Matches, readers: Sequence[Reader], shown: int, *, any_word: bool
) -> Matches:
    limit = max(MAX_CANDIDATES, shown)
    if any_word:
        return select_candidates_any(matches, criteria.terms, readers, limit)
    return select_candidates(matches, criteria.terms, limit)


def _hit(told: Sequence[Ranked], query: Query, by_words: BitMap64, near: Nearness) -> Hit:
    """Returns a hit with what is folded under it."""
    ranked, *others = told
    entry = ranked.entry
    body = entry.body.strip()
    shown = snippet(body, query) if body and body != entry.title else ()
    title = highlight(entry.title[:_MAX_TITLE], query)
    below = tuple(_hit([other], query, by_words, near) for other in others)
    return Hit(entry, title, shown, ranked, entry.pk in by_words, entry.pk in near.cosines, below)


def _chips(query: Query) -> tuple[Chip, ...]:
    return tuple(Chip(part.text, query.without(part)) for part in query.parts if part.is_filter)
