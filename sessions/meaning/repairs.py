"""Makes the fixes of a session from what the judge accepted, each with the error it was tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sessions.meaning.candidates import Candidate
from sessions.meaning.judge import Judged
from sessions.meaning.problems import Problem, nearest_problem
from sessions.meaning.senses import Assessed
from sessions.meaning.wording import names_nothing, spans_of_statements, title_of
from sessions.parsing.problems.apart import problem_and_repair
from sessions.parsing.problems.verdicts import is_hypothesis, is_plan, is_unverified, outcome_of
from sessions.records import FixRecord, Outcome
from sessions.text import headline

_FAR = 40  # lines between an error and a fix in the same section
_ALIKE = 0.45  # cosine from which a fix elsewhere belongs to an error

_OUTCOMES: Mapping[str, Outcome] = {"fixed": "worked", "workaround": "worked", "partial": "partial"}


def fixes_of(
    judged: Sequence[Judged], problems: Sequence[Problem], assessed: Assessed
) -> list[tuple[FixRecord, list[Problem]]]:
    """Returns the accepted fixes in the order of the file, each with the problems it was tried on."""
    by_id = {error_id: problem for problem in problems for error_id in problem.ids}
    fixes: list[tuple[FixRecord, list[Problem]]] = []
    for one in judged:
        if not one.accepted:
            continue
        record = one.candidate.record
        if isinstance(record, FixRecord):
            known = list(dict.fromkeys(by_id[error] for error in record.errors if error in by_id))
            fixes.append(
                (replace(record, certainty=one.certainty), known or _problem_near(one.candidate, problems, assessed))
            )
        elif new := _fix(one, assessed):
            fixes.append((new, _problem_near(one.candidate, problems, assessed)))
    return sorted(fixes, key=lambda fix: fix[0].lines)


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
    return "unknown" if is_unverified(text) or is_hypothesis(text) or is_plan(headline(text)) else "worked"


def _problem_near(candidate: Candidate, problems: Sequence[Problem], assessed: Assessed) -> list[Problem]:
    """Returns the problem told in the same node, or last in the same section, or the nearest in meaning."""
    best = candidate.best
    if best is None or not problems:
        return []
    node, line = assessed.statements[best].node, assessed.statements[best].line
    holders = {node, *node.ancestors()}
    for problem in problems:
        own = [assessed.statements[at].node for at in problem.candidate.stated]
        if any(other is node or other in holders for other in own if not _is_top(other)):
            return [problem]
    section = node.section()
    before = [
        problem for problem in problems
        if any(assessed.statements[at].node.section() is section for at in problem.candidate.stated)
        and abs(line - problem.first) <= _FAR
    ]  # fmt: skip
    earlier = [problem for problem in before if problem.first <= line]
    if earlier or before:
        return [max(earlier, key=lambda p: p.first) if earlier else before[0]]
    nearest, cosine = nearest_problem(candidate, problems, assessed)
    return [nearest] if nearest is not None and cosine >= _ALIKE else []


def _is_top(node: object) -> bool:
    """Whether a node holds the whole session, so that being inside it says nothing."""
    return getattr(node, "level", 0) == 1


def with_outcome(fix: FixRecord, status: str) -> FixRecord:
    """Returns a fix whose outcome, if it says none, is what the status of its error implies."""
    implied = _OUTCOMES.get(status)
    return replace(fix, outcome=implied) if fix.outcome == "unknown" and implied else fix
