"""What is known of an error: the issue it belongs to, the fix that held longest, and the commands that went with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch

from kb.issue_queries import commands_with
from kb.linking.failures import failure_of
from kb.linking.fingerprints import VERSION, Fingerprint
from kb.linking.reasons import told
from kb.linking.recurrence import Standing, TriedFix, standing, tried_fixes
from kb.linking.signatures import read_parts
from kb.linking.similarity import DIFFERENT, Likeness
from kb.models import Issue, Occurrence, Signature
from kb.search.analysis import index_tokens
from sessions.models import Attempt, Command, Error
from sessions.parsing.exceptions import exception_of
from sessions.parsing.vocabulary import fold

_MOST_ISSUES = 3
_MOST_COMPARED = 200  # signatures that share a key, those that share the most
_LEAST = 0.6  # likeness of an issue that is shown
_MOST_COMMANDS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """An issue with its best fix, if any was tried, and the commands within that fix's lines."""

    issue: Issue
    standing: Standing
    tried: TriedFix | None
    commands: tuple[Command, ...]
    score: float = 1.0
    matched: tuple[str, ...] = ()


def states_an_error(text: str) -> bool:
    """It names an exception or a code, or says in several words how something fails."""
    return bool(exception_of(text)) or (len(text.split()) > 3 and failure_of(fold(text)) is not None)


def met_before(text: str, today: dt.date) -> list[Answer]:
    """The issues whose errors a statement names, the nearest first."""
    said, exception = frozenset(index_tokens(text)), fold(exception_of(text)).rsplit(".", 1)[-1]
    keys = [f"{kind}:{token}"[:80] for token in said for kind in "ow"]
    near = Signature.objects.filter(keys__key__in=keys, version=VERSION).annotate(shared=Count("keys"))
    scored = [
        (_named(read_parts(one), said, exception), one.pk) for one in near.order_by("-shared", "-pk")[:_MOST_COMPARED]
    ]
    likely = {pk: how for how, pk in sorted(scored, key=lambda pair: pair[0].score) if how.score >= _LEAST}
    issues = Occurrence.objects.filter(signature__in=likely).values_list("issue", "signature").distinct()
    found: dict[int, Likeness] = {}
    for issue, signature in issues:
        found[issue] = max(likely[signature], found.get(issue, DIFFERENT), key=lambda how: how.score)
    best = sorted(found, key=lambda pk: (-found[pk].score, -pk))[:_MOST_ISSUES]
    answers = answers_of(best, today)
    return [_because(answers[pk], found[pk]) for pk in best if pk in answers]


def _named(known: Fingerprint, said: frozenset[str], exception: str) -> Likeness:
    """How much of a known error a statement names: the things, the words, and the exception."""
    if exception and known.exception and exception != known.exception:
        return DIFFERENT
    words, objects = set(known.words) & said, set(known.objects) & said
    by_words = len(words) / max(len(known.words), 1)
    by_name = len(objects) / len(known.objects) if known.objects else by_words
    by_exception = 1.0 if exception and exception == known.exception else 0.0
    matched: dict[str, object] = {"objects": sorted(objects), "words": sorted(words - objects)}
    if by_exception:
        matched["exception"] = exception
    return Likeness(round(0.4 * by_name + 0.3 * by_words + 0.3 * by_exception, 3), matched)


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
