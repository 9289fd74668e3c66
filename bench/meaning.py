"""Readers by meaning for `parsing.py`: with the sentence encoder, and with a quick stand-in for it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np

from bench.ingest import one_log
from sessions.meaning.encoder import DIMENSIONS, Vectors, sentence_encoder
from sessions.meaning.judge import shipped_model
from sessions.meaning.revise import Reviser
from sessions.parsing.pipeline import Revise, read_log

_MEANINGS = 512
_LOGS = 20


class QuickEncoder:
    """Gives each text one of a few hundred random directions by its hash: the rest of the work stays the same."""

    def __init__(self) -> None:
        vectors = np.random.default_rng(0).normal(size=(_MEANINGS, DIMENSIONS)).astype(np.float32)
        self._vectors: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode(self, texts: Sequence[str]) -> Vectors:
        which = np.array([crc32(text.encode(errors="replace")) % _MEANINGS for text in texts], dtype=np.int64)
        return self._vectors.take(which, axis=0)


def quick_reviser() -> Revise:
    return Reviser(shipped_model(), QuickEncoder())


def reviser() -> Revise:
    """Returns what reads by meaning in the product, loaded and warm."""
    loaded = Reviser(shipped_model(), sentence_encoder())
    read_log("warm.md", b"# warm\n\n## What happened\n\n- the crane stopped for an hour\n", loaded)
    return loaded


def seconds_a_log(seconds: Callable[[Callable[[], object]], float], revise: Revise | None) -> float:
    """Returns the median time of invented logs of 12 KB, none of which was read before."""
    first = 0 if revise is None else _LOGS
    logs = [one_log(number).encode() for number in range(first, first + _LOGS)]
    return statistics.median(seconds(lambda log=log: read_log("x.md", log, revise)) for log in logs)  # type: ignore[misc]
