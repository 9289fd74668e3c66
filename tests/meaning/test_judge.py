"""The judge: what the rules read needs less to be kept than what they missed to be taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sessions.meaning.encoder import DIMENSIONS
from sessions.meaning.forest import Forest
from sessions.meaning.judge import JUDGED, WEIGHTS, Model
from sessions.meaning.senses import SENSES, Assessed, Sense
from sessions.parsing.pipeline import read_log
from sessions.records import SessionRecord
from tests.meaning.conftest import evidence

LOG = """# Harbour

## Work

- Fixed the crash of the crane with KeyError

## What else

- the map stays grey
"""


EXPLICIT_LOG = LOG.replace("Fixed the crash of the crane with", "**Error**: the crane stops with")


def session(log: str = LOG) -> SessionRecord:
    return read_log("harbor/2026-03-02.md", log.encode()).record.sessions[0]


def assessed(log: str = LOG) -> Assessed:
    """The log's statements, of which the last is likely to tell of a problem."""
    found = evidence(log)
    probabilities = np.full((len(found.statements), len(SENSES)), 0.01, dtype=np.float32)
    probabilities[-1, SENSES.index(Sense.PROBLEM)] = 0.9
    vectors = np.zeros((len(found.statements), DIMENSIONS), dtype=np.float32)
    return Assessed(found.statements, found.flags, vectors, probabilities)


def sure_of_nothing(model: Model, kept_from: float, taken_from: float) -> Model:
    """A model whose forest of problems gives everything a probability of one half."""
    leaf = {"feature": [0], "threshold": [0], "left": [0], "right": [0], "value": [0], "roots": [0], "offset": [0]}
    forest = Forest.from_arrays({name: np.array(values) for name, values in leaf.items()})
    return replace(
        model,
        forests={**model.forests, Sense.PROBLEM: forest},
        thresholds={**model.thresholds, Sense.PROBLEM: (kept_from, taken_from)},
    )


@pytest.mark.parametrize(
    ("kept_from", "taken_from", "accepted"),
    [(0.4, 0.6, [True, False]), (0.6, 0.4, [False, True]), (0.4, 0.4, [True, True]), (0.6, 0.6, [False, False])],
)
def test_what_rules_read_and_what_they_missed_have_thresholds_of_their_own(
    model: Model, kept_from: float, taken_from: float, accepted: list[bool]
) -> None:
    judged = sure_of_nothing(model, kept_from, taken_from).judge(assessed(), session(), Sense.PROBLEM)
    assert [one.candidate.record is None for one in judged] == [False, True]
    assert [one.accepted for one in judged] == accepted
    assert [one.certainty for one in judged] == [0.5, 0.5]


def test_what_a_label_says_outright_is_kept_at_a_lower_probability(model: Model) -> None:
    unsure = sure_of_nothing(model, 0.9, 0.9)
    assert [one.accepted for one in unsure.judge(assessed(), session(), Sense.PROBLEM)] == [False, False]
    judged = unsure.judge(assessed(EXPLICIT_LOG), session(EXPLICIT_LOG), Sense.PROBLEM)
    assert [one.accepted for one in judged] == [True, False]


def test_a_session_without_candidates_has_nothing_to_judge(model: Model) -> None:
    assert model.judge(assessed(), session(), Sense.DECISION) == []


def test_the_shipped_model_judges_every_kind_and_is_small(model: Model) -> None:
    assert set(model.forests) == set(model.thresholds) == set(JUDGED)
    assert WEIGHTS.stat().st_size <= 2_000_000
