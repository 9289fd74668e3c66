"""Names: a rule's go with the rule, people's stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from kb.importing import Imported
from kb.linking import deciding, rules
from kb.models import Issue
from tests.linking.test_deciding import OTHER, THIRD, issue_of, put

Ingest = Callable[..., Imported]
SLOW = "- Payment gateway timed out after 40 seconds"
AGAIN = "- Nightly export failed again: letters go out twice, by the gateway or by the payment run"
NAME = "Payment gateway trouble"


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def logs(ingest: Ingest) -> None:
    put(ingest, "a", "2026-03-01", SLOW, OTHER)
    put(ingest, "b", "2026-03-02", AGAIN, THIRD)


def test_undoing_a_rule_takes_its_own_name_alone(logs: None, person: User) -> None:
    """An issue of another project that a person gave the very same name keeps it."""
    deciding.rename(issue_of("ledger"), NAME, person)
    rule = rules.add_rule("payment gateway", NAME, "", person)
    assert [str(issue_of(words)) for words in ("timed out", "failed again", "ledger")] == [NAME] * 3
    rules.undo_rule(rule)
    assert issue_of("ledger").name == NAME
    assert str(issue_of("timed out")).startswith("Payment gateway timed out")
    assert str(issue_of("failed again")).startswith("Nightly export")


def test_a_name_given_before_the_rule_outlives_it(logs: None, person: User) -> None:
    deciding.rename(issue_of("failed again"), "Provider is down", person)
    rule = rules.add_rule("payment gateway", NAME, "", person)
    rules.undo_rule(rule)
    assert str(issue_of("failed again")) == "Provider is down"
    assert issue_of("timed out").name == ""


@pytest.mark.parametrize("name", ["Gateway of the shop", NAME, ""])
def test_a_name_given_after_the_rule_outlives_it(ingest: Ingest, logs: None, person: User, name: str) -> None:
    """Even the rule's own name once a person confirms it; and none, where a person took the name away."""
    rule = rules.add_rule("payment gateway", NAME, "", person)
    deciding.rename(issue_of("timed out"), name, person)
    put(ingest, "c", "2026-03-03", "- gateway: payment refused by the provider")
    assert issue_of("refused by").name == name
    rules.undo_rule(rule)
    assert issue_of("timed out").name == name


def test_a_rule_names_what_comes_too(ingest: Ingest, person: User) -> None:
    rules.add_rule("payment gateway", NAME, "", person)
    put(ingest, "a", "2026-03-01", SLOW)
    assert str(issue_of("timed out")) == NAME


def test_the_next_rule_names_what_it_takes_over(logs: None, person: User) -> None:
    first = rules.add_rule("payment gateway", NAME, "", person)
    rules.add_rule("gateway", "Any gateway", "", person)
    assert str(issue_of("timed out")) == NAME
    rules.undo_rule(first)
    assert str(issue_of("timed out")) == "Any gateway"


def test_a_name_of_a_rule_keeps_no_log(ingest: Ingest, logs: None, person: User) -> None:
    """A rule is no person's word on the issue, so its errors go with their log."""
    rules.add_rule("payment gateway", NAME, "", person)
    put(ingest, "a", "2026-03-01", OTHER)
    put(ingest, "b", "2026-03-02", THIRD)
    assert not Issue.objects.filter(name=NAME).exists()
