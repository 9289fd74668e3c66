"""What is known of an error: the issue it belongs to, the fix that held longest, and the commands that went with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch

from kb.linking.failures import failure_of
from kb.linking.fingerprints import Fingerprint
from kb.linking.masking import COMMON_WORDS
from kb.linking.reasons import told
from kb.linking.recurrence import Standing, TriedFix, standing, tried_fixes
from kb.linking.signatures import read_parts
from kb.linking.similarity import DIFFERENT, Likeness
from kb.models import Issue, Kind, Occurrence, SearchEntry
from kb.queries.issues import commands_with
from kb.search.analysis import index_tokens, query_tokens
from sessions.models import Attempt, Command, Error
from sessions.parsing.problems.exceptions import exception_of
from sessions.parsing.vocabulary import fold

_MOST_ISSUES = 3
_LEAST = 0.6  # likeness of an issue that is shown
_MOST_COMMANDS = 2
_BY_EXCEPTION = 0.3  # what the same exception or status is worth
_LESS = 0.9  # a statement that says less than the known error
_NOT_NAMED = 0.6  # the known error is about a thing that the statement does not name
_FILE = re.compile(r"\.\w{1,5}$")


@dataclass(frozen=True, slots=True)
class Answer:
    """An issue with its best fix, if any was tried, and the commands within that fix's lines."""

    issue: Issue
    standing: Standing
    tried: TriedFix | None
    commands: tuple[Command, ...]
    score: float = 1.0
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Statement:
    """An error as asked for: all its tokens, its words that tell something, and its exception or status."""

    tokens: frozenset[str]
    words: frozenset[str]
    exception: str


def _read(text: str) -> _Statement:
    tokens = frozenset(index_tokens(text))
    words = frozenset(word for word in query_tokens(text) if len(word) > 1 and word not in COMMON_WORDS)
    return _Statement(tokens, words, fold(exception_of(text)).rsplit(".", 1)[-1])


def states_an_error(text: str) -> bool:
    """It names an exception or a code, or says in several words how something fails."""
    return bool(exception_of(text)) or (len(text.split()) > 3 and failure_of(fold(text)) is not None)


def met_before(text: str, entries: Sequence[int], today: dt.date) -> list[Answer]:
    """The issues that a statement fits, the nearest first, among those of the errors that a search for it found."""
    errors = SearchEntry.objects.filter(pk__in=entries, kind=Kind.ERROR).values("object_id")
    asked, found = _read(text), dict[int, Likeness]()
    for occurrence in Occurrence.objects.filter(error__in=errors).select_related("signature"):
        how = _named(read_parts(occurrence.signature), asked)
        if how.score >= _LEAST:
            found[occurrence.issue_id] = max(how, found.get(occurrence.issue_id, DIFFERENT), key=lambda one: one.score)
    best = sorted(found, key=lambda pk: (-found[pk].score, -pk))[:_MOST_ISSUES]
    answers = answers_of(best, today)
    return [_because(answers[pk], found[pk]) for pk in best if pk in answers]


def _named(known: Fingerprint, asked: _Statement) -> Likeness:
    """How well a statement fits a known error: the exception, the words of either, and the things it names."""
    class_or_status = known.exception or known.status
    if asked.exception and class_or_status and asked.exception != class_or_status:
        return DIFFERENT
    same = bool(asked.exception) and asked.exception == class_or_status
    named = {name.strip("/") for name in known.objects}
    known_words = {*known.words, *known.title, *named}
    words, objects = known_words & asked.tokens, named & asked.tokens
    share = max(len(words) / max(len(known_words), 1), _LESS * len(words & asked.words) / max(len(asked.words), 1))
    score = _BY_EXCEPTION * same + (1 - _BY_EXCEPTION) * share
    things = [name for name in named if not _FILE.search(name)]
    if things and not objects.intersection(things):
        score *= _NOT_NAMED
    matched: dict[str, object] = {"objects": sorted(objects), "words": sorted(words - objects)}
    return Likeness(round(score, 3), {**matched, "exception": asked.exception} if same else matched)


def answers_of(issues: Collection[int], today: dt.date) -> dict[int, Answer]:
    """What is known of each issue, in a number of queries that does not grow with them."""
    ladder = Prefetch("attempts", Attempt.objects.select_related("fix").order_by("position"))
    errors = (
        Error.objects.filter(occurrence__issue__in=issues)
        .select_related("session__project", "occurrence__issue")
        .prefetch_related(ladder, "fixes")
        .order_by(F("session__date").asc(nulls_first=True), "session_id", "position")
    )
    of_issue: dict[int, list[Error]] = {}
    for error in errors:
        of_issue.setdefault(error.occurrence.issue_id, []).append(error)
    tried = {pk: tried_fixes(met, today) for pk, met in of_issue.items()}
    commands = _commands_of(fixes[0] for fixes in tried.values() if fixes)
    return {
        pk: Answer(
            met[0].occurrence.issue,
            standing(met[0].occurrence.issue, met, today),
            tried[pk][0] if tried[pk] else None,
            tuple(commands.get(tried[pk][0].fix.pk, ())) if tried[pk] else (),
        )
        for pk, met in of_issue.items()
    }


def answers_for(errors: Sequence[int], today: dt.date) -> dict[int, Answer]:
    """The answer for each of these errors, by its primary key."""
    issues = dict(Occurrence.objects.filter(error__in=errors).values_list("error", "issue"))
    answers = answers_of(set(issues.values()), today) if issues else {}
    return {error: answers[issue] for error, issue in issues.items() if issue in answers}


def _commands_of(fixes: Iterable[TriedFix]) -> dict[int, list[Command]]:
    chosen = list(fixes)
    found = commands_with(chosen, ())
    return {
        tried.fix.pk: [
            command
            for command in found
            if command.session_id == tried.fix.session_id
            and tried.fix.first_line <= command.line <= tried.fix.last_line
        ][:_MOST_COMMANDS]
        for tried in chosen
    }


def _because(answer: Answer, how: Likeness) -> Answer:
    return Answer(answer.issue, answer.standing, answer.tried, answer.commands, how.score, tuple(told(how.matched)))
