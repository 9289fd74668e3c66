"""Trains the classifiers of statements further: from the shipped weights, towards what people said.

Needs scipy (requirements-train.txt). Statements that nobody spoke of keep what the shipped model thinks of them, as far
as labels allow: a few of each log are held to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.learning.labels import LabelledLog
from sessions.meaning.encoder import Encoder
from sessions.meaning.judge import JUDGED
from sessions.meaning.senses import SENSES, Classifier, Evidence, evidence_of, meaning_of, scaled
from sessions.meaning.words import PLACES
from sessions.parsing.pipeline import read_text

_STRENGTH = 0.5  # of what people said, against the shipped weights: chosen on labelled logs that were left out
_HELD, _HOLD = 40, 0.3  # statements of a log that are held to what they were, and how much each of them counts
_ROUNDS = 60
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Facts:
    """Statements with what is known of them; `weights` is 0 where nothing is, one column per judged sense.

    plain, full  what the classifiers without and with meaning look at, as sparse arrays
    log          the number of each statement's log
    """

    plain: Any
    full: Any
    targets: Numbers
    weights: Numbers
    log: NDArray[np.int64]


def facts_of(logs: Sequence[LabelledLog], base: Classifier, encoder: Encoder) -> Facts:
    import scipy.sparse as sp

    parts = [part for number, log in enumerate(logs) for part in _facts_of_log(log, number, base, encoder)]
    return Facts(
        sp.vstack([part.plain for part in parts]).tocsr(),
        sp.vstack([part.full for part in parts]).tocsr(),
        np.vstack([part.targets for part in parts]),
        np.vstack([part.weights for part in parts]),
        np.concatenate([part.log for part in parts]),
    )


def _facts_of_log(log: LabelledLog, number: int, base: Classifier, encoder: Encoder) -> list[Facts]:
    read = read_text(log.path, log.log.text, log.log.sha256 or "", log.log.encoding)
    parts = []
    for reading, record in zip(read.readings, read.record.sessions, strict=True):
        evidence = evidence_of(reading, record)
        if evidence.statements:
            parts.append(_facts_of_session(evidence, log, number, base, encoder))
    return parts


def _facts_of_session(evidence: Evidence, log: LabelledLog, number: int, base: Classifier, encoder: Encoder) -> Facts:
    import scipy.sparse as sp

    assessed = base.assess(evidence, encoder)
    count = len(evidence.statements)
    targets = np.array([assessed.of(sense) for sense in JUDGED], dtype=np.float64).T
    weights = np.zeros((count, len(JUDGED)))
    held = np.random.RandomState(number).permutation(count)[:_HELD]
    weights[held] = _HOLD
    for label in log.labels:
        column = [sense.value for sense in JUDGED].index(label.kind)
        on_line = [at for at, statement in enumerate(evidence.statements) if statement.line == label.line]
        if label.told and on_line:
            on_line = [max(on_line, key=lambda at: targets[at, column])]
        targets[on_line, column], weights[on_line, column] = float(label.told), 1.0
    chosen = np.flatnonzero(weights.any(axis=1))
    words = evidence.words
    sparse = sp.csr_matrix((words.values, (words.rows, words.places)), shape=(count, PLACES))
    plain = sp.hstack([sp.csr_matrix(scaled(evidence.flags)), sparse]).tocsr()[chosen]
    full = sp.hstack([sp.csr_matrix(meaning_of(evidence, chosen, encoder)), plain]).tocsr()
    return Facts(plain, full, targets[chosen], weights[chosen], np.full(len(chosen), number))


def fit_further(
    base: Classifier, facts: Facts, logs: NDArray[np.int64], kinds: Sequence[str] = tuple(JUDGED)
) -> Classifier:
    """Returns classifiers that learned from the statements of these logs; those of other kinds stay as they are."""
    rows = np.isin(facts.log, logs)
    plain, full = np.vstack([base.flags, base.words]), np.vstack([base.meaning, base.other_flags, base.other_words])
    new_plain, new_full = plain.copy(), full.copy()
    for at, sense in enumerate(JUDGED):
        if sense not in kinds:
            continue
        column, target, weight = SENSES.index(sense), facts.targets[rows, at], facts.weights[rows, at]
        new_plain[:, column] += _change(facts.plain[rows], plain[:, column], base.offsets[column], target, weight)
        new_full[:, column] += _change(facts.full[rows], full[:, column], base.other_offsets[column], target, weight)
    flags, meaning = len(base.flags), len(base.meaning)
    return replace(
        base,
        flags=new_plain[:flags],
        words=new_plain[flags:],
        meaning=new_full[:meaning],
        other_flags=new_full[meaning : meaning + flags],
        other_words=new_full[meaning + flags :],
    )


def _change(rows: Any, known: NDArray[np.float32], offset: float, target: Numbers, weight: Numbers) -> Numbers:
    """Returns what to add to the weights: the least that fits, by logistic loss and a penalty on its square."""
    from scipy.optimize import minimize

    given = rows @ known.astype(np.float64) + float(offset)

    def loss(change: Numbers) -> tuple[float, Numbers]:
        odds = given + rows @ change
        likely = 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30)))
        missed = weight * (np.logaddexp(0.0, odds) - target * odds)
        slope = rows.T @ (weight * (likely - target)) + change / _STRENGTH
        return float(missed.sum() + change @ change / (2 * _STRENGTH)), slope

    start = np.zeros(rows.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x)
