"""Makes the fixes of a session from what the judge accepted, each with the error it was tried on."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from sessions.meaning.candidates import Candidate
from sessions.meaning.judge import Judged
from sessions.meaning.problems import Problem
from sessions.meaning.senses import Assessed
from sessions.meaning.statements import Statement
from sessions.meaning.wording import names_nothing, spans_of_statements, title_of
from sessions.parsing.problems.apart import problem_and_repair
from sessions.parsing.problems.unsolved import is_unticked
from sessions.parsing.problems.verdicts import is_unverified, outcome_of
from sessions.parsing.tree.document import Node
from sessions.records import FixRecord, Outcome

_FAR = 40  # lines between an error and a fix in the same section
_ALIKE = 0.45  # cosine from which a fix elsewhere belongs to an error
_COMPARED = 150  # errors before and after a fix that it is compared with

_OUTCOMES: Mapping[str, Outcome] = {"fixed": "worked", "workaround": "worked", "partial": "partial"}


def fixes_of(
    judged: Sequence[Judged], problems: Sequence[Problem], assessed: Assessed
) -> list[tuple[FixRecord, list[Problem]]]:
    """Returns the accepted fixes in the order of the file, each with the problems it was tried on."""
    told = _Told(problems, assessed)
    by_id = {error_id: problem for problem in problems for error_id in problem.ids}
    fixes: list[tuple[FixRecord, list[Problem]]] = []
    for one in judged:
        if not one.accepted or _is_to_be_made(one.candidate, assessed):
            continue
        record = one.candidate.record
        if isinstance(record, FixRecord):
            known = list(dict.fromkeys(by_id[error] for error in record.errors if error in by_id))
            fixes.append((replace(record, certainty=one.certainty), known or told.near(one.candidate)))
        elif new := _fix(one, assessed):
            fixes.append((new, told.near(one.candidate)))
    return sorted(fixes, key=lambda fix: fix[0].lines)


def _is_to_be_made(candidate: Candidate, assessed: Assessed) -> bool:
    """Whether all that tells of a repair stands beside boxes without a tick."""
    nodes = [assessed.statements[at].node for at in candidate.stated]
    return bool(nodes) and all(map(is_unticked, nodes))


def _fix(judged: Judged, assessed: Assessed) -> FixRecord | None:
    candidate = judged.candidate
    title = title_of(candidate, assessed)
    if names_nothing(title):
        return None
    repair = problem_and_repair(title)[1] or title
    span = spans_of_statements(candidate.stated[:1], assessed)[0]
    words = [assessed.statements[at].text for at in candidate.inside[:6]]
    detail = "\n".join(dict.fromkeys(text for text in words if text != repair))
    outcome = _outcome("\n".join(words))
    return FixRecord("", repair, span[0], span, (), detail, outcome, found_by="meaning", certainty=judged.certainty)


def _outcome(text: str) -> Outcome:
    """Returns how a repair went: a log that tells of one and says no more of it means that it worked."""
    stated = outcome_of(text)
    if stated != "unknown":
        return stated
    return "unknown" if is_unverified(text) else "worked"


class _Told:
    """Where the problems of a session are told, to find the one that a repair belongs to."""

    def __init__(self, problems: Sequence[Problem], assessed: Assessed) -> None:
        self._assessed = assessed
        self._problems = problems  # in the order of the file
        self._lines = [problem.first for problem in problems]
        self._by_node: dict[Node, Problem] = {}
        self._by_section: dict[Node, list[Problem]] = defaultdict(list)
        for problem in problems:
            nodes = [assessed.statements[at].node for at in problem.candidate.stated]
            for section in dict.fromkeys(node.section() for node in nodes):
                self._by_section[section].append(problem)
            for node in nodes:
                self._by_node.setdefault(node, problem)

    def near(self, candidate: Candidate) -> list[Problem]:
        """Returns the problem told in what holds the fix, from the inside out, or else the nearest in meaning."""
        if candidate.best is None or not self._problems:
            return []
        statement = self._assessed.statements[candidate.best]
        for holder in (statement.node, *statement.node.ancestors()):
            if holder in self._by_node:
                return [self._by_node[holder]]
            if holder is statement.node.section() and (beside := self._in_section(statement)):
                return [beside]
        return self._alike(candidate.best, statement.line)

    def _in_section(self, statement: Statement) -> Problem | None:
        """Returns the last problem before a statement in its section, or else the first after it."""
        problems = self._by_section.get(statement.node.section(), [])
        at = bisect_right(problems, statement.line, key=lambda problem: problem.first)
        near = [problem for problem in problems[max(at - 1, 0) : at + 1] if abs(statement.line - problem.first) <= _FAR]
        return near[0] if near else None

    def _alike(self, best: int, line: int) -> list[Problem]:
        at = bisect_right(self._lines, line)
        problems = self._problems[max(at - _COMPARED, 0) : at + _COMPARED]
        vectors = np.array([self._assessed.vectors[problem.candidate.best or 0] for problem in problems])
        cosines = vectors @ self._assessed.vectors[best]
        nearest = int(cosines.argmax())
        return [problems[nearest]] if cosines[nearest] >= _ALIKE else []


def with_outcome(fix: FixRecord, status: str) -> FixRecord:
    """Returns a fix whose outcome, if it says none, is what the status of its error implies."""
    implied = _OUTCOMES.get(status)
    return replace(fix, outcome=implied) if fix.outcome == "unknown" and implied else fix
