"""Makes the steps and decisions of a session from what the judge accepted."""

from __future__ import annotations

from collections.abc import Sequence

from sessions.meaning.candidates import Candidate
from sessions.meaning.judge import Judged
from sessions.meaning.senses import Assessed
from sessions.meaning.wording import names_nothing, spans_of_statements, title_of
from sessions.parsing.next_steps import step_of
from sessions.parsing.reading import Reading
from sessions.records import DecisionRecord, NextStepRecord


def steps_of(judged: Sequence[Judged], assessed: Assessed, reading: Reading) -> tuple[NextStepRecord, ...]:
    """Returns the accepted steps in the order of the file. What is below a step is its detail, no step of its own."""
    steps = [one.candidate.record for one in judged if one.accepted and isinstance(one.candidate.record, NextStepRecord)]
    new = [one.candidate for one in judged if one.accepted and one.candidate.record is None]
    taken = {assessed.statements[candidate.stated[0]].node for candidate in new}
    for candidate in new:
        node = assessed.statements[candidate.stated[0]].node
        text = title_of(candidate, assessed)
        if not names_nothing(text) and not any(holder in taken for holder in node.ancestors()):
            span = spans_of_statements(candidate.stated[:1], assessed)[0]
            steps.append(step_of(reading, node, text, span))
    return tuple(sorted(steps, key=lambda step: step.line))


def decisions_of(judged: Sequence[Judged], assessed: Assessed) -> tuple[DecisionRecord, ...]:
    decisions: list[DecisionRecord] = []
    for one in judged:
        if not one.accepted:
            continue
        if isinstance(record := one.candidate.record, DecisionRecord):
            decisions.append(record)
        elif decision := _decision(one.candidate, assessed):
            decisions.append(decision)
    return tuple(sorted(decisions, key=lambda decision: decision.line))


def _decision(candidate: Candidate, assessed: Assessed) -> DecisionRecord | None:
    text = title_of(candidate, assessed)
    if names_nothing(text):
        return None
    span = spans_of_statements(candidate.stated[:1], assessed)[0]
    return DecisionRecord(text, span[0], span)
