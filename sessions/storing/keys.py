"""Stable keys: what makes a record the same record after the log was edited around it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from sessions.parsing.vocabulary import fold
from sessions.records import (
    CommandRecord,
    CommitRecord,
    DecisionRecord,
    ErrorRecord,
    FileRecord,
    FixRecord,
    LearningRecord,
    NextStepRecord,
    ObjectiveRecord,
    SessionRecord,
)

T = TypeVar("T")
AnyRecord = (
    ErrorRecord
    | FixRecord
    | CommandRecord
    | NextStepRecord
    | FileRecord
    | LearningRecord
    | DecisionRecord
    | CommitRecord
    | ObjectiveRecord
)


def identity(record: AnyRecord) -> str:
    """Returns the words that identify a record within its session, folded: those of the log, not a person's."""
    match record:
        case ErrorRecord() | FixRecord():
            return fold(record.stated or record.title)
        case FileRecord():
            return record.path
        case CommitRecord():
            return record.hash or fold(record.message)
        case CommandRecord():
            return record.stated or record.text
        case ObjectiveRecord():
            return fold(record.text)
        case _:
            return fold(record.stated or record.text)


def session_identity(session: SessionRecord) -> str:
    """Returns what distinguishes a session from the others of its log: its day and its title."""
    return f"{session.date}\n{fold(session.title)}"


def keyed(things: Iterable[T], identity_of: Callable[[T], str]) -> Iterator[tuple[str, T]]:
    """Yields each thing with its key: 32 hex digits of its identity and its position among those of equal identity."""
    turns: Counter[str] = Counter()
    for thing in things:
        words = identity_of(thing)
        digest = hashlib.blake2b(f"{words}\n{turns[words]}".encode(errors="replace"), digest_size=16)
        turns[words] += 1
        yield digest.hexdigest(), thing
