"""Reads every labelled log by a model that has not seen its repository.

cross_validate.py EVALUATION_FOLDER CORPUS_FOLDER [--folds N] [--all] prints one JSON line per log, as
`manage.py parse --json` does.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("OMP_NUM_THREADS", "1")  # on a busy machine the threads of a forest only wait for each other

from sessions.meaning.encoder import Encoder, sentence_encoder
from sessions.meaning.judge import JUDGED, RESTATED, Model
from sessions.meaning.revise import Reviser
from sessions.meaning.senses import Assessed, Classifier, Sense
from sessions.parsing.pipeline import read_log
from training.classifier import Table, fit_classifier, table_of
from training.examples import Example, example_of
from training.fragments import fragments_of
from training.judge import Rows, assess, fit_model, pair_rows_of, rows_of
from training.labelled import labelled_logs

_INNER_FOLDS = 6


class RememberingEncoder:
    """Encodes each text once in the whole run."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= dict(zip(new, self._encoder.encode(new).astype(np.float16), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32)


def folds_of(repositories: Sequence[str], count: int) -> list[set[str]]:
    """Returns repositories in `count` folds of about as many, or one fold per repository if `count` is 0."""
    names = sorted(set(repositories))
    np.random.RandomState(0).shuffle(names)
    return [set(names[first::count]) for first in range(count)] if count else [{name} for name in names]


def out_of_fold(
    examples: Sequence[Example], table: Table, encoder: Encoder, folds: Sequence[set[str]]
) -> tuple[list[list[Assessed]], list[Classifier]]:
    """Returns what classifiers that have not seen a log's repository think of it, and those classifiers, per fold."""
    assessed: list[list[Assessed]] = [[] for _ in examples]
    classifiers = []
    for fold in folds:
        classifiers.append(fit_classifier(table, ~np.isin(table.repository, sorted(fold))))
        for at, example in enumerate(examples):
            if example.log.repository in fold:
                assessed[at] = assess(classifiers[-1], example, encoder)
    return assessed, classifiers


def models_by_fold(examples: Sequence[Example], encoder: Encoder, count: int) -> Iterator[tuple[set[str], Model]]:
    """Yields each fold of repositories with a model that has not seen them."""
    fitted = _fit_out_of_fold(examples, encoder, count)
    for fold, classifier in zip(fitted.folds, fitted.classifiers, strict=True):
        yield (
            fold,
            fit_model(
                classifier,
                {sense: rows.without(fold) for sense, rows in fitted.rows.items()},
                {sense: rows.without(fold) for sense, rows in fitted.pairs.items()},
            ),
        )


def whole_model(examples: Sequence[Example], encoder: Encoder) -> Model:
    """Returns the model of all logs: its forests learn from what classifiers think of logs that they have not seen."""
    fitted = _fit_out_of_fold(examples, encoder, _INNER_FOLDS)
    every = np.ones(len(fitted.table.targets), dtype=np.bool_)
    return fit_model(fit_classifier(fitted.table, every), fitted.rows, fitted.pairs)


@dataclass(frozen=True)
class _Fitted:
    table: Table
    folds: list[set[str]]
    classifiers: list[Classifier]
    rows: dict[Sense, Rows]
    pairs: dict[Sense, Rows]


def _fit_out_of_fold(examples: Sequence[Example], encoder: Encoder, count: int) -> _Fitted:
    table = table_of(examples, encoder)
    folds = folds_of([example.log.repository for example in examples], count)
    every = [*examples, *(example_of(part) for example in examples for part in fragments_of(example.log))]
    assessed, classifiers = out_of_fold(every, table, encoder, folds)
    rows = {sense: rows_of(every, assessed, sense) for sense in JUDGED}
    pairs = {sense: pair_rows_of(examples, assessed[: len(examples)], sense) for sense in RESTATED}
    return _Fitted(table, folds, classifiers, rows, pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--folds", type=int, default=_INNER_FOLDS)
    parser.add_argument("--all", action="store_true", help="also the logs of labels.jsonl")
    options = parser.parse_args()
    started = time.monotonic()
    logs = labelled_logs(options.evaluation, options.corpus)
    examples = [example_of(log) for log in logs]
    encoder = RememberingEncoder(sentence_encoder())
    for fold, model in models_by_fold(examples, encoder, options.folds):
        reviser = Reviser(model, encoder)
        for log in logs:
            if log.repository in fold and (log.gold or options.all):
                print(json.dumps(read_log(log.path, log.content, reviser).record.as_json()))
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
