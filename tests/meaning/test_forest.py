"""Forests add up the leaves that a row reaches."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sessions.meaning.forest import Forest

# The first tree asks whether feature 0 is at most 0.5, and then of those feature 1; the second tree is one leaf.
FOREST = Forest.from_arrays(
    {
        "feature": np.array([0, 1, 0, 0, 0, 0]),
        "threshold": np.array([0.5, -1.0, 0.0, 0.0, 0.0, 0.0]),
        "left": np.array([1, 3, 2, 3, 4, 5]),
        "right": np.array([2, 4, 2, 3, 4, 5]),
        "value": np.array([0.0, 0.0, 2.0, -1.0, 0.5, 0.25]),
        "roots": np.array([0, 5]),
        "offset": np.array([-0.5]),
    }
)


@pytest.mark.parametrize(
    ("row", "odds"),
    [
        ([0.0, -2.0], -1.0 + 0.25 - 0.5),
        ([0.0, 0.0], 0.5 + 0.25 - 0.5),
        ([0.5, -1.0], -1.0 + 0.25 - 0.5),  # a threshold belongs to the left
        ([0.6, -2.0], 2.0 + 0.25 - 0.5),
    ],
)
def test_a_row_has_the_probability_of_its_leaves(row: list[float], odds: float) -> None:
    (probability,) = FOREST.probabilities(np.array([row], dtype=np.float32))
    assert probability == pytest.approx(1 / (1 + math.exp(-odds)), abs=1e-6)


def test_rows_do_not_affect_each_other() -> None:
    rows = np.random.default_rng(2).normal(size=(50, 2)).astype(np.float32)
    alone = [FOREST.probabilities(row[None, :])[0] for row in rows]
    assert np.allclose(FOREST.probabilities(rows), alone)


def test_no_rows_have_no_probabilities() -> None:
    assert FOREST.probabilities(np.zeros((0, 2), dtype=np.float32)).shape == (0,)
