"""Rules for grouping by hand, shown on what is here before they are made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kb.linking import rules
from kb.linking.deciding import CannotDecide
from kb.models import GroupingRule
from kb.queries import sessions as queries
from kb.views.pages import person


def rule_page(request: HttpRequest) -> HttpResponse:
    """The rules; a form sent here shows what its rule would take in, and makes the rule when that is confirmed."""
    asked = {name: request.POST.get(name, "").strip()[:300] for name in ("words", "name", "project")}
    context: dict[str, object] = {
        "rules": GroupingRule.objects.select_related("by"),
        "projects": queries.project_names(),
        "project": asked["project"],
        "asked": asked,
    }
    if request.method == "POST":
        try:
            if "confirmed" in request.POST:
                rules.add_rule(asked["words"], asked["name"], asked["project"], person(request))
                return redirect("rules")
            context["matching"] = rules.matching(asked["words"], asked["project"])
        except CannotDecide as problem:
            context["problem"] = str(problem)
    return render(request, "rules.html", context)


@require_POST
def undo_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rules.undo_rule(get_object_or_404(GroupingRule, pk=pk, undone_at=None))
    return redirect("rules")
