"""Errors of different sessions that are one problem, and how it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from kb.importing import Imported
from kb.linking.fingerprints import fingerprint
from kb.linking.recurrence import IssueState
from kb.models import Issue
from kb.queries.issues import issue_rows, issues
from tests.factories import FIXED, OPEN, log

Ingest = Callable[..., Imported]
TODAY = dt.date(2026, 4, 1)


def state(number: int = 0) -> IssueState:
    return issue_rows(issues(), TODAY)[number].standing.state


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("KeyError: 'total' at 10:22:31", "KeyError: 'total' at 23:01:02", True),
        (
            "timeout after 30s for request 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "timeout after 31s for request 9f2504e0-4f89-11d3-9a0c-0305e82c3399",
            True,
        ),
        ('relation "orders" does not exist', 'relation "parcels" does not exist', False),
        ("500 on /api/orders", "500 on /api/parcels", False),
        ("answered 401", "answered 403", False),
        ("failed in /tmp/run-12/a at line 3", "failed in /tmp/run-99/b at line 44", True),
    ],
)
def test_what_makes_one_problem(one: str, other: str, same: bool) -> None:
    assert (fingerprint(one, "", "").digest == fingerprint(other, "", "").digest) is same


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


def test_the_order_of_import_does_not_matter(ingest: Ingest) -> None:
    ingest(log("2026-03-09", OPEN), path="b.md")
    ingest(log("2026-03-01"), path="a.md")
    assert state() == IssueState.REGRESSED


def test_an_issue_goes_with_its_last_error(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest("# Nothing here\n", path="a.md")
    assert not Issue.objects.exists()
