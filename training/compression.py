"""Fits what makes vectors small: principal components, and the centres of cells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sessions.meaning.compression import Compression

_ROUNDS = 12  # of k-means
_AT_ONCE = 65536  # vectors that are in memory as single floats at once: 130 MB


def compression_of(
    vectors: NDArray[np.floating], dimensions: int, cells: int, *, centred: bool, rotated: bool = False
) -> Compression:
    """Returns the first principal components, and the centres of cells by spherical k-means (Dhillon and Modha, 2001).

    The same vectors give the same compression. Its numbers are halves, as it is shipped.

    vectors  a row for each, in the dimensions of the encoder
    cells    how many; no more than there are vectors
    centred  whether what all vectors share, their mean, is taken away
    rotated  whether the components are turned in a random direction, so that all of them tell as much
    """
    mean = _mean(vectors) if centred else np.zeros(vectors.shape[1], dtype=np.float32)
    components = _components(vectors, mean, dimensions)
    if rotated:
        components = components @ _rotation(dimensions)
    unfinished = Compression(components, mean, components[:0])
    projected = np.vstack([unfinished.project(part) for part in _parts(vectors)])
    return Compression(_halved(components), _halved(mean), _halved(_centres(projected, min(cells, len(projected)))))


def _parts(vectors: NDArray[np.floating]) -> Iterator[NDArray[np.float32]]:
    for first in range(0, len(vectors), _AT_ONCE):
        yield vectors[first : first + _AT_ONCE].astype(np.float32)


def _mean(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    sums = sum(part.sum(axis=0, dtype=np.float64) for part in _parts(vectors))
    return np.asarray(sums / len(vectors), dtype=np.float32)


def _components(vectors: NDArray[np.floating], mean: NDArray[np.float32], dimensions: int) -> NDArray[np.float32]:
    products = np.zeros((vectors.shape[1],) * 2)
    for part in _parts(vectors):
        rest = part - mean
        products += (rest.T @ rest).astype(np.float64)
    _values, axes = np.linalg.eigh(products)
    return np.asarray(axes[:, ::-1][:, :dimensions], dtype=np.float32)


def _rotation(dimensions: int) -> NDArray[np.float32]:
    turned, _ = np.linalg.qr(np.random.RandomState(0).standard_normal((dimensions, dimensions)))
    return np.asarray(turned, dtype=np.float32)


def _centres(projected: NDArray[np.float32], cells: int) -> NDArray[np.float32]:
    dice = np.random.RandomState(0)
    centres = projected[dice.choice(len(projected), cells, replace=False)]
    for _round in range(_ROUNDS):
        sums = np.zeros_like(centres)
        for part in _parts(projected):
            np.add.at(sums, (part @ centres.T).argmax(axis=1), part)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return centres


def _halved(numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns numbers as they are when halves of them were kept."""
    return numbers.astype(np.float16).astype(np.float32)
