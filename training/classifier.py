"""Fits the two logistic regressions per sense, and says how likely each statement of logs left out is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.utils.extmath import randomized_svd

from sessions.meaning.encoder import DIMENSIONS, Encoder
from sessions.meaning.senses import SENSES, SHARES, Classifier, Evidence, Sense, scaled
from training.examples import Example

# Directions of meaning that are kept of each field: more of them only learn the training logs by heart.
_DIRECTIONS = {"text": 256, "heading": 128, "upper": 64, "title": 64}
_STRENGTH = 0.3  # of the regularisation, as scikit-learn's C
_ROUNDS = 100
# The probability without meaning from which meaning is asked in a long session, chosen by cross-validation and cost.
_QUESTIONS = {
    Sense.PROBLEM: 0.10, Sense.REPAIR: 0.14, Sense.PLAN: 0.24, Sense.DECISION: 0.08, Sense.CAUSE: 0.3,
    Sense.LEARNING: 1.01,  # nothing is judged by it: it only tells the others apart
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """The statements of all examples, one after another, ready to fit."""

    flags: NDArray[np.float32]
    words: sp.csr_matrix
    meaning: NDArray[np.float32]
    directions: dict[str, NDArray[np.float32]]
    targets: NDArray[np.bool_]
    used: NDArray[np.bool_]
    repository: NDArray[np.str_]


def table_of(examples: Sequence[Example], encoder: Encoder) -> Table:
    every = [evidence for example in examples for evidence in example.evidence if evidence.statements]
    fields = {name: _texts(every, name) for name in _DIRECTIONS}
    vectors = _encoded({text for texts in fields.values() for text in texts}, encoder)
    directions = _directions(fields["text"], vectors)
    meaning = np.hstack(
        [
            share * np.array([vectors[text] for text in fields[name]], dtype=np.float32) @ directions[name]
            for name, share in SHARES.items()
        ]
    )
    return Table(
        np.vstack([scaled(evidence.flags) for evidence in every]),
        sp.vstack([_sparse(evidence) for evidence in every]).tocsr(),
        meaning.astype(np.float32),
        directions,
        np.vstack([example.targets for example in examples]),
        np.vstack([example.used for example in examples]),
        np.concatenate([np.repeat(example.log.repository, len(example.targets)) for example in examples]),
    )


def _texts(every: Iterable[Evidence], name: str) -> list[str]:
    get: dict[str, Callable[[Evidence], Iterable[str]]] = {
        "text": lambda evidence: (s.text for s in evidence.statements),
        "heading": lambda evidence: (s.heading for s in evidence.statements),
        "upper": lambda evidence: (s.upper for s in evidence.statements),
        "title": lambda evidence: (evidence.title for _ in evidence.statements),
    }
    return [text for evidence in every for text in get[name](evidence)]


def _encoded(texts: set[str], encoder: Encoder) -> dict[str, NDArray[np.float16]]:
    ordered = sorted(texts)
    vectors: dict[str, NDArray[np.float16]] = {}
    for first in range(0, len(ordered), 1000):
        batch = ordered[first : first + 1000]
        vectors |= dict(zip(batch, encoder.encode(batch).astype(np.float16), strict=True))
    return vectors


def _directions(texts: Sequence[str], vectors: dict[str, NDArray[np.float16]]) -> dict[str, NDArray[np.float32]]:
    sample = np.array([vectors[text] for text in texts[::3]], dtype=np.float32)
    _u, _s, basis = randomized_svd(sample, n_components=max(_DIRECTIONS.values()), random_state=0)
    return {name: np.ascontiguousarray(basis[:count].T, dtype=np.float32) for name, count in _DIRECTIONS.items()}


def _sparse(evidence: Evidence) -> sp.csr_matrix:
    words = evidence.words
    return sp.csr_matrix((words.values, (words.rows, words.places)), shape=words.shape)


def fit_classifier(table: Table, rows: NDArray[np.bool_]) -> Classifier:
    """Fits on the statements of these rows."""
    plain = sp.hstack([sp.csr_matrix(table.flags), table.words]).tocsr()
    full = sp.hstack([sp.csr_matrix(table.meaning), plain]).tocsr()
    without = [_fit(plain, table, rows, number) for number in range(len(SENSES))]
    with_meaning = [_fit(full, table, rows, number) for number in range(len(SENSES))]
    flags, directions = table.flags.shape[1], table.meaning.shape[1]
    plain_weights = np.array([weights for weights, _offset in without], dtype=np.float32).T
    full_weights = np.array([weights for weights, _offset in with_meaning], dtype=np.float32).T
    return Classifier(
        flags=plain_weights[:flags],
        words=plain_weights[flags:],
        offsets=np.array([offset for _weights, offset in without], dtype=np.float32),
        meaning=_unfolded(full_weights[:directions], table),
        other_flags=full_weights[directions : directions + flags],
        other_words=full_weights[directions + flags :],
        other_offsets=np.array([offset for _weights, offset in with_meaning], dtype=np.float32),
        questions=np.array([_QUESTIONS[sense] for sense in SENSES], dtype=np.float32),
    )


def _fit(
    columns: sp.csr_matrix, table: Table, rows: NDArray[np.bool_], sense: int
) -> tuple[NDArray[np.float64], float]:
    chosen = rows & table.used[:, sense]
    target = table.targets[chosen, sense]
    if not target.any():
        return np.zeros(columns.shape[1]), -10.0
    fitted = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS).fit(columns[chosen], target)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _unfolded(weights: NDArray[np.float32], table: Table) -> NDArray[np.float32]:
    """Returns weights for whole vectors, so that nothing but them need be kept."""
    parts, first = [], 0
    for name, count in _DIRECTIONS.items():
        parts.append(table.directions[name] @ weights[first : first + count])
        first += count
    assert parts[0].shape == (DIMENSIONS, len(SENSES))
    return np.vstack(parts)
