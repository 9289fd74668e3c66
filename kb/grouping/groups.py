"""Which errors are one problem: equal signatures, links between signatures, and what people decided.

Pure: it knows error and signature numbers only. The outcome depends on the set of facts and not on their order, so
importing the same logs in another order, or again, gives the same groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of some errors.

    signatures  error → its signature
    links       pairs of signatures that are alike, with their score
    together    sets of errors that people called one problem
    apart       pairs of sets of errors that people called different problems
    """

    signatures: Mapping[int, int]
    links: Mapping[Pair, float] = field(default_factory=dict)
    together: Sequence[frozenset[int]] = ()
    apart: Sequence[tuple[frozenset[int], frozenset[int]]] = ()


def group(facts: Facts) -> list[frozenset[int]]:
    """The groups of errors, by their smallest error. People's word comes first, then equality, then the likest pairs.

    A union that would bring together what a person set apart is left out.
    """
    groups = _Groups(facts.signatures, facts.apart)
    for together in facts.together:
        groups.join_all(sorted(together & facts.signatures.keys()))
    for left, right in facts.apart:
        groups.join_all(sorted(left & facts.signatures.keys()))
        groups.join_all(sorted(right & facts.signatures.keys()))
    by_signature: dict[int, list[int]] = defaultdict(list)
    for error in sorted(facts.signatures):
        by_signature[facts.signatures[error]].append(error)
    for errors in by_signature.values():
        groups.join_all(errors)
    for (one, other), _score in sorted(facts.links.items(), key=lambda item: (-item[1], item[0])):
        for mine in groups.tops(by_signature.get(one, ())):
            for theirs in groups.tops(by_signature.get(other, ())):
                groups.join(mine, theirs)
    return groups.members()


class _Groups:
    """Disjoint sets of errors that respect what was set apart."""

    def __init__(self, errors: Iterable[int], apart: Sequence[tuple[frozenset[int], frozenset[int]]]) -> None:
        self._top = {error: error for error in errors}
        self._members = {error: {error} for error in self._top}
        self._foes: dict[int, set[int]] = defaultdict(set)
        for left, right in apart:
            for error in left & self._top.keys():
                self._foes[error] |= right
            for error in right & self._top.keys():
                self._foes[error] |= left

    def top(self, error: int) -> int:
        while self._top[error] != error:
            self._top[error] = self._top[self._top[error]]
            error = self._top[error]
        return error

    def tops(self, errors: Iterable[int]) -> list[int]:
        return sorted({self.top(error) for error in errors})

    def join_all(self, errors: Sequence[int]) -> None:
        """Joins each error to the first that it may be with."""
        heads: list[int] = []
        for error in errors:
            if not any(self.join(head, error) for head in heads):
                heads.append(error)

    def join(self, one: int, other: int) -> bool:
        """Joins two groups and says whether they are one now."""
        one, other = sorted((self.top(one), self.top(other)))
        if one == other:
            return True
        if self._foes[one] & self._members[other]:
            return False
        self._top[other] = one
        self._members[one] |= self._members.pop(other)
        self._foes[one] |= self._foes.pop(other, set())
        return True

    def members(self) -> list[frozenset[int]]:
        return sorted((frozenset(errors) for errors in self._members.values()), key=min)
