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


def _grown(dice: np.random.Generator, trees: int, questions: int) -> Forest:
    """Returns trees that each divide a leaf at a time, anywhere."""
    nodes: list[list[float]] = []  # feature, threshold, left, right, value
    roots, leaves = [], []
    for _tree in range(trees):
        roots.append(len(nodes))
        leaves = [len(nodes)]
        nodes.append([0, 0, len(nodes), len(nodes), dice.normal()])
        for _question in range(questions):
            leaf = leaves.pop(dice.integers(len(leaves)))
            below = [len(nodes), len(nodes) + 1]
            nodes[leaf] = [int(dice.integers(3)), int(dice.integers(-3, 4)) / 2, *below, 0]
            nodes += [[0, 0, node, node, dice.normal()] for node in below]
            leaves += below
    names = ("feature", "threshold", "left", "right", "value")
    arrays = {name: np.array(column) for name, column in zip(names, zip(*nodes, strict=True), strict=True)}
    return Forest.from_arrays({**arrays, "roots": np.array(roots), "offset": np.array([0.1])})


def _walked(forest: Forest, row: list[float]) -> float:
    odds = float(forest.offset[0])
    for node in forest.roots.tolist():
        while forest.left[node] != node:
            side = forest.left if row[forest.feature[node]] <= forest.threshold[node] else forest.right
            node = int(side[node])
        odds += float(forest.value[node])
    return 1 / (1 + math.exp(-odds))


@pytest.mark.parametrize("questions", [0, 1, 7, 8, 19, 40, 63])
def test_a_row_reaches_the_leaf_that_a_walk_down_the_tree_reaches(questions: int) -> None:
    dice = np.random.default_rng(questions)
    forest = _grown(dice, 4, questions)
    rows = (dice.integers(-4, 5, size=(70, 3)) / 2).astype(np.float32)  # many are equal to a threshold
    assert np.allclose(forest.probabilities(rows), [_walked(forest, row) for row in rows.tolist()], atol=1e-6)


def test_a_tree_of_too_many_leaves_is_refused() -> None:
    with pytest.raises(ValueError, match="64 leaves"):
        _grown(np.random.default_rng(1), 1, 64).probabilities(np.zeros((1, 3), dtype=np.float32))
