"""Grouping rules, previewed on the existing errors before they are made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kb.forms.issues import RuleForm
from kb.linking import rules
from kb.linking.deciding import CannotDecide
from kb.models import GroupingRule
from kb.queries.decisions import grouping_rules
from kb.views.outcomes import say_done, say_refused
from kb.views.pages import person
from sessions.models import Error


def rule_page(request: HttpRequest) -> HttpResponse:
    """The rules; a form sent here shows the errors that its rule matches, and makes the rule once that is confirmed."""
    form = RuleForm(request.POST or None)
    matches: list[Error] | None = None
    if form.is_valid():
        words, name, project = (form.cleaned_data[field] for field in ("words", "name", "project"))
        try:
            if form.cleaned_data["confirmed"]:
                rules.add_rule(words, name, project, person(request))
                say_done(request, "Rule added.")
                return redirect("rules")
            matches = rules.matching(words, project)
        except CannotDecide as refusal:
            say_refused(request, refusal)
    elif form.is_bound:
        say_refused(request, form.problem)
    return render(request, "rules.html", {"form": form, "matches": matches, "rules": grouping_rules()})


@require_POST
def undo_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rules.undo_rule(get_object_or_404(GroupingRule, pk=pk, undone_at=None))
    say_done(request, "Rule undone.")
    return redirect("rules")
