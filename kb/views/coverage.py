"""How well logs are understood, and teaching what a heading means."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kb.importing.runs import read_logs_again
from kb.importing.taught import TEACHABLE, CannotTeach, difference, teach
from kb.models import TaughtHeading
from kb.queries import sessions as queries
from kb.queries.coverage import coverage
from kb.views.pages import person


def coverage_page(request: HttpRequest, **more: object) -> HttpResponse:
    project = request.GET.get("project", "")[:200]
    context = {
        "found": coverage(project),
        "project": project,
        "projects": queries.project_names(),
        "meanings": list(TEACHABLE),
        "taught": TaughtHeading.objects.filter(undone_at=None).select_related("by"),
        **more,
    }
    return render(request, "coverage.html", context)


@require_POST
def teach_heading(request: HttpRequest) -> HttpResponse:
    """First shows what a heading's meaning would change, then teaches it and reads its logs again."""
    heading, meaning = request.POST.get("heading", "")[:200], request.POST.get("meaning", "")
    by = person(request)
    try:
        if "confirmed" in request.POST:
            taught = teach(heading, meaning, by)
            return redirect("import", pk=read_logs_again(taught.heading, by).pk)
        looked_at, logs, records = difference(heading, meaning)
    except CannotTeach as problem:
        return coverage_page(request, problem=str(problem))
    context = {
        "heading": heading,
        "meaning": meaning,
        "logs": logs,
        "looked_at": looked_at,
        "records": [(kind.replace("_", " "), count) for kind, count in sorted(records.items())],
    }
    return render(request, "teach.html", context)


@require_POST
def undo_taught(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets what was taught, and reads its logs again."""
    taught = get_object_or_404(TaughtHeading, pk=pk, undone_at=None)
    taught.undone_at = timezone.now()
    taught.save(update_fields=["undone_at"])
    return redirect("import", pk=read_logs_again(taught.heading, person(request)).pk)
