"""Turns texts into vectors whose cosine tells how near they are in meaning, in sixteen languages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sessions.meaning.sentence_model import SentenceModel

Vectors = NDArray[np.float32]

DIMENSIONS = 512
_REMEMBERED = 4096  # texts, most of them headings, that logs have in common: 8 MB


class Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns an array of one row of length 1 per text. An empty text is a row of zeros."""


class SentenceEncoder:
    """The multilingual Universal Sentence Encoder (Yang et al., 2019, arXiv:1907.04307), as its package ships it.

    Every text is encoded once while it is remembered, and the texts of a call in one batch.
    """

    def __init__(self) -> None:
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    @cached_property
    def _model(self) -> SentenceModel:
        from sessions.meaning.sentence_model import SentenceModel  # 190 MB: loaded when it is first needed

        return SentenceModel()

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            known = {text: self._remembered[text] for text in texts if text in self._remembered}
            new = sorted({text for text in texts if text and text not in known}, key=lambda text: (len(text), text))
            if new:
                vectors = self._model.encode(new)
                # A copy of each: a row that is remembered would keep the array of its whole batch in memory.
                known |= {text: vector.copy() for text, vector in zip(new, vectors, strict=True)}
            self._remember(known)
        nothing = np.zeros(DIMENSIONS, dtype=np.float32)
        return np.array([known.get(text, nothing) for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)

    def _remember(self, known: dict[str, Vectors]) -> None:
        for text, vector in known.items():
            self._remembered[text] = vector
            self._remembered.move_to_end(text)
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)


@cache
def sentence_encoder() -> Encoder:
    """Returns the one encoder of this process."""
    return SentenceEncoder()
