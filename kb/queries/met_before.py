"""What is known about an error: its issue, the fix that held longest, and the commands that went with the fix."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from kb.conf.meaning import encoder
from kb.linking.candidates import read_parts, similar
from kb.linking.fingerprints import Fingerprint, Stated, fingerprint
from kb.linking.reasons import matched_words
from kb.linking.recurrence import Standing, TriedFix, standing, tried_fixes
from kb.linking.similarity import Likeness
from kb.models import EntryKind, Issue, Occurrence, SearchEntry
from kb.queries.issues import commands_with, errors_in_order
from sessions.models import Command, Error
from sessions.parsing.problems.exceptions import exception_of

_MAX_ISSUES = 3
_MAX_COMMANDS = 2
_MOST_COMPARED = 50  # entries: with more, no further error is recognised by its title
_LONGEST = 600  # characters of a stated error


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known about an issue.

    errors    its occurrences in order of time
    fixes     the best first
    commands  those within the lines of the best fix
    """

    issue: Issue
    projects: tuple[str, ...]
    standing: Standing
    errors: Sequence[Error]
    fixes: Sequence[TriedFix]
    commands: tuple[Command, ...]
    score: float = 1.0
    matched: tuple[str, ...] = ()

    @property
    def tried(self) -> TriedFix | None:
        """The best fix, if any was tried."""
        return self.fixes[0] if self.fixes else None


def met_before(text: str, entries: Sequence[int], today: dt.date) -> list[Answer]:
    """Returns the issues that a stated error would be linked with, among those of the entries that a search found.

    entries  the best first
    """
    errors = SearchEntry.objects.filter(pk__in=entries[:_MOST_COMPARED], kind=EntryKind.ERROR).values("object_id")
    occurrences = list(Occurrence.objects.filter(error__in=errors).select_related("signature"))
    known = {occurrence.pk: read_parts(occurrence.signature) for occurrence in occurrences}
    alike = similar(_stated(text), known) if known else {}
    fits: dict[int, Likeness] = {}
    for occurrence in occurrences:
        if (fit := alike.get(occurrence.pk)) is not None:
            fits[occurrence.issue_id] = max(fit, fits.get(occurrence.issue_id, fit), key=lambda fit: fit.score)
    best = sorted(fits, key=lambda pk: (-fits[pk].score, -pk))[:_MAX_ISSUES]
    answers = answers_of(best, today)
    return [_with_fit(answers[pk], fits[pk]) for pk in best if pk in answers]


def _stated(text: str) -> Fingerprint:
    said = text[:_LONGEST]
    return fingerprint(Stated.of(said, "", exception_of(said), ""), encoder())


def _with_fit(answer: Answer, fit: Likeness) -> Answer:
    return replace(answer, score=fit.score, matched=tuple(matched_words(fit.matched)))


def answers_of(issues: Collection[int], today: dt.date) -> dict[int, Answer]:
    """Returns what is known about each issue, in a constant number of queries."""
    by_issue = _errors_of(issues)
    fixes = {pk: tried_fixes(errors, today) for pk, errors in by_issue.items()}
    commands = _commands_of(tried[0] for tried in fixes.values() if tried)
    return {pk: _answer(errors, fixes[pk], commands, today) for pk, errors in by_issue.items()}


def _answer(
    errors: Sequence[Error], fixes: Sequence[TriedFix], commands: dict[int, list[Command]], today: dt.date
) -> Answer:
    issue, best = errors[0].occurrence.issue, fixes[0] if fixes else None
    projects = tuple(sorted({error.session.project.name for error in errors}))
    with_best = tuple(commands.get(best.fix.pk, ())) if best else ()
    return Answer(issue, projects, standing(issue, errors, today), errors, fixes, with_best)


def _errors_of(issues: Collection[int]) -> dict[int, list[Error]]:
    by_issue: dict[int, list[Error]] = {}
    for error in errors_in_order(issues):
        by_issue.setdefault(error.occurrence.issue_id, []).append(error)
    return by_issue


def _commands_of(fixes: Iterable[TriedFix]) -> dict[int, list[Command]]:
    """Returns the first commands within the lines of each fix, by the fix's primary key."""
    listed = list(fixes)
    commands = commands_with(listed, ())
    return {
        tried.fix.pk: [
            command
            for command in commands
            if command.session_id == tried.fix.session_id
            and tried.fix.first_line <= command.line <= tried.fix.last_line
        ][:_MAX_COMMANDS]
        for tried in listed
    }
