"""Short messages are told by the forest, errors told at length by what two of them share."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.linking.model import LONG, LONGER, NEARNESS, PairModel
from sessions.meaning.forest import Forest

TRAITS = LONGER + 1
LIKELY, UNLIKELY = 0.6, 0.01
WITH_MEANING, WITHOUT = 0.9, 0.2  # what the regression says


class AlwaysSays:
    def __init__(self, probability: float) -> None:
        self._probability = probability

    def probabilities(self, traits: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.full(len(traits), self._probability)


def model(forest: float) -> PairModel:
    long = np.zeros((2, TRAITS + 1), dtype=np.float32)
    long[:, -1] = [np.log(one / (1 - one)) for one in (WITH_MEANING, WITHOUT)]
    return PairModel(cast(Forest, AlwaysSays(forest)), long)


@pytest.mark.parametrize(
    ("forest", "words", "nearness", "expected"),
    [
        (LIKELY, LONG - 1, 0.5, LIKELY),
        (LIKELY, LONG, 0.5, WITH_MEANING),
        (LIKELY, LONG, -1.0, WITHOUT),
        (UNLIKELY, LONG, 0.5, UNLIKELY),
    ],
)
def test_who_decides(forest: float, words: int, nearness: float, expected: float) -> None:
    traits = np.zeros((2, TRAITS), dtype=np.float32)
    traits[1, [LONGER, NEARNESS]] = words, nearness
    assert model(forest).probabilities(traits) == pytest.approx([forest, expected])
