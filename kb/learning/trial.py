"""Shows what a model that learned reads better and worse: each log is read by one that has not seen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.learning.fitting import Facts, facts_of, fit_further
from kb.learning.labels import KINDS, Label, LabelledLog
from sessions.meaning.candidates import spans_of
from sessions.meaning.encoder import Encoder
from sessions.meaning.judge import Model
from sessions.meaning.revise import Reviser
from sessions.meaning.senses import Classifier
from sessions.parsing.pipeline import read_text
from sessions.records import SessionRecord

LEAST_LABELS, LEAST_LOGS = 20, 3
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Compared:
    """A label, and whether the shipped model and the one that learned read it as the person said."""

    log: LabelledLog
    label: Label
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What training made, and how it did in logs it had not seen.

    records  how many records of each kind are read in these logs, before and after
    kinds    those that were read better; of the others the shipped weights stay
    """

    classifier: Classifier
    compared: Sequence[Compared]
    records: dict[str, tuple[int, int]]
    kinds: Sequence[str]


def _gain(compared: Sequence[Compared], kind: str) -> int:
    return sum(one.after - one.before for one in compared if one.label.kind == kind)


def train(logs: Sequence[LabelledLog], model: Model, encoder: Encoder) -> Trial:
    """Trains on all logs, and on all but some of them in turn to see how it does on those."""
    from sklearn.model_selection import GroupKFold

    facts = facts_of(logs, model.classifier, encoder)
    numbers = np.arange(len(logs))
    compared: list[Compared] = []
    records = dict.fromkeys(KINDS, (0, 0))
    for seen, unseen in GroupKFold(min(_FOLDS, len(logs))).split(numbers, groups=numbers):
        for other in _read_unseen(logs, seen, unseen, facts, model, encoder):
            compared += other.compared
            for kind in KINDS:
                records[kind] = (records[kind][0] + other.counts[kind][0], records[kind][1] + other.counts[kind][1])
    kinds = [kind for kind in KINDS if _gain(compared, kind) > 0]
    return Trial(fit_further(model.classifier, facts, numbers, kinds), compared, records, kinds)


@dataclass(frozen=True, slots=True)
class _Other:
    compared: list[Compared]
    counts: dict[str, tuple[int, int]]


def _read_unseen(
    logs: Sequence[LabelledLog], seen: np.ndarray, unseen: np.ndarray, facts: Facts, model: Model, encoder: Encoder
) -> list[_Other]:
    learned = Reviser(replace(model, classifier=fit_further(model.classifier, facts, seen)), encoder)
    shipped = Reviser(model, encoder)
    return [_compare(logs[number], shipped, learned) for number in unseen]


def _compare(log: LabelledLog, shipped: Reviser, learned: Reviser) -> _Other:
    before, after = _read(log, shipped), _read(log, learned)
    compared = [
        Compared(log, label, _states(before, label) == label.told, _states(after, label) == label.told)
        for label in log.labels
    ]
    counts = {kind: (_count(before, kind), _count(after, kind)) for kind in KINDS}
    return _Other(compared, counts)


def _read(log: LabelledLog, reviser: Reviser) -> Sequence[SessionRecord]:
    return read_text(log.path, log.log.text, log.log.sha256 or "", log.log.encoding, revise=reviser).record.sessions


def _states(sessions: Sequence[SessionRecord], label: Label) -> bool:
    records = (record for session in sessions for record in getattr(session, label.kind))
    return any(first == label.line for record in records for first, _last in (*spans_of(record), (record.line, 0)))


def _count(sessions: Sequence[SessionRecord], kind: str) -> int:
    return sum(len(getattr(session, kind)) for session in sessions)
