"""The encoder: like meanings are near in any language, and no text is encoded twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from sessions.meaning import encoder as encoders
from sessions.meaning.encoder import DIMENSIONS, Encoder, SentenceEncoder, sentence_encoder


class Counting:
    """Stands in for the model of the encoder: counts the texts of every batch."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        self.batches.append(list(texts))
        return np.array([np.full(DIMENSIONS, len(text)) for text in texts], dtype=np.float32)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> tuple[SentenceEncoder, Counting]:
    """An encoder without its weights."""
    counting = Counting()
    monkeypatch.setattr("sessions.meaning.sentence_model.SentenceModel", lambda: counting)
    return SentenceEncoder(), counting


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("The invoices went out twice", "Die Rechnungen wurden doppelt verschickt", "We planted roses in the garden"),
        ("地图一直是灰色的", "The map stays grey", "The meeting starts at nine"),
        ("Restarted the worker", "On a redémarré le processus", "The sea is calm"),
    ],
)
def test_like_meanings_are_near(encoder: Encoder, text: str, near: str, far: str) -> None:
    vectors = encoder.encode([text, near, far])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_row_has_length_one_and_that_of_an_empty_text_is_zeros(encoder: Encoder) -> None:
    vectors = encoder.encode(["the crane stops", "", "止まった"])
    assert vectors.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1], atol=1e-3)


def test_a_vector_does_not_depend_on_its_batch(encoder: Encoder) -> None:
    texts = ["the crane stops", "a long sentence about the weather of the last week and of the next one", "no"]
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert np.allclose(encoder.encode(texts), alone, atol=1e-4)


def test_no_texts_have_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_the_process_has_one_encoder(encoder: Encoder) -> None:
    assert sentence_encoder() is encoder


def test_the_texts_of_a_call_are_one_batch_without_repeats(counted: tuple[SentenceEncoder, Counting]) -> None:
    encoder, counting = counted
    vectors = encoder.encode(["bb", "a", "bb", "", "ccc"])
    assert [sorted(batch) for batch in counting.batches] == [["a", "bb", "ccc"]]
    assert vectors[:, 0].tolist() == [2, 1, 2, 0, 3]


def test_a_text_that_is_remembered_is_not_encoded_again(counted: tuple[SentenceEncoder, Counting]) -> None:
    encoder, counting = counted
    encoder.encode(["a", "bb"])
    assert encoder.encode(["bb", "ccc"])[:, 0].tolist() == [2, 3]
    assert counting.batches[1:] == [["ccc"]]


def test_only_so_many_texts_are_remembered_the_latest(
    counted: tuple[SentenceEncoder, Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "_REMEMBERED", 3)
    encoder, counting = counted
    encoder.encode(["a", "bb"])
    encoder.encode(["a", "ccc", "dddd"])  # "bb" is the longest unused
    encoder.encode(["a", "bb"])
    assert counting.batches[2:] == [["bb"]]
    assert encoder.encode([str(n) for n in range(10)]).shape == (10, DIMENSIONS)
