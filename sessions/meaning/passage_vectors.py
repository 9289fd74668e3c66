"""The vectors of passages: each statement within its session, small enough to keep one for everything that is said."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from sessions.meaning.compression import Compression
from sessions.meaning.encoder import Vectors

PASSAGES = Path(__file__).parent / "passages.npz"
DIMENSIONS = 256  # of a passage, in random directions
_TITLE = 0.4  # how much the title of a session counts beside a statement


@cache
def passage_compression() -> Compression:
    """Returns the compression that `training/passages.py` fitted. Raises OSError if its file is missing."""
    with np.load(PASSAGES, allow_pickle=False) as arrays:
        return Compression.from_arrays({name: arrays[name] for name in arrays.files})


def within_session(vectors: Vectors, title: Vectors) -> Vectors:
    """Returns vectors of statements moved towards their session's title: "it fails" alone does not say what fails.

    vectors  a row per statement, of length 1; the vector of an empty text, zeros, stays zeros
    title    the one row of the title, of length 1, or zeros if there is none

    The result has the shape of `vectors`, its rows length 1.
    """
    mixed = vectors + _TITLE * title.reshape(1, -1)
    mixed /= np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)
    mixed[~vectors.any(axis=1)] = 0
    return np.asarray(mixed, dtype=np.float32)
