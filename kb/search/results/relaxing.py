"""What is searched for when no entry contains all words, and because of which words that is so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from pyroaring import BitMap64

from kb.linking.masking import mask
from kb.search.index import Reader
from kb.search.index.analysis import query_tokens
from kb.search.index.facet_tokens import EVERYTHING
from kb.search.results.computed import with_phrases
from kb.search.results.corrections import begun, corrected, in_pieces
from kb.search.results.matching import Criteria, Matches, Term, frequency, match_all, match_any

_RARE = 2  # entries: a word in so few of them may still be mistyped
_COMMON = 0.002  # share of all entries: a word in more of them says too little alone
_SEVERAL = 3  # words, of which a common one alone is not worth showing


@dataclass(frozen=True, slots=True)
class MissingWord:
    """A word because of which nothing matches. `query`: the query's text without it; `count`: what that matches."""

    word: str
    query: str
    count: int


def relaxed(criteria: Criteria, readers: Sequence[Reader], *, correct: bool = True) -> tuple[Criteria, Matches, bool]:
    """Matches all words; only if nothing does, completes or corrects words, splits identifiers, or accepts any of them.

    Words that change from one occurrence to the next are left out first. Without `correct` the others are taken as they
    are typed. Returns the criteria that were used in the end, and whether any word was enough.
    """
    matches = with_all_words(criteria, readers)
    if not matches.total and (lasting := _lasting(criteria.terms, readers)) != criteria.terms:
        criteria = replace(criteria, terms=lasting)
        matches = with_all_words(criteria, readers)
    mended = cache(lambda: corrected(criteria.terms, readers))  # which takes long
    relaxations: tuple[Callable[[], tuple[Term, ...]], ...] = (
        lambda: begun(criteria.terms, readers),
        mended,
        lambda: in_pieces(mended(), readers),
        lambda: corrected(criteria.terms, readers, max_frequency=_RARE),
    )
    for relaxed_terms in relaxations:
        if matches.total or not criteria.terms:
            return criteria, matches, False
        if not correct:
            break
        relaxed = replace(criteria, terms=relaxed_terms())
        matches = with_all_words(relaxed, readers)
        if matches.total:
            return relaxed, matches, False
    if correct and any(frequency(term, readers) for term in criteria.terms):  # the others may be of another language
        criteria = replace(criteria, terms=mended())
    matches = _with_some_words(criteria, readers)
    return criteria, matches, bool(matches.total)


def _lasting(terms: tuple[Term, ...], readers: Sequence[Reader]) -> tuple[Term, ...]:
    """Returns the terms without addresses, times and ids that no entry contains, unless nothing else is left."""
    lasting = tuple(term for term in terms if mask(term.word) or frequency(term, readers))
    return lasting or terms


def left_out(typed: Sequence[Term], used: Sequence[Term]) -> tuple[str, ...]:
    """Returns the words that were left out because they change from one occurrence to the next."""
    kept = {term.word for term in used}
    return tuple(term.word for term in typed if term.word not in kept and not mask(term.word))


def with_all_words(criteria: Criteria, readers: Sequence[Reader]) -> Matches:
    """Matches the entries that contain every word, and every phrase word for word."""
    return with_phrases(match_all(readers, criteria), criteria.query)


def _with_some_words(criteria: Criteria, readers: Sequence[Reader]) -> Matches:
    """Matches any word; of several words, two of them or one that is not common."""
    matches = match_any(readers, criteria)
    if len(criteria.terms) < _SEVERAL or not matches.total:
        return matches
    most = _COMMON * sum(reader.count(reader.entries(EVERYTHING)) for reader in readers)
    found = [(term, matches.with_term(term).ids()) for term in criteria.terms]
    alone = [entries for term, entries in found if frequency(term, readers) <= most]
    together = [one & other for (_, one), (_, other) in combinations(found, 2)]
    return matches.only(BitMap64.union(*alone, *together)) if any((*alone, *together)) else matches


def missing_words(criteria: Criteria, readers: Sequence[Reader]) -> tuple[MissingWord, ...]:
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
