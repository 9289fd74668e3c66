"""What the classifiers learn from: the statements of labelled logs, each with what its label says it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sessions.meaning.candidates import Candidate
from sessions.meaning.senses import SENSES, Evidence, Sense, evidence_of
from sessions.meaning.statements import Statement
from sessions.parsing.pipeline import ReadLog, read_log
from training.labelled import WORD, LabelledLog, labelled_records, spans

ALL_KINDS = ("errors", "fixes", "commands", "next_steps", "files", "learnings", "decisions")


@dataclass(frozen=True)
class Example:
    """A labelled log that the rules have read.

    targets  one row per statement of all its sessions, one column per sense: whether it tells of that
    used     whether the label says so either way: not inside a record, where other statements explain it
    """

    log: LabelledLog
    read: ReadLog
    evidence: Sequence[Evidence]
    targets: NDArray[np.bool_]
    used: NDArray[np.bool_]


def example_of(log: LabelledLog) -> Example:
    read = read_log(log.path, log.content)
    evidence = [
        evidence_of(reading, record) for reading, record in zip(read.readings, read.record.sessions, strict=True)
    ]
    marks = [_marks(statement, log.labels) for found in evidence for statement in found.statements]
    told = np.array(marks, dtype=np.bool_).reshape(-1, len(SENSES), 2)
    return Example(log, read, evidence, told[:, :, 0], told[:, :, 1])


def _marks(statement: Statement, labels: dict[str, Any]) -> list[tuple[bool, bool]]:
    kinds = labels.get("kinds") or ALL_KINDS
    marks = []
    for sense in SENSES:
        if sense is Sense.CAUSE:
            marks.append((_is_cause(statement, labels), "errors" in kinds))
            continue
        states, inside = _states(statement, labels, sense)
        marks.append((states, sense.value in kinds and (states or not inside)))
    return marks


def _states(statement: Statement, labels: dict[str, Any], sense: Sense) -> tuple[bool, bool]:
    """Returns whether a statement states a record, and whether it is within the lines of one."""
    states = inside = False
    for record in labelled_records(labels, sense.value):
        key = words(record.get("key"))
        for first, last in spans(record):
            if not first <= statement.line <= last:
                continue
            inside = True
            named = bool(key) and len(key & words(statement.text)) * 2 >= len(key)
            states = states or named or (statement.line == first and statement.turn == 0)
    return states, inside


def _is_cause(statement: Statement, labels: dict[str, Any]) -> bool:
    causes = (error.get("cause_lines") for error in labelled_records(labels, "errors"))
    return any(lines and lines[0] <= statement.line <= lines[1] for lines in causes)


def words(text: str | None) -> set[str]:
    """Returns the words of a text; scripts written without spaces count by the character."""
    return set(WORD.findall((text or "").lower()))


def targets_of(candidates: Sequence[Candidate], texts: Sequence[str], lines: Sequence[Sequence[int]],
               labels: dict[str, Any], kind: str) -> list[bool]:  # fmt: skip
    """Returns which candidates are labelled records: each label goes to the first candidate that states it."""
    taken: set[int] = set()
    labelled = list(labelled_records(labels, kind))
    targets = []
    for text, stated in zip(texts, lines, strict=True):
        own = words(text)
        fitting = [
            (-len(words(label.get("key")) & own), number)
            for number, label in enumerate(labelled)
            if number not in taken and _fits(own, stated, label)
        ]
        if fitting:
            taken.add(min(fitting)[1])
        targets.append(bool(fitting))
    return targets


def _fits(own: set[str], stated: Sequence[int], label: dict[str, Any]) -> bool:
    key = words(label.get("key"))
    within = any(first <= line <= last for line in stated for first, last in spans(label))
    return within and (not key or len(key & own) * 2 >= len(key))
