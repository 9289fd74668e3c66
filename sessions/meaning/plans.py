"""Makes the steps and decisions of a session from what the judge accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sessions.meaning.judge import Judged
from sessions.meaning.senses import Assessed
from sessions.meaning.wording import names_nothing, spans_of_statements, title_of
from sessions.parsing.next_steps import step_of
from sessions.parsing.reading import Reading
from sessions.records import DecisionRecord, NextStepRecord


def steps_of(judged: Sequence[Judged], assessed: Assessed, reading: Reading) -> tuple[NextStepRecord, ...]:
    """Returns the accepted steps in the order of the file. What is below a step is its detail, no step of its own."""
    steps = [
        replace(record, certainty=one.certainty)
        for one in judged
        if one.accepted and isinstance(record := one.candidate.record, NextStepRecord)
    ]
    new = [one for one in judged if one.accepted and one.candidate.record is None]
    taken = {assessed.statements[one.candidate.stated[0]].node for one in new}
    for one in new:
        candidate = one.candidate
        node = assessed.statements[candidate.stated[0]].node
        text = title_of(candidate, assessed)
        if not names_nothing(text) and not any(holder in taken for holder in node.ancestors()):
            span = spans_of_statements(candidate.stated[:1], assessed)[0]
            step = step_of(reading, node, text, span)
            steps.append(replace(step, found_by="meaning", certainty=one.certainty))
    return tuple(sorted(steps, key=lambda step: step.line))


def decisions_of(judged: Sequence[Judged], assessed: Assessed) -> tuple[DecisionRecord, ...]:
    decisions: list[DecisionRecord] = []
    for one in judged:
        if not one.accepted:
            continue
        if isinstance(record := one.candidate.record, DecisionRecord):
            decisions.append(replace(record, certainty=one.certainty))
        elif decision := _decision(one, assessed):
            decisions.append(decision)
    return tuple(sorted(decisions, key=lambda decision: decision.line))


def _decision(judged: Judged, assessed: Assessed) -> DecisionRecord | None:
    candidate = judged.candidate
    text = title_of(candidate, assessed)
    if names_nothing(text):
        return None
    span = spans_of_statements(candidate.stated[:1], assessed)[0]
    return DecisionRecord(text, span[0], span, found_by="meaning", certainty=judged.certainty)
