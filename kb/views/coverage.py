"""How well logs are understood, and teaching what a heading means."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kb.conf.meaning import notice
from kb.forms.imports import CoverageFilterForm, TeachForm
from kb.importing.runs import read_logs_again
from kb.importing.taught import TEACHABLE, forget, teach, teaching_effect
from kb.models import TaughtHeading
from kb.queries.coverage import coverage_report, headings_taught
from kb.queries.review import right_share, right_shares
from kb.views.pages import person


def coverage_page(request: HttpRequest) -> HttpResponse:
    form = CoverageFilterForm(request.GET)
    project = form.filters().get("project", "")
    context = {
        "form": form,
        "report": coverage_report(project),
        "share": right_share(project),
        "shares": right_shares(project),
        "meanings": list(TEACHABLE),
        "taught": headings_taught(),
        "meaning_notice": notice(),
    }
    return render(request, "coverage.html", context)


@require_POST
def teach_heading(request: HttpRequest) -> HttpResponse:
    """Shows what teaching a heading would change; once confirmed, teaches it and reads its logs again."""
    form, by = TeachForm(request.POST), person(request)
    if not form.is_valid():
        messages.error(request, form.problem)
        return redirect("coverage")
    heading, meaning = form.cleaned_data["heading"], form.cleaned_data["meaning"]
    if form.cleaned_data["confirmed"]:
        taught = teach(heading, meaning, by)
        return redirect("import", pk=read_logs_again(taught.heading, by).pk)
    effect = teaching_effect(heading, meaning)
    records = [(kind.replace("_", " "), count) for kind, count in sorted(effect.records.items())]
    return render(request, "teach.html", {"heading": heading, "meaning": meaning, "effect": effect, "records": records})


@require_POST
def undo_taught(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraws what was taught, and reads the logs with the heading again."""
    taught = get_object_or_404(TaughtHeading, pk=pk, undone_at=None)
    forget(taught)
    return redirect("import", pk=read_logs_again(taught.heading, person(request)).pk)
