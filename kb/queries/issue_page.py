"""Everything that the page of an issue shows, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from kb.linking.reasons import LinkReason, SimilarIssue, issues_elsewhere, link_reasons, similar_issues
from kb.linking.recurrence import Standing, standing, tried_fixes
from kb.models import GroupingDecision, Issue, Signature
from kb.queries.advice import Advice, Rung, advice, ladder
from kb.queries.issues import commands_with, errors_in_order
from kb.queries.met_before import Answer, answers_of
from sessions.models import Command, Error, FileChange
from sessions.parsing.vocabulary import fold

_MOST_FILES = 12
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SameWords:
    """Occurrences whose titles have the same words, in order of time: the first, and the others."""

    first: Error
    others: tuple[Error, ...]
    reason: LinkReason | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same problem in other projects, with what helped there."""

    similar: SimilarIssue
    answer: Answer


@dataclass(frozen=True, slots=True)
class IssueDetail:
    """Everything that the page of an issue shows. `commands` and `causes` are those that `advice` does not have."""

    issue: Issue
    errors: list[Error]
    standing: Standing
    advice: Advice
    ladder: list[Rung]
    occurrences: list[SameWords]
    causes: list[str]
    commands: list[Command]
    files: list[tuple[str, int]]
    elsewhere: list[Elsewhere]
    similar: list[SimilarIssue]
    decisions: list[GroupingDecision]


def issue_detail(pk: int, today: dt.date) -> IssueDetail:
    """Returns everything about an issue. Raises Issue.DoesNotExist."""
    issue = Issue.objects.select_related("assignee", "merged_into").prefetch_related("events__by").get(pk=pk)
    errors = list(errors_in_order([pk]))
    if not errors:
        raise Issue.DoesNotExist
    signatures = list({error.occurrence.signature for error in errors})
    fixes = tried_fixes(errors, today)
    advised = advice(errors, fixes)
    return IssueDetail(
        issue,
        errors,
        standing(issue, errors, today),
        advised,
        ladder(errors, fixes, advised.steps),
        same_words(errors, link_reasons([error.occurrence for error in errors])),
        _other_causes(errors, advised),
        [command for command in commands_with(fixes, errors) if command not in advised.commands],
        _files(errors),
        _elsewhere(signatures, today),
        similar_issues(issue, signatures),
        list(GroupingDecision.objects.filter(error_sides__error__in=errors).select_related("by").distinct()),
    )


def same_words(errors: Sequence[Error], reasons: Mapping[int, LinkReason]) -> list[SameWords]:
    """Folds errors whose titles differ in nothing but case, accents and signs."""
    groups: dict[tuple[str, ...], list[Error]] = {}
    for error in errors:
        groups.setdefault(tuple(_WORD.findall(fold(error.title))) or (error.title,), []).append(error)
    return [SameWords(first, tuple(others), reasons.get(first.pk)) for first, *others in groups.values()]


def _other_causes(errors: Sequence[Error], advised: Advice) -> list[str]:
    told = advised.best.error.root_cause if advised.best else ""
    return [cause for cause in dict.fromkeys(error.root_cause for error in errors) if cause and cause != told]


def _elsewhere(signatures: Sequence[Signature], today: dt.date) -> list[Elsewhere]:
    found = issues_elsewhere(signatures)
    answers = answers_of([similar.issue.pk for similar in found], today) if found else {}
    return [Elsewhere(similar, answers[similar.issue.pk]) for similar in found if similar.issue.pk in answers]


def _files(errors: Sequence[Error]) -> list[tuple[str, int]]:
    """Returns the files that the sessions of the errors changed, each with the number of sessions, most first."""
    sessions = {error.session_id for error in errors}
    paths = (
        FileChange.objects.filter(session__in=sessions)
        .values_list("path")
        .annotate(count=Count("session", distinct=True))
    )
    return sorted(paths, key=lambda pair: (-pair[1], pair[0]))[:_MOST_FILES]
