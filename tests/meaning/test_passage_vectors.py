"""The vectors of passages: within their session, and as the shipped compression makes them small."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sessions.meaning import passage_vectors
from sessions.meaning.encoder import DIMENSIONS as ENCODED
from sessions.meaning.encoder import Encoder, Vectors
from sessions.meaning.passage_vectors import DIMENSIONS, passage_compression, within_session

TITLE = "The ferry's booking page"
SAID = ["It fails at once.", "Nobody can pay with a card.", "We painted the buoy green."]


def small(vectors: Vectors) -> Vectors:
    return passage_compression().project(vectors)


def test_a_statement_moves_towards_the_title_of_its_session(encoder: Encoder) -> None:
    vectors, title = encoder.encode(SAID), encoder.encode([TITLE])[0]
    mixed = within_session(vectors, title)
    assert mixed.dtype == np.float32
    assert mixed.shape == vectors.shape
    assert np.allclose(np.linalg.norm(mixed, axis=1), 1, atol=1e-5)
    assert (mixed @ title > vectors @ title + 0.1).all()
    assert ((mixed * vectors).sum(axis=1) > 0.85).all()  # it still is what was said, above all


def test_an_empty_text_means_nothing_in_any_session(encoder: Encoder) -> None:
    mixed = within_session(encoder.encode(["", SAID[0]]), encoder.encode([TITLE])[0])
    assert [bool(row.any()) for row in mixed] == [False, True]
    assert [bool(row.any()) for row in small(mixed)] == [False, True]


def test_a_session_without_a_title_changes_nothing(encoder: Encoder) -> None:
    vectors = encoder.encode(SAID)
    assert np.allclose(within_session(vectors, np.zeros(ENCODED, dtype=np.float32)), vectors, atol=1e-3)


def test_the_vectors_that_came_in_stay_as_they_were(encoder: Encoder) -> None:
    vectors, title = encoder.encode(SAID), encoder.encode([TITLE])[0]
    before = vectors.copy()
    within_session(vectors, title)
    assert np.array_equal(vectors, before)


def test_the_shipped_compression_fits_the_encoder() -> None:
    compression = passage_compression()
    assert compression.components.shape == (ENCODED, DIMENSIONS)
    assert compression.mean.shape == (ENCODED,)
    assert compression.centres.shape[1] == DIMENSIONS
    assert np.allclose(np.linalg.norm(compression.centres, axis=1), 1, atol=1e-2)
    assert passage_compression() is compression


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("The invoices went out twice", "Die Rechnungen wurden doppelt verschickt", "We planted roses in the garden"),
        ("地图一直是灰色的", "The map stays grey", "The meeting starts at nine"),
        ("Restarted the worker", "On a redémarré le processus", "The sea is calm"),
    ],
)
def test_like_meanings_are_near_in_small_vectors_too(encoder: Encoder, text: str, near: str, far: str) -> None:
    vectors = small(encoder.encode([text, near, far]))
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_without_its_file_there_is_no_compression(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage_vectors, "PASSAGES", tmp_path / "passages.npz")
    passage_compression.cache_clear()
    try:
        with pytest.raises(OSError, match=r"passages\.npz"):
            passage_compression()
    finally:
        passage_compression.cache_clear()
