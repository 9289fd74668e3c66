"""Precomputes, when segments are merged, the union of all words with the same first letters if there are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.search.index.facet_tokens import FACET
from kb.search.index.postings import Posting, Stored, decode, encode, union_of
from kb.search.index.reading import PREFIX_LENGTHS, PREFIX_MARK

_MANY = 200  # words; the union of fewer is quick to compute when it is needed


def with_prefixes(tokens: Iterator[tuple[str, Stored]]) -> Iterator[tuple[str, Stored]]:
    """Yields the tokens, and after them the union of all words for each group of shared first letters."""
    unions: dict[str, Stored] = {}
    shared: dict[int, tuple[str, list[Posting]]] = {length: ("", []) for length in PREFIX_LENGTHS}
    for token, value in tokens:
        yield token, value
        if token.startswith(FACET):
            continue
        posting = decode(value)
        for length in PREFIX_LENGTHS:
            letters, same = shared[length]
            if token[:length] != letters:
                _add_union(unions, letters, same)
                same = []
                shared[length] = token[:length], same
            same.append(posting)
    for letters, same in shared.values():
        _add_union(unions, letters, same)
    yield from ((PREFIX_MARK + letters, unions[letters]) for letters in sorted(unions))


def _add_union(unions: dict[str, Stored], letters: str, postings: Sequence[Posting]) -> None:
    if len(postings) >= _MANY and letters not in unions:
        unions[letters] = encode(union_of(postings))
