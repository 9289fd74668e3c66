"""What training made for linking: how words are used, which are names, and when two messages are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.linking.lexicon import Lexicon
from sessions.meaning.compression import STEP, Compression
from sessions.meaning.forest import Forest

WEIGHTS = Path(__file__).parent / "weights.npz"
COMPRESSED = 128  # dimensions
CELLS_OF_ONE = 3  # cells near a vector by which its neighbours are found
NEARNESS, LONGER = 0, 31  # the traits of a pair: a cosine, -1 if it is not known; the words of the longer error
LONG = 14  # words that tell an error at length: shorter ones are told by their names
_UNLIKELY = 0.1  # what the forest thinks less likely is not one problem, however many words two errors share


def cosines(own: NDArray[np.int8], others: NDArray[np.int8]) -> NDArray[np.float64]:
    """Returns the cosines of the vectors of one error with those of each of the others, a row for each."""
    products = np.einsum("vd,nvd->nv", own.astype(np.float32), others.astype(np.float32))  # whole numbers, so exact
    return np.asarray(np.minimum(products.astype(np.float64) / STEP**2, 1.0))  # rounding may exceed 1


@dataclass(frozen=True, slots=True)
class PairModel:
    """Tells whether two errors are one problem.

    A message of a few words is told by its names: one name that differs makes it another problem. An error told at
    length has names that another telling of it leaves out, and is told by how much of its words the other shares.

    forest  for every pair, trained on invented and real ones
    long    for pairs of which one is told at length, trained on real ones: what each trait adds to the log-odds, and at
            last the log-odds without any; a row with meaning, a row without
    """

    forest: Forest
    long: NDArray[np.float32]

    def probabilities(self, traits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Returns the probability of each pair, a row of traits, to be one problem."""
        scores = np.asarray(self.forest.probabilities(traits), dtype=np.float64)
        rows = np.flatnonzero((traits[:, LONGER] >= LONG) & (scores >= _UNLIKELY))
        weights = self.long[(traits[rows, NEARNESS] == -1).astype(int)]
        # Row by row: a product of matrices rounds otherwise for another number of rows.
        log_odds = (traits[rows] * weights[:, :-1]).sum(axis=1, dtype=np.float64) + weights[:, -1]
        scores[rows] = 1 / (1 + np.exp(-log_odds))
        return scores


@dataclass(frozen=True, slots=True)
class LinkingModel:
    """`names` tells whether a term names what an error is about, `pairs` whether two errors are one problem."""

    lexicon: Lexicon
    names: Forest
    pairs: PairModel
    compression: Compression


@cache
def shipped_model() -> LinkingModel:
    """Returns the model that training made. Raises OSError if its weights are missing."""
    with np.load(WEIGHTS, allow_pickle=False) as arrays:
        return model_from({name: arrays[name] for name in arrays.files})


def model_from(arrays: Mapping[str, NDArray[np.generic]]) -> LinkingModel:
    """Returns a model from arrays named "lexicon", "components", "centres", "names.…", "pairs.…" and "long"."""

    def forest(prefix: str) -> Forest:
        return Forest.from_arrays({n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)})

    lexicon = Lexicon(np.asarray(arrays["lexicon"], dtype=np.uint8))
    pairs = PairModel(forest("pairs."), np.asarray(arrays["long"], dtype=np.float32))
    return LinkingModel(lexicon, forest("names."), pairs, Compression.from_arrays(arrays))
