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
_MOST_COMPARED = 12  # of each of two groups


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that decides how some records are grouped.

    identities  record → its identity (the signature of an error, the wording of a step)
    links       pairs of similar identities, with their score
    together    sets of records that people merged
    apart       pairs of sets of records that people split
    least       the score from which on a link joins two records
    is_whole    groups are joined only if they are similar as wholes, so that similarity does not chain
    ranks       identity → its place in an order that does not depend on when it arrived; by number if it has none
    """

    identities: Mapping[int, int]
    links: Mapping[Pair, float] = field(default_factory=dict)
    together: Sequence[frozenset[int]] = ()
    apart: Sequence[Sides] = ()
    least: float = 0.0
    is_whole: bool = False
    ranks: Mapping[int, int] = field(default_factory=dict)

    def rank(self, record: int) -> int:
        identity = self.identities[record]
        return self.ranks.get(identity, identity)


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
    _Similar(facts, forest, by_identity).join()
    return forest.groups()


class _Similar:
    """Joins what is similar: the sets that decisions and equal identities made are its units."""

    def __init__(self, facts: Facts, forest: _Forest, by_identity: Mapping[int, Sequence[int]]) -> None:
        self._facts, self._forest = facts, forest
        self._scores: dict[Pair, float] = {}
        for (first, second), score in facts.links.items():
            for left in forest.roots(by_identity.get(first, ())):
                for right in forest.roots(by_identity.get(second, ())):
                    pair = _ordered(left, right)
                    self._scores[pair] = max(score, self._scores.get(pair, 0.0))
        self._ranks = {
            unit: min(map(facts.rank, forest.members(unit))) for pair in self._scores for unit in pair
        }  # fmt: skip
        self._units = {unit: [unit] for unit in self._ranks}

    def join(self) -> None:
        likely = [(score, pair) for pair, score in self._scores.items() if score >= self._facts.least]
        for _score, (one, other) in sorted(likely, key=lambda link: (-link[0], sorted(map(self._rank, link[1])))):
            left, right = self._forest.root(one), self._forest.root(other)
            if left != right and self._is_similar(left, right) and self._forest.join(left, right):
                kept, absorbed = _ordered(left, right)
                self._units[kept] = sorted(self._units[kept] + self._units.pop(absorbed), key=self._rank)

    def _rank(self, unit: int) -> int:
        return self._ranks[unit]

    def _is_similar(self, left: int, right: int) -> bool:
        """Whether two groups are similar on average. Pairs that were never found similar count as 0."""
        if not self._facts.is_whole:
            return True
        sides = [self._units[root][:_MOST_COMPARED] for root in (left, right)]
        scores = [self._scores.get(_ordered(one, other), 0.0) for one in sides[0] for other in sides[1]]
        return sum(scores) >= self._facts.least * len(scores)


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one <= other else (other, one)


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

    def members(self, root: int) -> set[int]:
        return self._members[root]

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
