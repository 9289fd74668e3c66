"""What may become a record of a session: what the rules read, and the statements that tell of something they missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sessions.meaning.senses import Assessed, Sense
from sessions.meaning.statements import Statement
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import Role
from sessions.records import (
    DecisionRecord,
    ErrorRecord,
    FixRecord,
    NextStepRecord,
    SessionRecord,
    Span,
)

JudgedRecord = ErrorRecord | FixRecord | NextStepRecord | DecisionRecord

# What headings, labels and columns call each kind.
SAID_BY = {
    Sense.PROBLEM: frozenset({Role.ERRORS, Role.SYMPTOMS}),
    Sense.REPAIR: frozenset({Role.FIXES, Role.ATTEMPT}),
    Sense.PLAN: frozenset({Role.NEXT_STEPS, Role.BLOCKERS}),
    Sense.DECISION: frozenset({Role.DECISIONS}),
}
# The least probability from which a statement is considered at all.
CONSIDERED = {Sense.PROBLEM: 0.12, Sense.REPAIR: 0.10, Sense.PLAN: 0.08, Sense.DECISION: 0.05}
_ABOUT_ONE = 0.35  # a heading this likely to tell of something is about that alone
_MOST_LINES = 400


@dataclass(slots=True, eq=False)
class Candidate:
    """Something that may be a record.

    record   what the rules read, None if they missed it
    stated   the places of the statements that state it, the most telling first
    inside   the places of all statements that belong to it
    """

    sense: Sense
    record: JudgedRecord | None
    stated: list[int]
    inside: list[int] = field(default_factory=list)

    @property
    def best(self) -> int | None:
        return self.stated[0] if self.stated else None


def records_of(record: SessionRecord, sense: Sense) -> Sequence[JudgedRecord]:
    match sense:
        case Sense.PROBLEM:
            return record.errors
        case Sense.REPAIR:
            return record.fixes
        case Sense.PLAN:
            return record.next_steps
        case _:
            return record.decisions


def spans_of(record: JudgedRecord) -> Sequence[Span]:
    return record.mentions if isinstance(record, ErrorRecord) else (record.lines,)


def candidates_of(assessed: Assessed, record: SessionRecord, sense: Sense) -> list[Candidate]:
    """Returns the records of the rules, then what they missed, each in the order of the file."""
    probable = assessed.of(sense)
    by_line: dict[int, list[int]] = defaultdict(list)
    for at, statement in enumerate(assessed.statements):
        by_line[statement.line].append(at)
    read = [_of_record(known, sense, by_line, probable) for known in records_of(record, sense)]
    covered = {at for candidate in read for at in candidate.inside}
    likely = [int(at) for at in np.flatnonzero(probable >= CONSIDERED[sense]) if int(at) not in covered]
    return read + _missed(assessed, sense, likely)


def _of_record(record: JudgedRecord, sense: Sense, by_line: dict[int, list[int]], probable: np.ndarray) -> Candidate:
    spans = spans_of(record)
    stated = [at for first, _last in spans for at in by_line.get(first, ())]
    lines = (number for first, last in spans for number in range(first, min(last, first + _MOST_LINES) + 1))
    inside = list(dict.fromkeys(at for number in lines for at in by_line.get(number, ())))
    return Candidate(sense, record, _by_probability(stated or inside[:1], probable), inside)


def _missed(assessed: Assessed, sense: Sense, likely: list[int]) -> list[Candidate]:
    """Groups statements: those of a node, and those below a heading that is itself about one thing of the kind."""
    probable, groups = assessed.of(sense), defaultdict[Node, list[int]](list)
    headings = {s.node: at for at, s in enumerate(assessed.statements) if s.node.kind is NodeKind.SECTION}
    for at in likely:
        statement = assessed.statements[at]
        heading = _heading_about_it(statement, headings, probable) if sense in (Sense.PROBLEM, Sense.REPAIR) else None
        groups[heading or statement.node].append(at)
    return [Candidate(sense, None, _by_probability(places, probable), places) for places in groups.values()]


def _heading_about_it(statement: Statement, headings: dict[Node, int], probable: np.ndarray) -> Node | None:
    node = statement.node
    heading = node if node.kind is NodeKind.SECTION else node.section()
    return heading if heading in headings and probable[headings[heading]] >= _ABOUT_ONE else None


def _by_probability(places: Iterable[int], probable: np.ndarray) -> list[int]:
    return sorted(dict.fromkeys(places), key=lambda at: -probable[at])


def is_explicit(candidate: Candidate, assessed: Assessed) -> bool:
    """Whether a label, or the heading right above, is nothing but the name of what the candidate is."""
    if candidate.best is None:
        return False
    node = assessed.statements[candidate.best].node
    holders = [node, *(holder for holder in (node.parent, node.section()) if holder is not None)]
    return any(
        holder.role in SAID_BY[candidate.sense] and is_bare_role(holder.label or holder.text) for holder in holders
    )
