"""Words as numbers: each word has one of a fixed count of places, by its hash (Weinberger et al., 2009)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PLACES = 2**13
_WORD = re.compile(r"[^\W\d_\u3040-\u9fff\uac00-\ud7af]{2,}|[\u3040-\u9fff\uac00-\ud7af]{2}|\d+")
_LONGEST = 12  # letters: beyond them words differ by their endings


@lru_cache(maxsize=4096)
def hashed(text: str, marker: str = "") -> tuple[tuple[int, float], ...]:
    """Returns the place and the sign of every word. `marker` gives the words of another field places of their own."""
    codes = (crc32((marker + word[:_LONGEST]).encode()) for word in _WORD.findall(text.lower()))
    return tuple((code % PLACES, 1.0 if code & 0x80000000 else -1.0) for code in codes)


class HashedWords:
    """The hashed words of many texts, each scaled to length 1: a sparse array of texts by places."""

    def __init__(self, texts: Sequence[tuple[tuple[int, float], ...]]) -> None:
        counted = [_counted(text) for text in texts]
        self.rows = np.repeat(np.arange(len(texts)), [len(places) for places in counted])
        self.places = np.array([place for places in counted for place in places], dtype=np.int64)
        self.values = np.array([value for places in counted for value in places.values()], dtype=np.float32)
        self.shape = (len(texts), PLACES)

    def times(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Returns the product with an array of places by senses."""
        product = np.zeros((self.shape[0], weights.shape[1]), dtype=np.float32)
        np.add.at(product, self.rows, weights[self.places] * self.values[:, None])
        return product


def _counted(text: tuple[tuple[int, float], ...]) -> dict[int, float]:
    counts: dict[int, float] = {}
    for place, sign in text:
        counts[place] = counts.get(place, 0.0) + sign
    length = sum(value * value for value in counts.values()) ** 0.5 or 1.0
    return {place: value / length for place, value in counts.items() if value}
