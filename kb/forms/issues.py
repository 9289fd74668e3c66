"""Forms of the pages of issues: filters, actions on an issue, merges, splits and grouping rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict

from kb.forms.fields import FilterForm, KeysField, PageForm, person_field, project_field
from kb.linking import deciding
from kb.linking.deciding import Action, CannotDecide
from kb.linking.recurrence import IssueState
from kb.models import Issue
from kb.queries.decisions import errors_of_issue, issues_to_merge
from kb.queries.issues import SORTS, IssueFilter

_NAME_LENGTH = 300


class IssueFilterForm(FilterForm):
    project = project_field()
    state = forms.ChoiceField(required=False, choices=[("", "any"), *((state, state) for state in IssueState)])
    sort = forms.ChoiceField(label="Sort by", required=False, choices=list(SORTS.items()))
    words = forms.CharField(required=False, max_length=200)

    def issue_filter(self) -> IssueFilter:
        return IssueFilter(**self.filters())


class IssueActionForm(PageForm):
    """Something that a person does with an issue. `outcome` says that it was done."""

    outcome: ClassVar[str]

    def apply(self, issue: Issue, by: User) -> None:
        """Does it; the form is valid. Raises CannotDecide if the issue was merged meanwhile."""


class UnknownActionForm(IssueActionForm):
    def clean(self) -> None:
        raise forms.ValidationError("Choose what to do with the issue.")


class StateForm(IssueActionForm):
    """Resolves, ignores or reopens an issue."""

    action: ClassVar[Action]

    def apply(self, issue: Issue, by: User) -> None:
        deciding.set_state(issue, self.action, by)


class ResolveForm(StateForm):
    action, outcome = Action.RESOLVED, "Issue resolved."


class IgnoreForm(StateForm):
    action, outcome = Action.IGNORED, "Issue ignored."


class ReopenForm(StateForm):
    action, outcome = Action.REOPENED, "Issue reopened."


class RenameForm(IssueActionForm):
    outcome = "Issue renamed."
    name = forms.CharField(
        required=False,
        max_length=_NAME_LENGTH,
        error_messages={"max_length": "A name has at most %(limit_value)d characters."},
    )

    def apply(self, issue: Issue, by: User) -> None:
        deciding.rename(issue, self.cleaned_data["name"], by)


class AssignForm(IssueActionForm):
    outcome = "Assignment changed."
    assignee = person_field("Assigned to")

    def apply(self, issue: Issue, by: User) -> None:
        deciding.assign(issue, self.cleaned_data["assignee"], by)


class CommentForm(IssueActionForm):
    outcome = "Comment added."
    text = forms.CharField(
        label="Comment",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Write something before you send a comment.",
            "max_length": "A comment has at most %(limit_value)d characters.",
        },
    )

    def apply(self, issue: Issue, by: User) -> None:
        deciding.comment(issue, self.cleaned_data["text"], by)


ISSUE_ACTIONS: Mapping[str, type[IssueActionForm]] = {
    "resolve": ResolveForm,
    "ignore": IgnoreForm,
    "reopen": ReopenForm,
    "rename": RenameForm,
    "assign": AssignForm,
    "comment": CommentForm,
}


def issue_action_form(data: QueryDict) -> IssueActionForm:
    """The form of the button that was pressed."""
    return ISSUE_ACTIONS.get(data.get("action", ""), UnknownActionForm)(data)


def issue_forms(issue: Issue) -> dict[str, IssueActionForm]:
    """The forms with fields that the page of an issue shows, by action."""
    rename = RenameForm(initial={"name": issue.name})
    rename.fields["name"].widget.attrs["placeholder"] = issue.title[:60]
    return {"assign": AssignForm(initial={"assignee": issue.assignee}), "rename": rename, "comment": CommentForm()}


class MergeIssuesForm(PageForm):
    """Issues to become one; `cleaned_data["issue"]` holds them."""

    issue = KeysField(required=False)
    confirmed = forms.BooleanField(required=False)

    def clean_issue(self) -> list[Issue]:
        issues = issues_to_merge(self.cleaned_data["issue"])
        if len(issues) < 2:
            raise forms.ValidationError("Choose at least two issues to merge.")
        if len(issues) < len(self.cleaned_data["issue"]):
            raise forms.ValidationError("Some of these were merged or removed in the meantime. Choose again.")
        try:
            deciding.check_live(issues)
        except CannotDecide as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return issues


class SplitIssueForm(PageForm):
    """Occurrences to become an issue of their own; `cleaned_data` gets the errors `going` and `staying`."""

    error = KeysField(required=False)
    confirmed = forms.BooleanField(required=False)

    def __init__(self, issue: Issue, data: QueryDict) -> None:
        super().__init__(data)
        self.issue = issue

    def clean(self) -> dict[str, Any]:
        chosen = set(self.cleaned_data["error"])
        errors = list(errors_of_issue(self.issue))
        going = [error for error in errors if error.pk in chosen]
        staying = [error for error in errors if error.pk not in chosen]
        if not going or not staying:
            raise forms.ValidationError("Choose some of the occurrences to split off, but not all of them.")
        return {**self.cleaned_data, "going": going, "staying": staying}


class RuleForm(PageForm):
    """A grouping rule, previewed until it is confirmed."""

    use_required_attribute = True
    words = forms.CharField(
        label="Errors that contain",
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": 'timeout "payment gateway"'}),
        error_messages={"required": "Say which words the errors contain."},
    )
    name = forms.CharField(
        label="are called",
        max_length=_NAME_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "Payment gateway is slow"}),
        error_messages={"required": "Say what the problem is called."},
    )
    project = project_field()
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
