"""Words that find nothing: what may have been meant, and the parts of an identifier that do find something.

Distances are those of optimal string alignment (a swap of neighbours is one step). Numbers, codes and paths are never
corrected: one digit off is another thing.
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

_SHORTEST = 4
_LONG = 8  # words as long as this may be two steps off
_MOST = 6  # words that stand for one
_MOST_NEAR = 50  # words looked at, the nearest first


def corrected(terms: Sequence[Term], readers: Sequence[Reader], *, at_most: int = 0) -> tuple[Term, ...]:
    """The terms, those held by `at_most` entries or fewer with the words that may have been meant."""
    return tuple(_corrected(term, readers) if frequency(term, readers) <= at_most else term for term in terms)


def in_pieces(terms: Sequence[Term], readers: Sequence[Reader]) -> tuple[Term, ...]:
    """The terms, identifiers that nothing holds replaced by the largest of their parts that something holds."""
    found: dict[str, Term] = {}
    for term in terms:
        pieces = [] if frequency(term, readers) else _pieces(term.word, readers)
        found |= {piece.word: piece for piece in pieces or [term]}
    return tuple(found.values())


def _corrected(term: Term, readers: Sequence[Reader]) -> Term:
    if term.instead or not _may_be_mistyped(term.word):
        return term
    near = _near(term.word, readers)
    return replace(term, instead=(term.word, *near)) if near else term


def _may_be_mistyped(word: str) -> bool:
    return len(word) >= _SHORTEST and word.replace("_", "").isalpha() and word.isascii()


def _near(word: str, readers: Sequence[Reader]) -> list[str]:
    """The nearest words of the index, the commonest first."""
    near = {token: distance for token, distance in _within_reach(word, readers) if token != word}
    if not near:
        return []
    nearest = min(near.values())
    words = [token for token, distance in near.items() if distance == nearest]
    return sorted(words, key=lambda token: (-frequency(Term(token), readers), token))[:_MOST]


def _within_reach(word: str, readers: Sequence[Reader]) -> Iterable[tuple[str, int]]:
    reach = 2 if len(word) >= _LONG else 1
    starts = {word[:2], word[1] + word[0], word[1:3]}
    known = {
        t for reader in readers for start in starts for t in reader.tokens(start) if abs(len(t) - len(word)) <= reach
    }
    nearest = extract(word, sorted(known), scorer=OSA.distance, score_cutoff=reach, limit=None)
    held = ((token, int(distance)) for token, distance, _ in nearest if frequency(Term(token), readers))
    found = list(islice(held, _MOST_NEAR))
    yield from (pair for pair in found if _may_be_mistyped(pair[0]))
    if not found:
        yield from ((token, 1) for token in _other_starts(word) if frequency(Term(token), readers))


def _other_starts(word: str) -> set[str]:
    """Words that differ from this one by one letter among its first two."""
    replaced = {word[:at] + letter + word[at + 1 :] for at in (0, 1) for letter in string.ascii_lowercase}
    return replaced | {word[:at] + letter + word[at:] for at in (0, 1) for letter in string.ascii_lowercase}


def _pieces(word: str, readers: Sequence[Reader]) -> list[Term]:
    parts = sorted({part for part in index_tokens(word) if part != word and not part.startswith(FACET)}, key=len)
    kept: list[str] = []
    for part in reversed(parts):
        if not any(part in larger for larger in kept) and frequency(Term(part), readers):
            kept.append(part)
    return [Term(part) for part in kept]
