"""Hashed words: equal words share a place, and every text has length 1."""

from __future__ import annotations

import numpy as np
import pytest

from sessions.meaning.words import PLACES, HashedWords, hashed


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("The Crane", "the crane"),
        ("crane, crane!", "crane crane"),
        ("crane_7", "crane 7"),
        ("undocumentedness", "undocumentedly"),  # they differ beyond their first letters
        ("停止しました", "停止しました。"),
    ],
)
def test_texts_of_the_same_words_are_the_same(text: str, same: str) -> None:
    assert hashed(text) == hashed(same)


@pytest.mark.parametrize(("text", "other"), [("crane", "buoy"), ("crane 7", "crane 8"), ("停止", "再開")])
def test_other_words_have_other_places(text: str, other: str) -> None:
    assert hashed(text) != hashed(other)


def test_each_field_has_places_of_its_own() -> None:
    assert hashed("crane") != hashed("crane", "H_")


@pytest.mark.parametrize("text", ["", "!?", "a"])
def test_a_text_without_words_has_no_places(text: str) -> None:
    assert hashed(text) == ()


def test_the_product_is_that_of_the_full_array() -> None:
    texts = ["the crane stops", "", "crane crane", "buoy 7"]
    words = HashedWords([hashed(text) for text in texts])
    full = np.zeros((len(texts), PLACES), dtype=np.float32)
    np.add.at(full, (words.rows, words.places), words.values)
    assert np.allclose(np.linalg.norm(full, axis=1), [1, 0, 1, 1])
    weights = np.random.default_rng(1).normal(size=(PLACES, 6)).astype(np.float32)
    assert np.allclose(words.times(weights), full @ weights, atol=1e-5)


def test_no_texts_give_no_rows() -> None:
    assert HashedWords([]).times(np.ones((PLACES, 6), dtype=np.float32)).shape == (0, 6)
