"""How likely each statement of a session tells of a problem, its cause, a repair, a plan, a decision or a lesson."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from sessions.meaning.encoder import DIMENSIONS, Encoder, Vectors
from sessions.meaning.features import RULE_FLAGS, Flags, flags_of
from sessions.meaning.statements import Statement, statements_of
from sessions.meaning.words import HashedWords, hashed
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node
from sessions.records import SessionRecord

Probabilities = NDArray[np.float32]

# What counts how much before it is learned: heading, title of the session and so on say less than the text itself.
SHARES = {"text": 1.0, "heading": 0.7, "upper": 0.3, "title": 0.4}
_FLAG_SHARE, _RULE_SHARE = 0.3, 0.5
LONG = 150  # statements: of shorter sessions more is asked, down to all of it, since it costs little
_AT_ONCE = 1000  # statements whose meaning is in memory at once: 16 MB
_NAME_MARKS = re.compile(r"[-_.\d]+")


class Sense(StrEnum):
    """What a statement may tell of; the names are those of the fields of labels."""

    PROBLEM = "errors"
    REPAIR = "fixes"
    PLAN = "next_steps"
    DECISION = "decisions"
    CAUSE = "cause"
    LEARNING = "learnings"


SENSES = tuple(Sense)


@dataclass(frozen=True, slots=True)
class Assessed:
    """The statements of a session with what is thought of them, all in the same order.

    flags          what is known besides meaning, one row per statement
    vectors        their meaning; zeros where no sense was likely enough to look at it
    probabilities  one row per statement, one column per sense
    """

    statements: Sequence[Statement]
    flags: Flags
    vectors: Vectors
    probabilities: Probabilities
    _places: dict[Node, int] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for at in range(len(self.statements) - 1, -1, -1):
            self._places[self.statements[at].node] = at

    def of(self, sense: Sense) -> Probabilities:
        return self.probabilities[:, SENSES.index(sense)]

    def first_of(self, node: Node) -> int | None:
        """Returns the place of the first statement of a node."""
        return self._places.get(node)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the classifiers look at before meaning: flags and words."""

    statements: Sequence[Statement]
    flags: Flags
    words: HashedWords
    title: str


def evidence_of(reading: Reading, record: SessionRecord) -> Evidence:
    statements = statements_of(reading)
    flags = flags_of(statements, record)
    words = HashedWords([hashed(s.text) + hashed(s.heading, "H_") for s in statements])
    return Evidence(statements, flags, words, title_of(reading.path, record))


def title_of(path: PurePosixPath, record: SessionRecord) -> str:
    """Returns the words of a session's title and of its file's name, which tell what kind of log it is."""
    return f"{record.title[:120]} {_NAME_MARKS.sub(' ', path.stem)}".strip()


def scaled(flags: Flags) -> Flags:
    """Returns flags as the classifiers take them."""
    shares = np.full(flags.shape[1], _FLAG_SHARE, dtype=np.float32)
    shares[-RULE_FLAGS:] = _RULE_SHARE
    return flags * shares


def meaning_of(evidence: Evidence, which: NDArray[np.intp], encoder: Encoder) -> Vectors:
    """Returns the vectors of the statements at these places, each with those of its headings and the title after it."""
    chosen = [evidence.statements[at] for at in which]
    texts = {
        "text": [s.text for s in chosen],
        "heading": [s.heading for s in chosen],
        "upper": [s.upper for s in chosen],
        "title": [evidence.title] * len(chosen),
    }
    every = encoder.encode([text for name in SHARES for text in texts[name]])
    parts = every.reshape(len(SHARES), len(chosen), DIMENSIONS)
    return np.hstack([share * part for share, part in zip(SHARES.values(), parts, strict=True)])


@dataclass(frozen=True, slots=True)
class Classifier:
    """Two logistic regressions per sense: one without meaning for all statements, one with it for those in question.

    flags, words    weights of the first, one column per sense, and its `offsets`
    meaning         weights of the second for vectors; `other_flags`, `other_words`, `other_offsets` are its own
    questions       the probability from which the second is asked, per sense, in a long session
    """

    flags: NDArray[np.float32]
    words: NDArray[np.float32]
    offsets: NDArray[np.float32]
    meaning: NDArray[np.float32]
    other_flags: NDArray[np.float32]
    other_words: NDArray[np.float32]
    other_offsets: NDArray[np.float32]
    questions: NDArray[np.float32]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Classifier:
        return cls(**{name: np.asarray(arrays[name], dtype=np.float32) for name in cls.__slots__})

    def assess(self, evidence: Evidence, encoder: Encoder) -> Assessed:
        count = len(evidence.statements)
        vectors = np.zeros((count, DIMENSIONS), dtype=np.float32)
        if not count:
            return Assessed([], evidence.flags, vectors, np.zeros((0, len(SENSES)), dtype=np.float32))
        flags = scaled(evidence.flags)
        probabilities = _logistic(flags @ self.flags + evidence.words.times(self.words) + self.offsets)
        questions = self.questions * min(count / LONG, 1.0)
        which = np.flatnonzero((probabilities >= questions).any(axis=1))
        if len(which):
            others = flags @ self.other_flags + evidence.words.times(self.other_words) + self.other_offsets
            for part in np.array_split(which, -(-len(which) // _AT_ONCE)):
                meaning = meaning_of(evidence, part, encoder)
                probabilities[part] = _logistic(others[part] + meaning @ self.meaning)
                vectors[part] = meaning[:, :DIMENSIONS]
        return Assessed(evidence.statements, evidence.flags, vectors, probabilities)


def _logistic(values: NDArray[np.float32]) -> Probabilities:
    return (1.0 / (1.0 + np.exp(-np.clip(values, -30, 30)))).astype(np.float32)
