"""Boosted trees as arrays: what was learned by training is only read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 500  # rows: the nodes they are at take 2 MB


@dataclass(frozen=True, slots=True)
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
        nodes = np.tile(self.roots, (len(rows), 1))
        at = np.arange(len(rows))[:, None]
        while True:
            left = rows[at, self.feature[nodes]] <= self.threshold[nodes]
            below = np.where(left, self.left[nodes], self.right[nodes])
            if np.array_equal(below, nodes):
                break
            nodes = below
        odds = self.value[nodes].sum(axis=1) + self.offset
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float32)
