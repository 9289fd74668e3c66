"""The classifiers, with weights made by hand: what counts, and when meaning is asked."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from sessions.meaning.encoder import DIMENSIONS
from sessions.meaning.senses import LONG, SENSES, SHARES, Classifier, Sense
from sessions.meaning.words import PLACES, hashed
from tests.meaning.conftest import CountingEncoder, evidence

LOG = "# Harbour\n\n- the crane stops\n- weigh the buoy\n- the crane stops\n"
NEVER, ALWAYS = 2.0, 0.0
UNLIKELY, LIKELY = -10.0, 10.0


def classifier(question: float, **weights: NDArray[np.float32]) -> Classifier:
    """A classifier that finds everything unlikely, but for these weights."""
    flags = evidence(LOG).flags.shape[1]
    shapes: Mapping[str, tuple[int, ...]] = {
        "flags": (flags, 6), "words": (PLACES, 6), "meaning": (len(SHARES) * DIMENSIONS, 6),
        "other_flags": (flags, 6), "other_words": (PLACES, 6),
    }  # fmt: skip
    arrays = {name: np.zeros(shape, dtype=np.float32) for name, shape in shapes.items()}
    offsets = np.full(len(SENSES), UNLIKELY, dtype=np.float32)
    # `question` is what a session of four statements is asked from
    questions = np.full(len(SENSES), question * LONG / 4, dtype=np.float32)
    return Classifier.from_arrays(
        {**arrays, "offsets": offsets, "other_offsets": offsets, "questions": questions, **weights}
    )


def for_word(word: str, sense: Sense) -> NDArray[np.float32]:
    """Weights that make every text with a word likely to tell of something."""
    weights = np.zeros((PLACES, len(SENSES)), dtype=np.float32)
    ((place, sign),) = hashed(word)
    weights[place, SENSES.index(sense)] = sign * 4 * LIKELY
    return weights


@pytest.mark.parametrize("sense", SENSES)
def test_words_tell_of_their_sense_only(counting: CountingEncoder, sense: Sense) -> None:
    assessed = classifier(NEVER, words=for_word("crane", sense)).assess(evidence(LOG), counting)
    assert [s.text for s in assessed.statements] == ["Harbour", "the crane stops", "weigh the buoy", "the crane stops"]
    assert (assessed.of(sense) > 0.5).tolist() == [False, True, False, True]
    assert all((assessed.of(other) < 0.1).all() for other in SENSES if other is not sense)


def test_what_is_not_in_question_is_not_encoded(counting: CountingEncoder) -> None:
    assessed = classifier(NEVER).assess(evidence(LOG), counting)
    assert counting.batches == []
    assert not assessed.vectors.any()


def test_what_is_in_question_is_encoded_in_one_batch_with_its_headings(counting: CountingEncoder) -> None:
    chosen = classifier(0.5, words=for_word("buoy", Sense.PLAN)).assess(evidence(LOG), counting)
    assert counting.batches == [["weigh the buoy", "Harbour", "", "Harbour"]]  # text, heading, none above, title
    assert chosen.vectors.any(axis=1).tolist() == [False, False, True, False]


@pytest.mark.parametrize(("more", "asked"), [(0, 4), (40, 1)])
def test_a_short_session_is_asked_more_than_a_long_one(counting: CountingEncoder, more: int, asked: int) -> None:
    log = evidence(LOG + "\nNothing else.\n" * more)
    assessed = classifier(2e-5, words=for_word("buoy", Sense.PLAN)).assess(log, counting)
    assert assessed.vectors.any(axis=1).sum() == asked


def test_meaning_has_the_last_word(counting: CountingEncoder) -> None:
    meaning = np.zeros((len(SHARES) * DIMENSIONS, len(SENSES)), dtype=np.float32)
    meaning[0, SENSES.index(Sense.PROBLEM)] = 2 * LIKELY  # every text has this direction, for `CountingEncoder`
    assessed = classifier(ALWAYS, words=for_word("crane", Sense.PLAN), meaning=meaning).assess(evidence(LOG), counting)
    assert (assessed.of(Sense.PROBLEM) > 0.9).all()
    assert (assessed.of(Sense.PLAN) < 0.1).all()


def test_the_first_statement_of_a_node_is_found(counting: CountingEncoder) -> None:
    assessed = classifier(NEVER).assess(evidence("The first crane stops. The second goes on.\n"), counting)
    first, second = assessed.statements
    assert first.node is second.node
    assert assessed.first_of(second.node) == 0


def test_a_session_without_statements_has_nothing_to_assess(counting: CountingEncoder) -> None:
    assessed = classifier(ALWAYS).assess(evidence(""), counting)
    assert (list(assessed.statements), assessed.probabilities.shape) == ([], (0, len(SENSES)))
    assert counting.batches == []
