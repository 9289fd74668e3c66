"""Boosted trees as arrays: what was learned by training is only read here.

No tree is walked. Each question of a tree whose answer sends a row to the right rules out the leaves on its left, and
the first leaf that is left is the one that the row reaches. For each feature, the leaves that are ruled out are known
beforehand for every value between two thresholds, so a row takes one look-up for each feature, for all trees at once
(after QuickScorer: Lucchese et al., SIGIR 2015).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 64  # rows: the leaves that they may reach stay in the processor's cache
_MOST_LEAVES = 64  # of a tree


@dataclass(frozen=True, slots=True)
class _Questions:
    """What all trees ask of one feature.

    thresholds  in ascending order
    kept        a row more than there are thresholds, a bit mask of leaves for each tree: what a value leaves possible
                that is greater than so many thresholds
    """

    feature: int
    thresholds: NDArray[np.float32]
    kept: NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Forest:
    """Trees one after another. A node is a leaf if `left` is its own number.

    feature, threshold, left, right, value   one entry per node, numbers of nodes count over all trees
    roots                                    the first node of each tree
    offset                                   log-odds before any tree
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    offset: NDArray[np.float32]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Forest:
        def whole(name: str) -> NDArray[np.int32]:
            return np.asarray(arrays[name], dtype=np.int32)

        def parts(name: str) -> NDArray[np.float32]:
            return np.asarray(arrays[name], dtype=np.float32)

        return cls(
            whole("feature"), parts("threshold"), whole("left"), whole("right"), parts("value"), whole("roots"),
            parts("offset"),
        )  # fmt: skip

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Returns the probability of each row of features."""
        parts = [self._some(rows[first : first + _AT_ONCE]) for first in range(0, len(rows), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)

    def _some(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        kept = np.full((len(rows), len(self.roots)), self._all_leaves, dtype=self._all_leaves.dtype)
        of_one = np.empty_like(kept)
        for asked in self._questions:
            greater_than = np.searchsorted(asked.thresholds, rows[:, asked.feature])
            kept &= asked.kept.take(greater_than, axis=0, out=of_one, mode="clip")  # other modes copy once more
        first = np.bitwise_count((kept & -kept) - kept.dtype.type(1))
        odds = self._values.take(first + self._first_values).sum(axis=1) + self.offset
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float32)

    @cached_property
    def _leaves(self) -> list[list[int]]:
        """The leaves of each tree, from left to right. Raises ValueError if a tree has too many."""
        leaves = [self._leaves_below(root) for root in self.roots.tolist()]
        if any(len(of_tree) > _MOST_LEAVES for of_tree in leaves):
            raise ValueError(f"a tree may have {_MOST_LEAVES} leaves at most")
        return leaves

    def _leaves_below(self, node: int) -> list[int]:
        left = int(self.left[node])
        return [node] if left == node else self._leaves_below(left) + self._leaves_below(int(self.right[node]))

    @cached_property
    def _all_leaves(self) -> NDArray[np.unsignedinteger[Any]]:
        """A bit mask of any tree's leaves, of the smallest type that can hold one."""
        most = max((len(leaves) for leaves in self._leaves), default=1)
        return np.array(2**most - 1, dtype=np.min_scalar_type(2**most - 1))

    @cached_property
    def _values(self) -> NDArray[np.float32]:
        """The values of the leaves, a row for each tree."""
        values = np.zeros((len(self.roots), max(map(len, self._leaves), default=1)), dtype=np.float32)
        for tree, leaves in enumerate(self._leaves):
            values[tree, : len(leaves)] = self.value[leaves]
        return values

    @cached_property
    def _first_values(self) -> NDArray[np.intp]:
        """Where the values of each tree begin."""
        return np.arange(0, self._values.size, self._values.shape[1])

    @cached_property
    def _questions(self) -> list[_Questions]:
        asked: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
        for tree, leaves in enumerate(self._leaves):
            place = {leaf: at for at, leaf in enumerate(leaves)}
            self._ask(int(self.roots[tree]), tree, place, asked)
        return [self._in_order(feature, questions) for feature, questions in sorted(asked.items())]

    def _ask(
        self, node: int, tree: int, place: dict[int, int], asked: dict[int, list[tuple[float, int, int]]]
    ) -> list[int]:
        """Adds the questions of a node and of those below it. Returns the places of the leaves below it."""
        left = int(self.left[node])
        if left == node:
            return [place[node]]
        on_left = self._ask(left, tree, place, asked)
        ruled_out = sum(1 << at for at in on_left)
        asked[int(self.feature[node])].append((float(self.threshold[node]), tree, ruled_out))
        return on_left + self._ask(int(self.right[node]), tree, place, asked)

    def _in_order(self, feature: int, questions: list[tuple[float, int, int]]) -> _Questions:
        thresholds = np.unique(np.array([threshold for threshold, _tree, _out in questions], dtype=np.float32))
        every = self._all_leaves
        kept = np.full((len(thresholds) + 1, len(self.roots)), every, dtype=every.dtype)
        for threshold, tree, ruled_out in questions:
            kept[1 + int(np.searchsorted(thresholds, np.float32(threshold))), tree] &= every ^ every.dtype.type(
                ruled_out
            )
        return _Questions(feature, thresholds, np.bitwise_and.accumulate(kept, axis=0))
