"""What people decide on issues holds against re-imports, edited logs and new fingerprints, and can be undone."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from kb.importing import Imported
from kb.linking import deciding, fingerprints, rules
from kb.linking.deciding import Action, CannotDecide
from kb.models import GroupingDecision, GroupingRule, Issue, IssueEvent, Signature
from sessions.models import Error

Ingest = Callable[..., Imported]
LOG = """# Session of {day}

**Date**: {day}

## Errors

{errors}
"""
COLUMN = '- `psycopg2.errors.UndefinedColumn: column "total" of relation "orders" does not exist`'
REWORDED = "- The total column is missing from orders"
OTHER = "- Export of the ledger writes every line twice in the night"
THIRD = "- KeyError: 'tax_rate' in the invoice mailer"


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("ada")


def put(ingest: Ingest, name: str, day: str, *errors: str) -> Imported:
    return ingest(LOG.format(day=day, errors="\n".join(errors)), path=f"{name}.md")


def partition() -> list[list[str]]:
    """The groups as titles, in an order of their own."""
    return sorted(
        sorted(Error.objects.filter(occurrence__issue=issue).values_list("title", flat=True))
        for issue in Issue.objects.filter(merged_into=None)
    )


def issue_of(words: str) -> Issue:
    error = Error.objects.filter(title__contains=words).order_by("pk").first()
    assert error is not None
    return error.occurrence.issue


LOGS = [("a", "2026-03-01", COLUMN, OTHER), ("b", "2026-03-05", REWORDED), ("c", "2026-03-09", OTHER, THIRD)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_import_makes_no_difference(ingest: Ingest, order: tuple[int, ...]) -> None:
    for number in order:
        put(ingest, *LOGS[number])
    assert [len(errors) for errors in partition()] == [2, 1, 2] or len(partition()) == 3
    assert issue_of("total").title.startswith("psycopg2")


def test_a_merge_outlives_reimport_edit_and_version(ingest: Ingest, person: User) -> None:
    for one in LOGS:
        put(ingest, *one)
    kept = deciding.merge([issue_of("ledger"), issue_of("tax_rate")], person)
    merged = partition()
    assert issue_of("tax_rate") == kept
    put(ingest, *LOGS[0])
    put(ingest, "c", "2026-03-09", "- Something else entirely failed in the scheduler", OTHER, THIRD)
    assert issue_of("tax_rate") == issue_of("ledger") == kept
    Signature.objects.update(version=fingerprints.VERSION - 1)
    call_command("relink", "--quiet")
    assert issue_of("tax_rate") == issue_of("ledger")
    assert next(errors for errors in merged if any("tax_rate" in title for title in errors)) in partition()
    assert set(Signature.objects.filter(occurrences__isnull=False).values_list("version", flat=True)) == {
        fingerprints.VERSION
    }


def test_a_merge_can_be_undone(ingest: Ingest, person: User) -> None:
    for one in LOGS:
        put(ingest, *one)
    before = partition()
    deciding.comment(issue_of("tax_rate"), "seen on staging too", person)
    deciding.merge([issue_of("ledger"), issue_of("tax_rate")], person)
    assert partition() != before
    deciding.undo(GroupingDecision.objects.get(), person)
    assert partition() == before
    assert issue_of("tax_rate").events.filter(text="seen on staging too").exists()


def test_a_split_outlives_reimport_and_can_be_undone(ingest: Ingest, person: User) -> None:
    for one in LOGS:
        put(ingest, *one)
    before = partition()
    issue = issue_of("total")
    reworded = Error.objects.get(title__contains="missing from orders")
    assert reworded.occurrence.issue == issue
    new = deciding.split(issue, [reworded.pk], person)
    assert new != issue
    put(ingest, "b", "2026-03-05", REWORDED, "- A new thing failed to load")
    assert Error.objects.get(pk=reworded.pk).occurrence.issue == new
    put(ingest, "d", "2026-03-20", COLUMN)
    assert Error.objects.get(pk=reworded.pk).occurrence.issue == new
    deciding.undo(GroupingDecision.objects.get(), person)
    assert Error.objects.get(pk=reworded.pk).occurrence.issue == issue_of("psycopg2")
    assert len(partition()) == len(before) + 1  # the new thing


def test_a_merge_takes_back_the_split_it_contradicts(ingest: Ingest, person: User) -> None:
    for one in LOGS:
        put(ingest, *one)
    reworded = Error.objects.get(title__contains="missing from orders")
    new = deciding.split(reworded.occurrence.issue, [reworded.pk], person)
    deciding.merge([new, issue_of("psycopg2")], person)
    assert Error.objects.get(pk=reworded.pk).occurrence.issue == issue_of("psycopg2")


def test_what_makes_no_sense_is_refused(ingest: Ingest, person: User) -> None:
    put(ingest, *LOGS[0])
    issue = issue_of("ledger")
    with pytest.raises(CannotDecide, match="two issues"):
        deciding.merge([issue], person)
    with pytest.raises(CannotDecide, match="not all"):
        deciding.split(issue, [error.error_id for error in issue.occurrences.all()], person)
    with pytest.raises(CannotDecide):
        deciding.comment(issue, "  ", person)
    with pytest.raises(CannotDecide, match="No log states “Gone” any more"):
        deciding.merge([issue, Issue.objects.create(title="Gone")], person)


def test_what_people_say_is_kept_and_told(ingest: Ingest, person: User) -> None:
    put(ingest, *LOGS[0])
    issue = issue_of("ledger")
    deciding.rename(issue, "Double ledger lines", person)
    deciding.assign(issue, person, person)
    deciding.set_state(issue, Action.RESOLVED, person)
    put(ingest, "a", "2026-03-01", COLUMN, OTHER, THIRD)
    issue.refresh_from_db()
    assert (str(issue), issue.assignee, issue.resolved_at is None) == ("Double ledger lines", person, False)
    assert [event.action for event in IssueEvent.objects.all()] == ["renamed", "assigned", "resolved"]


def test_a_rule_groups_what_is_here_and_what_comes(ingest: Ingest, person: User) -> None:
    put(ingest, "a", "2026-03-01", "- Payment gateway timed out after 40 seconds", THIRD)
    put(ingest, "b", "2026-03-02", "- The gateway of the payment provider failed again")
    before = partition()
    assert len(rules.matching("payment gateway")) == 2
    rules.add_rule("payment gateway", "Payment gateway trouble", "", person)
    put(ingest, "c", "2026-03-03", "- gateway: payment refused by the provider")
    assert str(issue_of("refused by")) == "Payment gateway trouble"
    assert issue_of("refused by").occurrences.count() == 3
    rules.undo_rule(GroupingRule.objects.get())
    assert len(partition()) == len(before) + 1
    with pytest.raises(CannotDecide):
        rules.matching("a b")
