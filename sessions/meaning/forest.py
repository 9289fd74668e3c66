"""Boosted trees as arrays: what was learned by training is only read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
        whole = {name: np.asarray(arrays[name], dtype=np.int32) for name in ("feature", "left", "right", "roots")}
        parts = {name: np.asarray(arrays[name], dtype=np.float32) for name in ("threshold", "value", "offset")}
        return cls(**whole, **parts)

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Returns the probability of each row of features."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        nodes = np.tile(self.roots, (len(rows), 1))
        at = np.arange(len(rows))[:, None]
        while True:
            below = np.where(
                rows[at, self.feature[nodes]] <= self.threshold[nodes], self.left[nodes], self.right[nodes]
            )
            if np.array_equal(below, nodes):
                break
            nodes = below
        return (1.0 / (1.0 + np.exp(-(self.value[nodes].sum(axis=1) + self.offset)))).astype(np.float32)
