"""Which entries of the search index tell of one problem: errors of an issue with their fixes, or mentions of a step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.models import EntryKind, Occurrence, StepMention
from kb.search.index.compiled import CompiledQuery
from kb.search.index.entries import EntryRow
from sessions.models import Attempt

_ISSUES = CompiledQuery(
    lambda errors: Occurrence.objects.filter(error__in=errors).values_list("error", "issue").order_by()
)
_FIXED = CompiledQuery(
    lambda fixes: (
        Attempt.objects.filter(fix__in=fixes)
        .values_list("fix", "error", "error__occurrence__issue")
        .order_by("error_id")
    )
)
_STEPS = CompiledQuery(lambda steps: StepMention.objects.filter(step__in=steps).values_list("step", "tracked_step"))

Problem = tuple[str, int]
"""What entries tell of: ("issue", its primary key), ("error", …) for one without an issue, or ("step", …)."""


def problem_of(entries: Sequence[EntryRow]) -> dict[int, Problem]:
    """Returns what entries tell of, by the entry's id and in three queries; entries of other kinds are absent.

    Two entries with the same value are errors of one issue, fixes of these errors, or mentions of one tracked step.
    """
    errors = _objects(entries, EntryKind.ERROR)
    by_kind: dict[int, dict[int, Problem]] = {
        EntryKind.ERROR: (of_errors := {error: ("error", error) for error in errors} | _issues_of(errors)),
        EntryKind.FIX: _problems_fixed(_objects(entries, EntryKind.FIX), set(of_errors.values())),
        EntryKind.NEXT_STEP: _steps_of(_objects(entries, EntryKind.NEXT_STEP)),
    }
    found = ((entry.pk, by_kind.get(entry.kind, {}).get(entry.object_id)) for entry in entries)
    return {pk: problem for pk, problem in found if problem}


def _objects(entries: Iterable[EntryRow], kind: EntryKind) -> list[int]:
    return [entry.object_id for entry in entries if entry.kind == kind]


def _issues_of(errors: Sequence[int]) -> dict[int, Problem]:
    if not errors:
        return {}
    return {error: ("issue", issue) for error, issue in _ISSUES.rows(errors)}


def _problems_fixed(fixes: Sequence[int], others: set[Problem]) -> dict[int, Problem]:
    """Returns what each fix was tried for: one of `others` if there is one, else that of its first error."""
    if not fixes:
        return {}
    fixed: dict[int, Problem] = {}
    for fix, error, issue in _FIXED.rows(fixes):
        problem = ("issue", issue) if issue else ("error", error)
        if fix not in fixed or (problem in others and fixed[fix] not in others):
            fixed[fix] = problem
    return fixed


def _steps_of(steps: Sequence[int]) -> dict[int, Problem]:
    if not steps:
        return {}
    return {step: ("step", tracked) for step, tracked in _STEPS.rows(steps)}
