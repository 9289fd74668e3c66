"""What is known about an error: its issue, the fix that held longest, and the commands that went with the fix."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from kb.linking.candidates import read_parts
from kb.linking.fingerprints import Fingerprint
from kb.linking.masking import COMMON_WORDS
from kb.linking.reasons import matched_words
from kb.linking.recurrence import Standing, TriedFix, standing, tried_fixes
from kb.linking.similarity import DIFFERENT, Likeness
from kb.models import EntryKind, Issue, Occurrence, SearchEntry
from kb.queries.issues import commands_with, errors_in_order
from kb.search.index.analysis import index_tokens, query_tokens
from sessions.models import Command, Error
from sessions.parsing.problems.exceptions import exception_of
from sessions.parsing.vocabulary import fold

_MAX_ISSUES = 3
_MIN_SCORE = 0.6
_MAX_COMMANDS = 2
_SAME_EXCEPTION = 0.3  # share of the score
_PARTIAL = 0.9  # a statement that only contains some words of the known error
_NOT_NAMED = 0.6  # the known error is about a thing that the statement does not name
_FILE = re.compile(r"\.\w{1,5}$")


@dataclass(frozen=True, slots=True)
class Answer:
    """An issue with its projects, its best fix, if any was tried, and the commands within the lines of that fix."""

    issue: Issue
    projects: tuple[str, ...]
    standing: Standing
    tried: TriedFix | None
    commands: tuple[Command, ...]
    score: float = 1.0
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Statement:
    """An error as somebody states it: its tokens, its meaningful words, and its exception or status."""

    tokens: frozenset[str]
    words: frozenset[str]
    exception: str

    @classmethod
    def of(cls, text: str) -> _Statement:
        words = (word for word in query_tokens(text) if len(word) > 1 and word not in COMMON_WORDS)
        exception = fold(exception_of(text)).rsplit(".", 1)[-1]
        return cls(frozenset(index_tokens(text)), frozenset(words), exception)


def met_before(text: str, entries: Sequence[int], today: dt.date) -> list[Answer]:
    """Returns the issues that fit a stated error best, among those of the entries that a search for it found."""
    errors = SearchEntry.objects.filter(pk__in=entries, kind=EntryKind.ERROR).values("object_id")
    statement, fits = _Statement.of(text), dict[int, Likeness]()
    for occurrence in Occurrence.objects.filter(error__in=errors).select_related("signature"):
        fit = _fit(statement, read_parts(occurrence.signature))
        if fit.score >= _MIN_SCORE:
            fits[occurrence.issue_id] = max(fit, fits.get(occurrence.issue_id, DIFFERENT), key=lambda f: f.score)
    best = sorted(fits, key=lambda pk: (-fits[pk].score, -pk))[:_MAX_ISSUES]
    answers = answers_of(best, today)
    return [_with_fit(answers[pk], fits[pk]) for pk in best if pk in answers]


def _fit(statement: _Statement, error: Fingerprint) -> Likeness:
    """Compares a statement with a known error: the exception, the words of both, and the things the error names."""
    classes = {error.exception, *error.codes} - {""}
    if statement.exception and classes and statement.exception not in classes:
        return DIFFERENT
    same_exception = bool(statement.exception) and statement.exception in classes
    named = {name.strip("/") for name in error.objects}
    words = {word for word in query_tokens(error.text) if len(word) > 1 and word not in COMMON_WORDS} | named
    matched_words, matched_names = words & statement.tokens, named & statement.tokens
    of_error = len(matched_words) / max(len(words), 1)
    of_statement = len(matched_words & statement.words) / max(len(statement.words), 1)
    score = _SAME_EXCEPTION * same_exception + (1 - _SAME_EXCEPTION) * max(of_error, _PARTIAL * of_statement)
    things = {name for name in named if not _FILE.search(name)}
    if things and not things & matched_names:
        score *= _NOT_NAMED
    matched: dict[str, object] = {"objects": sorted(matched_names), "words": sorted(matched_words - matched_names)}
    return Likeness(round(score, 3), {**matched, "exception": statement.exception} if same_exception else matched)


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
    return Answer(issue, projects, standing(issue, errors, today), best, with_best)


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
