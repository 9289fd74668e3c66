"""What the tests of reading by meaning share: one encoder and one reader a process, since loading takes a second."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from sessions.meaning.encoder import DIMENSIONS, Encoder, Vectors, sentence_encoder
from sessions.meaning.judge import Model, shipped_model
from sessions.meaning.revise import Reviser
from sessions.meaning.senses import Evidence, evidence_of
from sessions.parsing.pipeline import ReadLog, read_log

Read = Callable[[str], ReadLog]


class CountingEncoder:
    """Gives every text the same vector, and remembers what it was asked."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        vectors[:, 0] = [bool(text) for text in texts]
        return vectors


@pytest.fixture
def counting() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return sentence_encoder()


@pytest.fixture(scope="session")
def model() -> Model:
    return shipped_model()


@pytest.fixture(scope="session")
def read(model: Model, encoder: Encoder) -> Read:
    """Reads a log by rules and meaning."""
    reviser = Reviser(model, encoder)
    return lambda log: read_log("harbor/2026-03-02.md", log.encode(), reviser)


def evidence(log: str) -> Evidence:
    """Returns what the classifiers look at in a log of one session."""
    read = read_log("harbor/2026-03-02.md", log.encode())
    return evidence_of(read.readings[0], read.record.sessions[0])
