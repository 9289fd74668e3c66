"""Makes the errors of a session from what the judge accepted, and finds the error that a repair belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sessions.meaning.candidates import Candidate
from sessions.meaning.judge import Judged, Model
from sessions.meaning.senses import Assessed, Probabilities, Sense
from sessions.meaning.statements import Statement
from sessions.meaning.wording import names_nothing, said_of, spans_of_statements, title_of
from sessions.parsing.problems.exceptions import exception_of
from sessions.parsing.problems.unsolved import is_unticked, says_it_is_open, stays_open
from sessions.parsing.problems.verdicts import (
    begins_with_action,
    begins_with_repair,
    says_failure,
    status_of_error,
)
from sessions.parsing.tree.document import Node
from sessions.parsing.vocabulary import Role
from sessions.records import ErrorRecord, ErrorStatus, Span
from sessions.text import headline, plain

SAME = 0.65  # probability from which two accepted candidates are one problem
_MENTIONED = 0.4  # probability from which a telling that is not a record of its own is a mention of one
TELLS = 0.4  # probability from which a statement tells of a problem at all
_CAUSE = 0.35
_HEADING = 0.2  # probability from which a heading belongs to the message of the problem below it
_NEAR = 12  # lines
_LONGEST_MESSAGE = 2000
_BESIDE = (Role.CAUSE, Role.ANALYSIS, Role.FIXES, Role.ATTEMPT, Role.RESULT)  # tell of a problem, but not what it is


@dataclass(slots=True, eq=False)
class Problem:
    """An error on its way to its record: its candidate, the places of its statements, and what the rules read."""

    candidate: Candidate
    record: ErrorRecord
    places: list[int]
    mentions: list[Span] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.mentions[0][0]

    def join(self, other: Problem | None, candidate: Candidate, assessed: Assessed) -> None:
        """Adds another telling of the problem, with what was read there if it was taken for a problem of its own."""
        self.places += candidate.inside
        spans = spans_of_statements(candidate.stated, assessed) if other is None else other.mentions
        self.mentions += [span for span in spans if span not in self.mentions]
        if other is None:
            return
        self.ids += other.ids
        if self.record.status == "unknown" and other.record.status != "unknown":
            self.record = replace(self.record, status=other.record.status)


def problems_of(judged: Sequence[Judged], assessed: Assessed, model: Model) -> list[Problem]:
    """Returns the accepted problems in the order of the file, each with its other tellings as mentions."""
    told, absorbed = assessed.of(Sense.PROBLEM), set[int]()
    telling = [one for one in judged if one.accepted or _tells(one.candidate, told)]
    problems = {
        at: problem
        for at, one in enumerate(telling)
        if one.accepted and (problem := problem_of(one, assessed)) is not None
    }
    for likely, one, other in model.same([judged.candidate for judged in telling], assessed, Sense.PROBLEM):
        if one in absorbed or other in absorbed or not (one in problems or other in problems):
            continue  # what was joined leads to no third problem
        if likely < (SAME if one in problems and other in problems else _MENTIONED):
            continue
        kept, joined = _by_certainty(one, other, telling, problems)
        absorbed.add(joined)
        problems[kept].join(problems.pop(joined, None), telling[joined].candidate, assessed)
    return sorted(problems.values(), key=lambda problem: problem.first)


def _by_certainty(one: int, other: int, telling: Sequence[Judged], problems: Mapping[int, Problem]) -> tuple[int, int]:
    """Returns the one that keeps its title first: an accepted one, and of two the more certain."""
    kept, joined = sorted((one, other), key=lambda at: (at in problems, telling[at].probability), reverse=True)
    return kept, joined


def _tells(candidate: Candidate, told: Probabilities) -> bool:
    return candidate.best is not None and bool(told[candidate.best] >= TELLS)


def problem_of(judged: Judged, assessed: Assessed) -> Problem | None:
    candidate, certainty = judged.candidate, judged.certainty
    if isinstance(record := candidate.record, ErrorRecord):
        title = record.title
        if names_nothing(title) and candidate.stated:
            title = title_of(candidate, assessed)
        title = title.rstrip(" ;,") or title
        completed = replace(record, title=title, message=_completed(record, candidate, assessed), certainty=certainty)
        return Problem(candidate, completed, [*candidate.stated, *candidate.inside], list(record.mentions), [record.id])
    title = title_of(candidate, assessed)
    if names_nothing(title) or _tells_a_deed(candidate, assessed):
        return None
    mentions = list(spans_of_statements(candidate.stated, assessed))
    message = said_of(candidate, assessed)
    record = ErrorRecord(
        "", title, mentions[0][0], tuple(mentions), message, exception_of(title, message),
        found_by="meaning", certainty=certainty,
    )  # fmt: skip
    return Problem(candidate, record, list(candidate.inside), mentions)


def _tells_a_deed(candidate: Candidate, assessed: Assessed) -> bool:
    """Whether the statement only says what was built ("Added …"), and names nothing that had failed."""
    text = headline(assessed.statements[candidate.stated[0]].text)
    return begins_with_action(text) and not begins_with_repair(text) and not says_failure(text)


def _completed(record: ErrorRecord, candidate: Candidate, assessed: Assessed) -> str:
    """Returns the message of an error with the statements at its places that tell most of it."""
    told = assessed.of(Sense.PROBLEM)
    inside = sorted(candidate.inside, key=lambda at: -told[at])[:3]
    told_here = [assessed.statements[at] for at in inside if told[at] >= _CAUSE]
    texts = [statement.text for statement in told_here if statement.node.role not in _BESIDE]
    texts += [
        s.heading for at in candidate.stated[:3] if (s := assessed.statements[at]) and _heading_tells(s.node, assessed)
    ]
    known = plain(f"{record.title}\n{record.message}")
    new = [text for text in dict.fromkeys(texts) if text not in known and not _is_value_in(text, known)]
    return "\n".join(part for part in (record.message, *new) if part)[:_LONGEST_MESSAGE]


def _is_value_in(text: str, known: str) -> bool:
    """Whether a text has a label, and what is known says the rest of it."""
    _label, _colon, value = text.partition(": ")
    return bool(value) and value in known


def _heading_tells(node: Node, assessed: Assessed) -> bool:
    section = node.section()
    at = assessed.first_of(section)
    return at is not None and assessed.of(Sense.PROBLEM)[at] >= _HEADING


def cause_of(problem: Problem, assessed: Assessed) -> str:
    """Returns the likeliest cause told where the problem is, or right after it, if the rules found none."""
    if problem.record.root_cause:
        return problem.record.root_cause
    told = assessed.of(Sense.CAUSE)
    near = set(problem.places)
    for at in problem.candidate.stated[:3]:
        line, node = assessed.statements[at].line, assessed.statements[at].node
        section, beside = node.section(), {node, *node.ancestors()}  # what is below another item tells of that
        for other in range(at, min(at + _NEAR, len(told))):
            statement = assessed.statements[other]
            if statement.line - line > _NEAR or statement.node.section() is not section:
                continue
            if statement.node is node or statement.node.parent in beside:
                near.add(other)
    others = [at for at in near if told[at] >= _CAUSE and _may_be_cause(assessed.statements[at], problem)]
    if not others:
        return ""
    likeliest = assessed.statements[max(others, key=lambda at: told[at])]
    if likeliest.node.role is Role.CAUSE and likeliest.node.label and likeliest.node.value and not likeliest.turn:
        return likeliest.text.removeprefix(plain(likeliest.node.label)).lstrip(" :：")
    return likeliest.text


def _may_be_cause(statement: Statement, problem: Problem) -> bool:
    """Whether a statement is neither the problem itself nor, by its label or the one above, what was tried."""
    tried = any(holder.role is Role.ATTEMPT for holder in (statement.node, statement.node.parent) if holder)
    return not tried and problem.record.title not in statement.text


def is_left_open(problem: Problem, assessed: Assessed) -> bool:
    """Whether all that tells of a problem, or what stands around it, says that it is still there."""
    told = [assessed.statements[at] for at in problem.candidate.stated]
    return all(stays_open(statement.node) or says_it_is_open(statement.text) for statement in told)


def status_from(problem: Problem, outcomes: set[str], assessed: Assessed) -> ErrorStatus:
    """Returns the status that the rules read, else what its repairs and its words say.

    A problem of which nothing says that anybody did something about it is open.
    """
    if problem.record.status != "unknown":
        return problem.record.status
    if "worked" in outcomes:
        return "fixed"
    if all(is_unticked(assessed.statements[at].node) for at in problem.candidate.stated):
        return "open"
    stated = [status_of_error(assessed.statements[at].text) for at in problem.candidate.stated]
    if known := [status for status in stated if status != "unknown"]:
        return known[-1]
    if "partial" in outcomes:
        return "partial"
    return "unknown" if "unknown" in outcomes else "open"
