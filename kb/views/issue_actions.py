"""What people decide on issues. Merges and splits are shown before they are made; every decision can be undone."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kb.linking import deciding
from kb.linking.deciding import Action, CannotDecide
from kb.models import GroupingDecision, Issue, Occurrence
from kb.views.pages import numbers, person
from sessions.models import Error

_STATES = {"resolve": Action.RESOLVED, "ignore": Action.IGNORED, "reopen": Action.REOPENED}


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Resolves, ignores, reopens, renames, assigns or comments an issue."""
    issue = get_object_or_404(Issue, pk=pk)
    action, by = request.POST.get("action", ""), person(request)
    try:
        if action in _STATES:
            deciding.set_state(issue, _STATES[action], by)
        elif action == "rename":
            deciding.rename(issue, request.POST.get("name", ""), by)
        elif action == "assign":
            chosen = request.POST.get("assignee", "")
            deciding.assign(issue, get_object_or_404(User, username=chosen) if chosen else None, by)
        elif action == "comment":
            deciding.comment(issue, request.POST.get("text", ""), by)
    except CannotDecide as problem:
        return _refused(request, reverse("issue", args=[pk]), problem)
    return redirect("issue", pk=pk)


@require_POST
def merge(request: HttpRequest) -> HttpResponse:
    """First shows what would become one issue, then makes it one."""
    chosen = numbers(request.POST.getlist("issue"))
    occurrences = Prefetch("occurrences", Occurrence.objects.select_related("error__session__project"))
    issues = list(Issue.objects.filter(pk__in=chosen).prefetch_related(occurrences))
    if len(issues) < 2:
        return _refused(request, reverse("issues"), CannotDecide("Choose two issues or more to merge."))
    if "confirmed" not in request.POST:
        return render(request, "decide.html", {"issues": issues, "kind": "merge"})
    return redirect("issue", pk=deciding.merge(issues, person(request)).pk)


@require_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """First shows what would leave the issue and what would stay, then takes it out."""
    issue = get_object_or_404(Issue, pk=pk)
    chosen = set(numbers(request.POST.getlist("error")))
    members = Error.objects.filter(occurrence__issue=issue).select_related("session__project")
    going = [error for error in members if error.pk in chosen]
    staying = [error for error in members if error.pk not in chosen]
    if not going or not staying:
        problem = CannotDecide("Choose some of the occurrences to split off, but not all of them.")
        return _refused(request, reverse("issue", args=[pk]), problem)
    if "confirmed" not in request.POST:
        return render(request, "decide.html", {"issue": issue, "going": going, "staying": staying, "kind": "split"})
    return redirect("issue", pk=deciding.split(issue, chosen, person(request)).pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    decision = get_object_or_404(GroupingDecision, pk=pk, undone_at=None)
    issue = deciding.undo(decision, person(request))
    return redirect("issue", pk=issue.pk) if issue is not None else redirect("issues")


def _refused(request: HttpRequest, address: str, problem: CannotDecide) -> HttpResponse:
    return redirect(f"{address}?{urlencode({'problem': str(problem)})}")
