"""Fits the forests that decide which candidates become records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sessions.meaning.candidates import Candidate, candidates_of
from sessions.meaning.encoder import Encoder
from sessions.meaning.forest import Forest
from sessions.meaning.judge import JUDGED, RESTATED, Judged, Model
from sessions.meaning.problems import TELLS, problem_of
from sessions.meaning.senses import Assessed, Classifier, Sense
from sessions.meaning.tellings import Telling, pair_traits, pairs_to_compare, tellings_of
from sessions.meaning.traits import traits_of
from sessions.meaning.wording import said_of, spans_of_statements, title_of
from sessions.records import ErrorRecord, FixRecord
from training.examples import ALL_KINDS, Example, targets_of, words
from training.labelled import Document, labelled_records, spans
from training.trees import Shape, fit_trees

THRESHOLDS = {
    Sense.PROBLEM: (0.26, 0.33), Sense.REPAIR: (0.12, 0.29), Sense.PLAN: (0.3, 0.57), Sense.DECISION: (0.1, 0.35),
}  # fmt: skip
_SHAPE = Shape(forests=4, trees=130, leaves=8, rate=0.05, least=30, features=0.3)


@dataclass(frozen=True)
class Rows:
    """Candidates of one sense over many logs: traits, whether each is a labelled record, and the log's repository."""

    traits: NDArray[np.float32]
    targets: NDArray[np.bool_]
    repository: NDArray[np.str_]

    def without(self, repositories: set[str]) -> Rows:
        kept = ~np.isin(self.repository, sorted(repositories))
        return Rows(self.traits[kept], self.targets[kept], self.repository[kept])


def rows_of(examples: Sequence[Example], assessed: Sequence[Sequence[Assessed]], sense: Sense) -> Rows:
    """Returns the candidates of labelled logs, given what a classifier that has not seen them thinks of them."""
    traits, targets, repositories = [], [], []
    for example, sessions in zip(examples, assessed, strict=True):
        if sense.value not in (example.log.labels.get("kinds") or ALL_KINDS):
            continue
        candidates, texts, lines = [], [], []
        for session, record in zip(sessions, example.read.record.sessions, strict=True):
            if not session.statements:
                continue
            found = candidates_of(session, record, sense)
            if not found:
                continue
            traits.append(traits_of(found, session))
            candidates += found
            texts += [_text(candidate, session) for candidate in found]
            lines += [_lines(candidate, session) for candidate in found]
        targets += targets_of(candidates, texts, lines, example.log.labels, sense.value)
        repositories += [example.log.repository] * len(candidates)
    return Rows(np.vstack(traits), np.array(targets, dtype=np.bool_), np.array(repositories))


def _text(candidate: Candidate, session: Assessed) -> str:
    """Returns all the words the record of a candidate would have."""
    record = candidate.record
    if candidate.sense is Sense.PROBLEM:
        problem = problem_of(Judged(candidate, 1.0, True), session)
        return "" if problem is None else f"{problem.record.title} {problem.record.message}"
    if record is not None:
        return (
            record.title
            if isinstance(record, FixRecord)
            else str(getattr(record, "text", "")) + " " + str(getattr(record, "detail", ""))
        )
    return f"{title_of(candidate, session)} {said_of(candidate, session)}"


def _lines(candidate: Candidate, session: Assessed) -> list[int]:
    record = candidate.record
    if isinstance(record, ErrorRecord):
        return [first for first, _last in record.mentions]
    if record is not None:
        return [record.line]
    return [first for first, _last in spans_of_statements(candidate.stated, session)]


def pair_rows_of(examples: Sequence[Example], assessed: Sequence[Sequence[Assessed]], sense: Sense) -> Rows:
    """Returns pairs of candidates that both state a labelled record, and whether it is the same one."""
    traits, targets, repositories = [], [], []
    for example, sessions in zip(examples, assessed, strict=True):
        labels = list(labelled_records(example.log.labels, sense.value))
        for session, record in zip(sessions, example.read.record.sessions, strict=True):
            if not session.statements or not labels:
                continue
            told = session.of(sense)
            candidates = candidates_of(session, record, sense)
            likely = [c for c in candidates if c.record is not None or (c.best is not None and told[c.best] >= TELLS)]
            tellings = tellings_of(likely, session)
            stated = [_stated_by(telling, labels) for telling in tellings]
            for one, other in pairs_to_compare(tellings):
                if stated[one] and stated[other]:
                    traits.append(pair_traits(tellings[one], tellings[other], len(tellings)))
                    targets.append(bool(stated[one] & stated[other]))
                    repositories.append(example.log.repository)
    return Rows(np.array(traits, dtype=np.float32), np.array(targets, dtype=np.bool_), np.array(repositories))


def _stated_by(telling: Telling, labels: Sequence[Document]) -> set[int]:
    """Returns the labels within whose lines a candidate begins; of several, those whose words it has."""
    line, own = telling.lines[0], words(" ".join(statement.text for statement in telling.statements))
    within = {n for n, label in enumerate(labels) if any(first <= line <= last for first, last in spans(label))}
    named = {n for n in within if len(words(labels[n].get("key")) & own) * 2 >= len(words(labels[n].get("key")))}
    return named or within


def fit_forest(rows: Rows) -> Forest:
    return fit_trees(rows.traits, rows.targets, _SHAPE)


def fit_model(classifier: Classifier, rows: Mapping[Sense, Rows], pairs: Mapping[Sense, Rows]) -> Model:
    forests = {sense: fit_forest(rows[sense]) for sense in JUDGED}
    return Model(classifier, forests, {sense: fit_forest(pairs[sense]) for sense in RESTATED}, THRESHOLDS)


def assess(classifier: Classifier, example: Example, encoder: Encoder) -> list[Assessed]:
    return [classifier.assess(evidence, encoder) for evidence in example.evidence]
