"""Fits boosted trees and turns scikit-learn's into arrays, as `sessions.meaning.forest` reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from sessions.meaning.forest import Forest

_RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How large forests are. Several are fitted, each looks at other features, and their mean errs less than any.

    least     rows that a leaf has at least
    features  the share of the features that a split may choose from
    """

    forests: int
    trees: int
    leaves: int
    rate: float
    least: int
    features: float


def fit_trees(
    traits: NDArray[np.float32], targets: NDArray[np.bool_], shape: Shape, weight: NDArray[np.float64] | None = None
) -> Forest:
    """Returns several boosted forests as one."""
    fitted = [
        HistGradientBoostingClassifier(
            max_iter=shape.trees, learning_rate=shape.rate, max_leaf_nodes=shape.leaves, min_samples_leaf=shape.least,
            l2_regularization=_RIDGE, max_features=shape.features, early_stopping=False, random_state=seed,
        ).fit(traits, targets, sample_weight=weight)
        for seed in range(shape.forests)
    ]  # fmt: skip
    trees = [tree[0].nodes for forest in fitted for tree in forest._predictors]
    offset = np.mean([forest._baseline_prediction for forest in fitted])
    return Forest.from_arrays({**_columns(trees, shape.forests), "offset": np.array([offset])})


def _columns(trees: Sequence[NDArray[np.void]], forests: int) -> dict[str, NDArray[np.generic]]:
    """Returns the nodes of scikit-learn's trees as `Forest` takes them."""
    roots = np.cumsum([0, *(len(nodes) for nodes in trees[:-1])])
    nodes = np.concatenate(trees)
    own = np.arange(len(nodes))
    root = np.repeat(roots, [len(tree) for tree in trees])
    leaf = nodes["is_leaf"].astype(bool)
    return {
        "feature": np.where(leaf, 0, nodes["feature_idx"]),
        "threshold": np.where(leaf, 0.0, nodes["num_threshold"]),
        "left": np.where(leaf, own, root + nodes["left"]),
        "right": np.where(leaf, own, root + nodes["right"]),
        "value": np.where(leaf, nodes["value"], 0.0) / forests,
        "roots": roots,
    }
