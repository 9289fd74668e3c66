"""Which records belong together: equal identities, links between identities, and people's decisions.

Pure: it knows only the numbers of records and identities. The outcome depends on the set of facts and not on their
order, so importing the same logs in another order, or again, gives the same groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Pair = tuple[int, int]
Sides = tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that decides how some records are grouped.

    identities  record → its identity (the signature of an error, the wording of a step)
    links       pairs of similar identities, with their score
    together    sets of records that people merged
    apart       pairs of sets of records that people split
    """

    identities: Mapping[int, int]
    links: Mapping[Pair, float] = field(default_factory=dict)
    together: Sequence[frozenset[int]] = ()
    apart: Sequence[Sides] = ()


def group(facts: Facts) -> list[frozenset[int]]:
    """Returns the groups of records, ordered by their smallest record.

    People's decisions come first, then equal identities, then links from the most to the least similar. A union that
    would join records that a person split is skipped.
    """
    forest = _Forest(facts.identities, facts.apart)
    for merged in facts.together:
        forest.join_all(sorted(merged & facts.identities.keys()))
    for left, right in facts.apart:
        forest.join_all(sorted(left & facts.identities.keys()))
        forest.join_all(sorted(right & facts.identities.keys()))
    by_identity: dict[int, list[int]] = defaultdict(list)
    for record in sorted(facts.identities):
        by_identity[facts.identities[record]].append(record)
    for records in by_identity.values():
        forest.join_all(records)
    for (first, second), _score in sorted(facts.links.items(), key=lambda link: (-link[1], link[0])):
        for left_root in forest.roots(by_identity.get(first, ())):
            for right_root in forest.roots(by_identity.get(second, ())):
                forest.join(left_root, right_root)
    return forest.groups()


class _Forest:
    """Disjoint sets of records (union-find with path halving) that never join what was split."""

    def __init__(self, records: Iterable[int], apart: Sequence[Sides]) -> None:
        self._parent = {record: record for record in records}
        self._members = {record: {record} for record in self._parent}
        self._forbidden: dict[int, set[int]] = defaultdict(set)
        for left, right in apart:
            for record in left & self._parent.keys():
                self._forbidden[record] |= right
            for record in right & self._parent.keys():
                self._forbidden[record] |= left

    def root(self, record: int) -> int:
        while self._parent[record] != record:
            self._parent[record] = self._parent[self._parent[record]]
            record = self._parent[record]
        return record

    def roots(self, records: Iterable[int]) -> list[int]:
        return sorted({self.root(record) for record in records})

    def join_all(self, records: Sequence[int]) -> None:
        """Joins each record to the first one that it is allowed to join."""
        heads: list[int] = []
        for record in records:
            if not any(self.join(head, record) for head in heads):
                heads.append(record)

    def join(self, first: int, second: int) -> bool:
        """Joins the sets of two records unless a split forbids it. Returns whether they are one set now."""
        kept, absorbed = sorted((self.root(first), self.root(second)))
        if kept == absorbed:
            return True
        if self._forbidden[kept] & self._members[absorbed]:
            return False
        self._parent[absorbed] = kept
        self._members[kept] |= self._members.pop(absorbed)
        self._forbidden[kept] |= self._forbidden.pop(absorbed, set())
        return True

    def groups(self) -> list[frozenset[int]]:
        return sorted((frozenset(records) for records in self._members.values()), key=min)
