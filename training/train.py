"""Makes the weights that are shipped: train.py EVALUATION_FOLDER CORPUS_FOLDER. See README.md."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("OMP_NUM_THREADS", "1")  # on a busy machine the threads of a forest only wait for each other

from sessions.meaning.encoder import sentence_encoder
from sessions.meaning.forest import Forest
from sessions.meaning.judge import WEIGHTS, Model
from training.cross_validate import RememberingEncoder, whole_model
from training.examples import example_of
from training.labelled import labelled_logs


def _forests_of(model: Model) -> Iterator[tuple[str, Forest]]:
    yield from ((f"forest.{sense}", forest) for sense, forest in model.forests.items())
    yield from ((f"pairs.{sense}", forest) for sense, forest in model.pairs.items())


def arrays_of(model: Model) -> dict[str, NDArray[np.generic]]:
    """Returns the arrays of a model as `judge.model_from` takes them: halves are exact enough for weights."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name in model.classifier.__slots__:
        arrays[f"classifier.{name}"] = getattr(model.classifier, name).astype(np.float16)
    for name, forest in _forests_of(model):
        for part in fields(forest):
            arrays[f"{name}.{part.name}"] = getattr(forest, part.name)
    for sense in model.thresholds:
        arrays[f"thresholds.{sense}"] = np.array(model.thresholds[sense], dtype=np.float32)
    return arrays


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("corpus", type=Path)
    options = parser.parse_args()
    examples = [example_of(log) for log in labelled_logs(options.evaluation, options.corpus)]
    model = whole_model(examples, RememberingEncoder(sentence_encoder()))
    np.savez_compressed(WEIGHTS, allow_pickle=False, **arrays_of(model))
    print(f"{len(examples)} logs, {WEIGHTS.stat().st_size / 1e6:.2f} MB in {WEIGHTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
