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


def cosines(own: NDArray[np.int8], others: NDArray[np.int8]) -> NDArray[np.float64]:
    """Returns the cosines of the vectors of one error with those of each of the others, a row for each."""
    products = np.einsum("vd,nvd->nv", own.astype(np.float32), others.astype(np.float32))  # whole numbers, so exact
    return np.asarray(np.minimum(products.astype(np.float64) / STEP**2, 1.0))  # rounding may exceed 1


@dataclass(frozen=True, slots=True)
class LinkingModel:
    """`names` tells whether a term names what an error is about, `pairs` whether two errors are one problem."""

    lexicon: Lexicon
    names: Forest
    pairs: Forest
    compression: Compression


@cache
def shipped_model() -> LinkingModel:
    """Returns the model that training made. Raises OSError if its weights are missing."""
    with np.load(WEIGHTS, allow_pickle=False) as arrays:
        return model_from({name: arrays[name] for name in arrays.files})


def model_from(arrays: Mapping[str, NDArray[np.generic]]) -> LinkingModel:
    """Returns a model from arrays named "lexicon", "components", "centres", "names.…" and "pairs.…"."""

    def forest(prefix: str) -> Forest:
        return Forest.from_arrays({n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)})

    lexicon = Lexicon(np.asarray(arrays["lexicon"], dtype=np.uint8))
    return LinkingModel(lexicon, forest("names."), forest("pairs."), Compression.from_arrays(arrays))
