"""Errors of different sessions that are one problem, and how it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import Settings

from kb.importing import Imported
from kb.linking.issues import relink_errors
from kb.linking.reasons import issues_elsewhere, similar_issues
from kb.linking.recurrence import FixVerdict, IssueState, tried_fixes
from kb.models import Issue, Signature
from kb.queries.issues import errors_in_order, issue_rows, issues
from sessions.models import Error, Fix
from tests.factories import FIXED, OPEN, log

Ingest = Callable[..., Imported]
TODAY = dt.date(2026, 4, 1)


def state(number: int = 0) -> IssueState:
    return issue_rows(issues(), TODAY)[number].standing.state


def test_a_reworded_error_is_the_same_issue(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    result = ingest(log("2026-03-09", FIXED.replace("Missing total column", "The total column is gone")), path="b.md")
    assert Issue.objects.count() == 1
    assert result.errors[0].standing.session_count == 2


def test_an_error_after_its_fix_regressed(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    assert state() == IssueState.HELD
    ingest(log("2026-03-09", OPEN), path="b.md")
    row = issue_rows(issues(), TODAY)[0]
    assert (row.standing.state, row.standing.days) == (IssueState.REGRESSED, 8)


@pytest.mark.parametrize("first", [True, False])
def test_another_log_of_the_day_tells_of_the_same_work(ingest: Ingest, first: bool) -> None:
    """A list of what was found that day and a handover: neither says that the fix did not hold."""
    found = FIXED.replace("- **Fix**: ran the migration by hand\n- **Result**: ✅ Fixed\n", "").replace("complete", "")
    for text in (FIXED, found) if first else (found, FIXED):
        ingest(log("2026-03-09", text), path=f"{len(text)}.md")
    row = issue_rows(issues(), TODAY)[0]
    assert (row.standing.state, row.standing.session_count) == (IssueState.HELD, 2)


def test_what_another_log_of_the_day_calls_open_came_back(ingest: Ingest) -> None:
    ingest(log("2026-03-09"), path="a.md")
    ingest(log("2026-03-09", OPEN), path="b.md")
    row = issue_rows(issues(), TODAY)[0]
    assert (row.standing.state, row.standing.days) == (IssueState.REGRESSED, 0)


def test_an_undated_list_of_what_was_fixed_does_not_come_back(ingest: Ingest) -> None:
    ingest(FIXED.replace("**Date**: {day}\n", ""), path="list.md")
    ingest(log("2026-03-09"), path="a.md")
    assert state() == IssueState.HELD


def test_the_days_of_a_fix_end_when_it_first_came_back(ingest: Ingest) -> None:
    for day, text in (("01", FIXED), ("05", OPEN), ("29", OPEN)):
        ingest(log(f"2026-03-{day}", text), path=f"{day}.md")
    row = issue_rows(issues(), TODAY)[0]
    assert (row.standing.state, row.standing.days) == (IssueState.REGRESSED, 4)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("open", FixVerdict.UNKNOWN), ("partial", FixVerdict.PARTIAL), ("fixed", FixVerdict.HELD)],
)
def test_a_fix_that_worked_did_not_hold_for_an_open_error(ingest: Ingest, status: str, verdict: FixVerdict) -> None:
    ingest(log("2026-03-01"), path="a.md")
    Fix.objects.update(outcome=Fix.Outcome.WORKED)
    Error.objects.update(status=status)
    (tried,) = tried_fixes(list(errors_in_order(Issue.objects.values_list("pk", flat=True))), TODAY)
    assert tried.verdict == verdict


def test_the_order_of_import_does_not_matter(ingest: Ingest) -> None:
    ingest(log("2026-03-09", OPEN), path="b.md")
    ingest(log("2026-03-01"), path="a.md")
    assert state() == IssueState.REGRESSED


def test_an_issue_goes_with_its_last_error(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest("# Nothing here\n", path="a.md")
    assert not Issue.objects.exists()


def test_other_projects_keep_their_own_issues(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="harbour/a.md", project="harbour")
    ingest(log("2026-03-02"), path="ferry/a.md", project="ferry")
    assert Issue.objects.count() == 2
    here, there = Issue.objects.order_by("pk")
    elsewhere = issues_elsewhere([occurrence.signature for occurrence in here.occurrences.all()])
    assert [found.issue for found in elsewhere] == [there]


def test_what_is_nearly_the_same_is_shown_beside(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-03-09", FIXED.replace("total", "owner")), path="b.md")
    assert Issue.objects.count() == 2
    issue = Issue.objects.order_by("pk")[0]
    (beside,) = similar_issues(issue, [occurrence.signature for occurrence in issue.occurrences.all()])
    assert "owner" in beside.differs and "total" in beside.differs


def test_meaning_is_added_when_it_is_turned_on(ingest: Ingest, settings: Settings) -> None:
    settings.MEANING = False
    ingest(log("2026-03-01"), path="a.md")
    assert not any(Signature.objects.values_list("vectors", flat=True))
    settings.MEANING = True
    relink_errors(list(Error.objects.select_related("session__project")))
    assert all(Signature.objects.values_list("vectors", flat=True))
