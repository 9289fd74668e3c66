"""Entries that tell of one problem have one key: errors of an issue, the fixes of these, mentions of a step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from kb.importing import Imported
from kb.models import EntryKind, Occurrence, SearchEntry
from kb.queries.same_problem import problem_of
from kb.search.index.entries import EntryRow, entry_rows
from sessions.models import Attempt, Error, Fix
from tests.factories import OPEN, log


def all_entries() -> list[EntryRow]:
    return list(entry_rows(list(SearchEntry.objects.values_list("pk", flat=True))).values())


def together() -> list[list[str]]:
    """The kinds of the entries of each problem, in order."""
    entries = all_entries()
    rows, kinds = {entry.pk: entry for entry in entries}, defaultdict[object, list[str]](list)
    for pk, problem in problem_of(entries).items():
        kinds[problem].append(rows[pk].label)
    return sorted(sorted(labels) for labels in kinds.values())


@pytest.fixture
def logs(ingest: Callable[..., Imported]) -> None:
    ingest(log("2026-03-01"))
    ingest(log("2026-03-09", OPEN), path="harbor/2026-03-09.md")


def test_an_issue_with_its_fixes_and_a_step_are_problems(logs: None) -> None:
    assert together() == [["error", "error", "fix", "fix"], ["next step"] * 2, ["next step"] * 2]


def test_other_records_are_none(logs: None) -> None:
    entries = [entry for entry in all_entries() if entry.label in ("session", "command")]
    assert entries
    assert problem_of(entries) == {}


def test_a_fix_without_its_error_has_the_same_key(logs: None) -> None:
    entries = all_entries()
    whole = problem_of(entries)
    for entry in entries:
        assert problem_of([entry]).get(entry.pk) == whole.get(entry.pk)


def test_an_error_without_an_issue_keeps_its_fix(logs: None) -> None:
    Occurrence.objects.all().delete()
    assert together() == [["error", "fix"], ["error", "fix"], ["next step"] * 2, ["next step"] * 2]


def test_a_fix_of_two_problems_goes_with_the_one_that_is_there(logs: None) -> None:
    Occurrence.objects.all().delete()
    first, second = Error.objects.order_by("pk")
    fix = Fix.objects.get(errors=first)
    Attempt.objects.create(fix=fix, error=second, position=1)
    entries = {(entry.kind, entry.object_id): entry for entry in all_entries()}
    of_fix = entries[EntryKind.FIX, fix.pk]
    assert problem_of([of_fix])[of_fix.pk] == ("error", first.pk)
    found = problem_of([of_fix, entries[EntryKind.ERROR, second.pk]])
    assert set(found.values()) == {("error", second.pk)}


def test_any_number_of_entries_takes_three_queries(
    logs: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entries = all_entries()
    with django_assert_num_queries(3):
        problem_of(entries * 5)
