"""Makes the steps and decisions of a session from what the judge accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sessions.meaning.judge import Judged, Model
from sessions.meaning.senses import Assessed, Sense
from sessions.meaning.wording import names_nothing, spans_of_statements, title_of
from sessions.parsing.next_steps import step_of
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node
from sessions.records import DecisionRecord, NextStepRecord

SAME_STEP = 0.6  # probability from which two steps of a session are one


def steps_of(
    judged: Sequence[Judged], assessed: Assessed, reading: Reading, model: Model
) -> tuple[NextStepRecord, ...]:
    """Returns the accepted steps in the order of the file. What is below a step is its detail, no step of its own."""
    accepted = [one for one in judged if one.accepted]
    new = {assessed.statements[one.candidate.stated[0]].node for one in accepted if one.candidate.record is None}
    steps: dict[int, NextStepRecord] = {}
    for at, one in enumerate(accepted):
        if (step := _step(one, assessed, reading, new)) is not None:
            steps[at] = replace(step, certainty=one.certainty)
    for likely, one_at, other_at in model.same([one.candidate for one in accepted], assessed, Sense.PLAN):
        if likely >= SAME_STEP and one_at in steps and other_at in steps:
            first, again = sorted((one_at, other_at), key=lambda at: steps[at].line)
            steps[first] = _joined(steps[first], steps.pop(again))
    return tuple(sorted(steps.values(), key=lambda step: step.line))


def _step(judged: Judged, assessed: Assessed, reading: Reading, new: set[Node]) -> NextStepRecord | None:
    candidate = judged.candidate
    if isinstance(candidate.record, NextStepRecord):
        return candidate.record
    node = assessed.statements[candidate.stated[0]].node
    text = title_of(candidate, assessed)
    if names_nothing(text) or any(holder in new for holder in node.ancestors()):
        return None
    span = spans_of_statements(candidate.stated[:1], assessed)[0]
    return replace(step_of(reading, node, text, span), found_by="meaning")


def _joined(first: NextStepRecord, again: NextStepRecord) -> NextStepRecord:
    """Returns a step that is stated again elsewhere, with the priority of either place; it is done if both say so."""
    priority, blocker = first.priority or again.priority, first.blocker or again.blocker
    return replace(first, priority=priority, blocker=blocker, done=first.done and again.done)


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
