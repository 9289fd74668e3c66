"""What the forms of issues and grouping rules accept, and what they say of the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict

from kb.forms.issues import MergeIssuesForm, RuleForm, SplitIssueForm, issue_action_form, issue_forms
from kb.importing import Imported
from kb.models import Issue
from tests.factories import OPEN, log


@pytest.fixture
def issue(ingest: Callable[..., Imported]) -> Issue:
    """An issue seen in two sessions."""
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-03-09", OPEN), path="b.md")
    return Issue.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", "Choose what to do with the issue."),
        ("action=delete", "Choose what to do with the issue."),
        ("action=comment&text=+", "Write something before you send a comment."),
        ("action=rename&name=" + "x" * 301, "A name has at most 300 characters."),
        ("action=assign&assignee=eve", "There is no active user called “eve”."),
        ("action=rename&name=", ""),  # gives it back the title of its first error
        ("action=assign&assignee=", ""),
        ("action=resolve", ""),
    ],
)
def test_what_is_wrong_is_said(query: str, problem: str) -> None:
    assert issue_action_form(QueryDict(query)).problem == problem


def test_the_forms_of_an_issue_hold_what_it_has(issue: Issue) -> None:
    issue.name = "Orders lack their total"
    field = str(issue_forms(issue)["rename"]["name"])
    assert 'value="Orders lack their total"' in field
    assert 'maxlength="300"' in field
    assert f'placeholder="{issue.title[:60]}"' in field


def test_two_issues_that_exist_can_be_merged(issue: Issue) -> None:
    other = Issue.objects.create(title="Night export")
    assert MergeIssuesForm(QueryDict(f"issue={issue.pk}&issue={other.pk}")).is_valid()
    for query in ("", f"issue={issue.pk}", f"issue={issue.pk}&issue={issue.pk}", f"issue={issue.pk}&issue=999"):
        assert MergeIssuesForm(QueryDict(query)).problem == "Choose at least two issues to merge."


def test_some_occurrences_but_not_all_can_be_split_off(issue: Issue) -> None:
    first, second = issue.occurrences.values_list("error_id", flat=True)
    form = SplitIssueForm(issue, QueryDict(f"error={first}&error=999"))
    assert form.is_valid()
    assert [error.pk for error in form.cleaned_data["going"]] == [first]
    assert [error.pk for error in form.cleaned_data["staying"]] == [second]
    for query in ("", "error=999", f"error={first}&error={second}"):
        assert "but not all of them" in SplitIssueForm(issue, QueryDict(query)).problem


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("words=timeout&name=", "Say what the problem is called."),
        ("words=&name=Slow", "Say which words the errors contain."),
        ("words=timeout&name=Slow", ""),
    ],
)
def test_a_rule_has_words_and_a_name(query: str, problem: str) -> None:
    assert RuleForm(QueryDict(query)).problem == problem
