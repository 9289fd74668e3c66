"""What people decide on issues. Merges and splits are shown before they are made; each decision can be undone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kb.forms.issues import MergeIssuesForm, SplitIssueForm, issue_action_form
from kb.linking import deciding
from kb.linking.deciding import CannotDecide
from kb.models import Issue
from kb.queries.decisions import issue_decisions, last_decision_on
from kb.views.outcomes import Undo, say_done, say_refused
from kb.views.pages import person


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Resolves, ignores, reopens, renames, assigns or comments on an issue."""
    issue, form = get_object_or_404(Issue, pk=pk), issue_action_form(request.POST)
    if not form.is_valid():
        say_refused(request, form.problem)
        return redirect("issue", pk=pk)
    try:
        form.apply(issue, person(request))
    except CannotDecide as refusal:
        say_refused(request, refusal)
    else:
        say_done(request, form.outcome)
    return redirect("issue", pk=pk)


@require_POST
def merge(request: HttpRequest) -> HttpResponse:
    """Shows what would become one issue, and merges it once that is confirmed."""
    form = MergeIssuesForm(request.POST)
    if not form.is_valid():
        say_refused(request, form.problem)
        return redirect("issues")
    issues = form.cleaned_data["issue"]
    if not form.cleaned_data["confirmed"]:
        return render(request, "merge_issues.html", {"issues": issues})
    try:
        kept = deciding.merge(issues, person(request))
    except CannotDecide as refusal:
        say_refused(request, refusal)
        return redirect("issues")
    return _decided(request, f"Merged {len(issues)} issues into one.", kept)


@require_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what would leave the issue and what would stay, and splits it once that is confirmed."""
    issue = get_object_or_404(Issue, pk=pk)
    form = SplitIssueForm(issue, request.POST)
    if not form.is_valid():
        say_refused(request, form.problem)
        return redirect("issue", pk=pk)
    going, staying = form.cleaned_data["going"], form.cleaned_data["staying"]
    if not form.cleaned_data["confirmed"]:
        return render(request, "split_issue.html", {"issue": issue, "going": going, "staying": staying})
    try:
        separate = deciding.split(issue, [error.pk for error in going], person(request))
    except CannotDecide as refusal:
        say_refused(request, refusal)
        return redirect("issue", pk=pk)
    return _decided(request, "Split off as a separate issue.", separate)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    decision = get_object_or_404(issue_decisions(), pk=pk)
    try:
        issue = deciding.undo(decision, person(request))
    except CannotDecide as refusal:
        say_refused(request, refusal)
        issue = deciding.issue_decided(decision)
    else:
        say_done(request, f"The {decision.kind} was undone.")
    return redirect("issue", pk=issue.pk) if issue is not None else redirect("issues")


def _decided(request: HttpRequest, words: str, issue: Issue) -> HttpResponse:
    decision = last_decision_on(issue)
    undo = Undo(address=reverse("undo-decision", args=[decision.pk])) if decision else None
    say_done(request, words, undo)
    return redirect("issue", pk=issue.pk)
