"""What is known about the problems that entries of the search index tell of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.models import TrackedStep
from kb.queries.board import steps_known_open_or_done
from kb.queries.met_before import Answer, answers_of
from kb.queries.same_problem import Problem, problem_of
from kb.search.index.entries import EntryRow


@dataclass(frozen=True, slots=True)
class KnownProblem:
    """One of the two: what is known about an issue, or a tracked step, known to be open or not."""

    answer: Answer | None = None
    step: TrackedStep | None = None


def known_problems(entries: Sequence[EntryRow], today: dt.date) -> dict[int, KnownProblem]:
    """Returns what is known about the issue or step of each entry, by the entry's id, in a constant number of queries.

    An entry is absent if it is of another kind, or belongs to an error that is in no issue yet.
    """
    problems = problem_of(entries)
    known = _issues(problems.values(), today) | _steps(problems.values())
    return _of_entries(problems, known)


def _issues(problems: Iterable[Problem], today: dt.date) -> dict[Problem, KnownProblem]:
    issues = {pk for kind, pk in problems if kind == "issue"}
    answers = answers_of(issues, today) if issues else {}
    return {("issue", pk): KnownProblem(answer=answer) for pk, answer in answers.items()}


def _steps(problems: Iterable[Problem]) -> dict[Problem, KnownProblem]:
    numbers = {pk for kind, pk in problems if kind == "step"}
    steps = steps_known_open_or_done(numbers) if numbers else ()
    return {("step", step.pk): KnownProblem(step=step) for step in steps}


def _of_entries(problems: Mapping[int, Problem], known: Mapping[Problem, KnownProblem]) -> dict[int, KnownProblem]:
    return {entry: known[problem] for entry, problem in problems.items() if problem in known}
