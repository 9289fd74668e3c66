"""Corrects words that match nothing, and falls back to the parts of an identifier that match something.

Distances are those of optimal string alignment: swapping two neighbours is one step. Numbers, codes and paths are
never corrected, since they mean something else with one digit changed.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from kb.search.index import Reader
from kb.search.index.analysis import index_tokens
from kb.search.index.facet_tokens import FACET
from kb.search.results.matching import Term, frequency

_MIN_LENGTH = 4
_BEGINNING = 5  # letters: with fewer, too many words begin
_LONG = 8  # words of this length may be two steps off
_MAX_CORRECTIONS = 6  # of one word
_MAX_NEAR = 50  # words considered, nearest first


def corrected(terms: Sequence[Term], readers: Sequence[Reader], *, max_frequency: int = 0) -> tuple[Term, ...]:
    """Returns the terms; words that at most `max_frequency` entries contain may also match their corrections."""
    return tuple(_corrected(term, readers) if frequency(term, readers) <= max_frequency else term for term in terms)


def begun(terms: Sequence[Term], readers: Sequence[Reader]) -> tuple[Term, ...]:
    """Returns the terms; words that no entry contains, but with which others begin, match as their beginnings."""
    return tuple(_begun(term, readers) for term in terms)


def _begun(term: Term, readers: Sequence[Reader]) -> Term:
    if term.alternatives or term.is_prefix or len(term.word) < _BEGINNING or frequency(term, readers):
        return term
    beginning = replace(term, is_prefix=True)
    return beginning if frequency(beginning, readers) else term


def in_pieces(terms: Sequence[Term], readers: Sequence[Reader]) -> tuple[Term, ...]:
    """Returns the terms; identifiers that match nothing are replaced by their largest parts that match something."""
    by_word: dict[str, Term] = {}
    for term in terms:
        pieces = [] if frequency(term, readers) else _pieces(term.word, readers)
        by_word |= {piece.word: piece for piece in pieces or [term]}
    return tuple(by_word.values())


def _corrected(term: Term, readers: Sequence[Reader]) -> Term:
    if term.alternatives or not _may_be_mistyped(term.word):
        return term
    nearest = _nearest(term.word, readers)
    return replace(term, alternatives=(term.word, *nearest)) if nearest else term


def _may_be_mistyped(word: str) -> bool:
    return len(word) >= _MIN_LENGTH and word.replace("_", "").isalpha() and word.isascii()


def _nearest(word: str, readers: Sequence[Reader]) -> list[str]:
    """Returns the nearest words of the index, the most common ones first."""
    distances = {token: distance for token, distance in _near(word, readers) if token != word}
    if not distances:
        return []
    shortest = min(distances.values())
    words = [token for token, distance in distances.items() if distance == shortest]
    return sorted(words, key=lambda token: (-frequency(Term(token), readers), token))[:_MAX_CORRECTIONS]


def _near(word: str, readers: Sequence[Reader]) -> Iterable[tuple[str, int]]:
    """Yields words of the index within reach and their distance, looking at those with similar first letters."""
    reach = 2 if len(word) >= _LONG else 1
    starts = {word[:2], word[1] + word[0], word[1:3], word[0] + word[2]}
    tokens = {token for reader in readers for start in starts for token in reader.tokens(start)}
    candidates = sorted(token for token in tokens if abs(len(token) - len(word)) <= reach)
    nearest = extract(word, candidates, scorer=OSA.distance, score_cutoff=reach, limit=None)
    used = ((token, int(distance)) for token, distance, _ in nearest if frequency(Term(token), readers))
    near = [pair for pair in islice(used, _MAX_NEAR) if _may_be_mistyped(pair[0])]
    yield from near
    if all(distance > 1 for _, distance in near):  # a hundred look-ups in each segment
        yield from ((token, 1) for token in _other_starts(word) if frequency(Term(token), readers))


def _other_starts(word: str) -> set[str]:
    """Returns the word with one of its first two letters replaced, or a letter inserted before either."""
    replaced = {word[:at] + letter + word[at + 1 :] for at in (0, 1) for letter in string.ascii_lowercase}
    return replaced | {word[:at] + letter + word[at:] for at in (0, 1) for letter in string.ascii_lowercase}


def _pieces(word: str, readers: Sequence[Reader]) -> list[Term]:
    parts = sorted({part for part in index_tokens(word) if part != word and not part.startswith(FACET)}, key=len)
    kept: list[str] = []
    for part in reversed(parts):
        if not any(part in larger for larger in kept) and frequency(Term(part), readers):
            kept.append(part)
    return [Term(part) for part in kept]
