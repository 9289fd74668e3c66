"""Precomputes, when segments are merged, the union of all words with the same first letters if there are many."""

from __future__ import annotations

from collections.abc import Iterator

from kb.search.index.facet_tokens import FACET
from kb.search.index.postings import Stored, union_as_stored
from kb.search.index.reading import PREFIX_LENGTHS, PREFIX_MARK

_MANY = 200  # words; the union of fewer is quick to compute when it is needed
_SHORTEST, _LONGEST = PREFIX_LENGTHS[0], PREFIX_LENGTHS[-1]


def with_prefixes(tokens: Iterator[tuple[str, Stored]]) -> Iterator[tuple[str, Stored]]:
    """Yields the tokens, and after them the union of all words for each group of shared first letters."""
    groups = _Groups()
    for token, value in tokens:
        yield token, value
        if not token.startswith(FACET):
            groups.add(token, value)
    yield from groups.unions()


class _Groups:
    """Words in their order, of which those with the same first letters follow each other."""

    def __init__(self) -> None:
        self._unions: dict[str, Stored] = {}
        self._last = ""
        self._values: list[Stored] = []  # of the words with the same shortest beginning
        self._starts = [0] * (_LONGEST + 1)  # where in them the words begin that share so many letters with the last

    def add(self, word: str, value: Stored) -> None:
        shared = _SHORTEST
        while shared <= _LONGEST and word[:shared] == self._last[:shared]:
            shared += 1
        self._end(shared)
        self._values.append(value)
        self._last = word

    def unions(self) -> Iterator[tuple[str, Stored]]:
        """Ends all groups, and yields the union of each that has many words."""
        self._end(_SHORTEST)
        yield from ((PREFIX_MARK + letters, self._unions[letters]) for letters in sorted(self._unions))

    def _end(self, shortest: int) -> None:
        """Ends the groups of words that share so many letters or more: the longer, the fewer words."""
        for length in range(shortest, _LONGEST + 1):
            if len(self._values) - self._starts[length] < _MANY:
                break
            self._unions[self._last[:length]] = union_as_stored(self._values[self._starts[length] :])
        if shortest == _SHORTEST:
            self._values.clear()
        self._starts[shortest:] = [len(self._values)] * (_LONGEST + 1 - shortest)
