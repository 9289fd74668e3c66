"""Revises what the rules read of a session by meaning: doubtful records are dropped, and what was missed is added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from sessions.meaning.claims import revise_claims
from sessions.meaning.doubts import doubts_of
from sessions.meaning.encoder import Encoder
from sessions.meaning.judge import JUDGED, Judged, Model
from sessions.meaning.plans import decisions_of, steps_of
from sessions.meaning.problems import Problem, cause_of, is_left_open, problems_of, status_from
from sessions.meaning.repairs import fixes_of, with_outcome
from sessions.meaning.senses import Assessed, Sense, evidence_of
from sessions.parsing.reading import Reading
from sessions.records import ErrorRecord, FixRecord, SessionRecord

_MOST_DOUBTS = 30  # of a session


class Reviser:
    """Reads with a model and an encoder. One is enough for a process."""

    def __init__(self, model: Model, encoder: Encoder) -> None:
        self._model, self._encoder = model, encoder

    def __call__(self, reading: Reading, record: SessionRecord) -> SessionRecord:
        """Returns the session with its errors, fixes, steps and decisions as meaning and rules together read them."""
        assessed = self._model.assess(evidence_of(reading, record), self._encoder)
        if not assessed.statements:
            return record
        judged = {sense: self._model.judge(assessed, record, sense) for sense in JUDGED}
        errors, fixes = self._errors_and_fixes(judged, assessed, record)
        revised = replace(
            record,
            errors=errors,
            fixes=fixes,
            next_steps=steps_of(judged[Sense.PLAN], assessed, reading, self._model),
            decisions=decisions_of(judged[Sense.DECISION], assessed),
        )
        revise_claims(reading, record, revised)
        reading.doubts = doubts_of(judged, assessed, revised, _MOST_DOUBTS)
        return revised

    def _errors_and_fixes(
        self, judged: Mapping[Sense, list[Judged]], assessed: Assessed, record: SessionRecord
    ) -> tuple[tuple[ErrorRecord, ...], tuple[FixRecord, ...]]:
        problems = problems_of(judged[Sense.PROBLEM], assessed, self._model)
        ids = {problem: f"e{number}" for number, problem in enumerate(problems, start=1)}
        tried = fixes_of(judged[Sense.REPAIR], problems, assessed)
        outcomes: dict[Problem, set[str]] = defaultdict(set)
        for fix, on in tried:
            for problem in on:
                outcomes[problem].add(fix.outcome)
        errors = {
            problem: _error(problem, error_id, outcomes[problem], assessed, record) for problem, error_id in ids.items()
        }
        fixes = [
            replace(
                with_outcome(fix, errors[on[0]].status if on else ""),
                id=f"f{number}",
                errors=tuple(ids[problem] for problem in on),
            )
            for number, (fix, on) in enumerate(tried, start=1)
        ]
        return tuple(errors.values()), tuple(fixes)


def _error(
    problem: Problem, error_id: str, outcomes: set[str], assessed: Assessed, record: SessionRecord
) -> ErrorRecord:
    status = status_from(problem, outcomes, assessed)
    if status in ("unknown", "open") and problem.record.status == "unknown" and record.status == "complete":
        status = "open" if is_left_open(problem, assessed) else "fixed"
    return replace(
        problem.record,
        id=error_id,
        status=status,
        mentions=tuple(sorted(problem.mentions)),
        root_cause=cause_of(problem, assessed),
    )
