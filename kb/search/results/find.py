"""Search: takes the text of a query and returns a page of hits with exact counts and facets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kb.people import clock as days
from kb.search.index import Reader, Snapshot, with_snapshot
from kb.search.index.analysis import query_tokens
from kb.search.index.entries import EntryRow
from kb.search.language.pasted import states_an_error
from kb.search.language.query import Problem, Query, parse_query
from kb.search.results.computed import computed_filters, with_phrases
from kb.search.results.corrections import corrected, in_pieces
from kb.search.results.counting import Facet, count_facets
from kb.search.results.matching import Criteria, Matches, Term, frequency, match_all, match_any
from kb.search.results.ranking import MAX_CANDIDATES, Ranked, Ranking, select_candidates, select_candidates_any
from kb.search.results.snippets import Parts, highlight, snippet

_RARE = 2  # entries: a word in so few of them may still be mistyped
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
class MissingWord:
    """A word because of which nothing matches. `query`: the query's text without it; `count`: what that matches."""

    word: str
    query: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of hits, and what is known about all matches.

    any_word     no entry contains all words, so the hits contain some of them
    corrections  rare words, each with the words that were searched for as well
    missing      words because of which nothing, or not more, matches
    best         ids of the best hundred entries
    incomplete   part of the index could not be read, being damaged or of another version
    nearest      nothing contains the words, so the hits are those nearest in meaning
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
    missing: tuple[MissingWord, ...] = ()
    best: tuple[int, ...] = ()
    incomplete: bool = False
    nearest: bool = False
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
    return with_snapshot(lambda index: _page(text, criteria, index, limit, offset, facets=facets))


def find_matches(text: str, today: dt.date) -> Matches:
    """Returns the entries that contain every word of a query, unranked. An empty query has none."""
    query = parse_query(text, today)
    if query.is_empty:
        return Matches()
    criteria = Criteria(query, tuple(Term(word) for word in query.terms), computed_filters(query, today))
    return with_snapshot(lambda index: _with_all_words(criteria, index.readers))


def _page(text: str, criteria: Criteria, index: Snapshot, limit: int, offset: int, *, facets: bool) -> SearchPage:
    query, readers = criteria.query, index.readers
    criteria, matches, any_word = _relaxed(criteria, readers)
    candidates = _candidates(criteria, matches, readers, offset + limit, any_word=any_word)
    ranking = Ranking(candidates, criteria.terms, readers, shown=offset + limit, states_error=states_an_error(text))
    best = ranking.best(_BEST)
    return SearchPage(
        query,
        tuple(_hit(ranked, query) for ranked in ranking.page(offset, limit)),
        matches.total,
        count_facets(text, query, matches, best) if facets and matches.total else (),
        _chips(query),
        query.problems,
        any_word,
        corrections=tuple((term.word, term.alternatives[1:]) for term in criteria.terms if term.alternatives),
        missing=() if matches.total and not any_word else _missing_words(criteria, readers),
        best=tuple(best),
        incomplete=index.incomplete,
    )


def _relaxed(criteria: Criteria, readers: Sequence[Reader]) -> tuple[Criteria, Matches, bool]:
    """Matches all words; only if nothing does, corrects words, splits identifiers, or accepts any of the words.

    Returns the criteria that were used in the end, and whether any word was enough.
    """
    matches = _with_all_words(criteria, readers)
    relaxations: tuple[Callable[[], tuple[Term, ...]], ...] = (
        lambda: corrected(criteria.terms, readers),
        lambda: in_pieces(corrected(criteria.terms, readers), readers),
        lambda: corrected(criteria.terms, readers, max_frequency=_RARE),
    )
    for relaxed_terms in relaxations:
        if matches.total or not criteria.terms:
            return criteria, matches, False
        relaxed = replace(criteria, terms=relaxed_terms())
        matches = _with_all_words(relaxed, readers)
        if matches.total:
            return relaxed, matches, False
    matches = match_any(readers, criteria)
    return criteria, matches, bool(matches.total)


def _with_all_words(criteria: Criteria, readers: Sequence[Reader]) -> Matches:
    return with_phrases(match_all(readers, criteria), criteria.query)


def _candidates(
    criteria: Criteria, matches: Matches, readers: Sequence[Reader], shown: int, *, any_word: bool
) -> Matches:
    limit = max(MAX_CANDIDATES, shown)
    if any_word:
        return select_candidates_any(matches, criteria.terms, readers, limit)
    return select_candidates(matches, criteria.terms, limit)


def _missing_words(criteria: Criteria, readers: Sequence[Reader]) -> tuple[MissingWord, ...]:
    """Returns the words that no record contains or, if each is in some record, all of them."""
    counts = {term: frequency(term, readers) for term in criteria.terms}
    if len(counts) < 2:
        return ()
    missing = [term for term, count in counts.items() if not count] or list(counts)
    return tuple(_missing_word(criteria, term, readers) for term in missing)


def _missing_word(criteria: Criteria, term: Term, readers: Sequence[Reader]) -> MissingWord:
    rest = replace(criteria, terms=tuple(other for other in criteria.terms if other != term))
    query = " ".join(part.text for part in criteria.query.parts if term.word not in query_tokens(part.text))
    return MissingWord(term.word, query, match_all(readers, rest).total)


def _hit(ranked: Ranked, query: Query) -> Hit:
    entry = ranked.entry
    body = entry.body.strip()
    shown = snippet(body, query) if body and body != entry.title else ()
    return Hit(entry, highlight(entry.title[:_MAX_TITLE], query), shown, ranked)


def _chips(query: Query) -> tuple[Chip, ...]:
    return tuple(Chip(part.text, query.without(part)) for part in query.parts if part.is_filter)
