"""Makes vectors of meaning small: few dimensions, a byte for each, and the cells by which near ones are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEP = 127  # what 1 becomes when it is quantised
_LEAST = 1e-9  # a length that is no more is nothing
_AT_ONCE = 4096  # rows whose nearness to all cells is in memory at once: 16 MB


@dataclass(frozen=True, slots=True)
class Compression:
    """Turns vectors into few small numbers (principal components), and names the cells that they are in.

    components  dimensions of the encoder by dimensions that are kept
    mean        of the vectors it was fitted to, in the dimensions of the encoder; zeros if they were not centred
    centres     cells by dimensions that are kept, rows of length 1
    """

    components: NDArray[np.float32]
    mean: NDArray[np.float32]
    centres: NDArray[np.float32]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Compression:
        """Returns the compression in arrays named "components", "centres" and, if it is centred, "mean"."""
        components = np.asarray(arrays["components"], dtype=np.float32)
        mean = np.asarray(arrays.get("mean", np.zeros(len(components))), dtype=np.float32)
        return cls(components, mean, np.asarray(arrays["centres"], dtype=np.float32))

    def project(self, vectors: NDArray[np.floating]) -> NDArray[np.float32]:
        """Returns a row of length 1 for each row, whose products are nearly the cosines. A row of zeros stays zeros."""
        projected = (vectors.astype(np.float32) - self.mean) @ self.components
        lengths = np.linalg.norm(projected, axis=1, keepdims=True)
        rows = np.asarray(projected / np.maximum(lengths, _LEAST), dtype=np.float32)
        rows[~vectors.any(axis=1)] = 0  # less the mean it would seem to mean something
        return rows

    @staticmethod
    def quantised(projected: NDArray[np.float32]) -> NDArray[np.int8]:
        """Returns rows of whole numbers from -STEP to STEP, whose products are STEP² times as large."""
        return np.asarray(np.round(projected * STEP), dtype=np.int8)

    def compress(self, vectors: NDArray[np.floating]) -> NDArray[np.int8]:
        """Returns a quantised row for each row in the dimensions of the encoder."""
        return self.quantised(self.project(vectors))

    def cells(self, vectors: NDArray[np.int8] | NDArray[np.float32], count: int) -> NDArray[np.intp]:
        """Returns the numbers of the `count` nearest cells of each row of `project` or `compress`, the nearest first.

        A row of zeros is as near to all: it has the first cells.
        """
        parts = [self._nearest(vectors[at : at + _AT_ONCE], count) for at in range(0, max(len(vectors), 1), _AT_ONCE)]
        return np.vstack(parts)

    def _nearest(self, vectors: NDArray[np.int8] | NDArray[np.float32], count: int) -> NDArray[np.intp]:
        far = -(vectors.astype(np.float32) @ self.centres.T)
        few = np.sort(np.argpartition(far, count - 1, axis=1)[:, :count], axis=1)
        few[~vectors.any(axis=1)] = np.arange(count)
        order = np.argsort(np.take_along_axis(far, few, axis=1), axis=1, kind="stable")
        return np.asarray(np.take_along_axis(few, order, axis=1))
