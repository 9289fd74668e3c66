"""What linking the base again changed, and putting the news of it away."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kb.models import Relinking
from kb.queries import relinking as queries
from kb.views.pages import page_number

_CHANGES_A_PAGE = 100


def relinking_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The issues that a run joined into others or divided."""
    try:
        run = queries.finished_relinking(pk)
    except Relinking.DoesNotExist as missing:
        raise Http404("There are no such changes of issues.") from missing
    entries = [("joined", entry) for entry in run.changes.get("joined", [])]
    entries += [("divided", entry) for entry in run.changes.get("divided", [])]
    page = Paginator(entries, _CHANGES_A_PAGE).get_page(page_number(request))
    changed = queries.changed_issues([entry for _how, entry in page])
    rows = list(zip((how for how, _entry in page), changed, strict=True))
    return render(request, "relinking.html", {"run": run, "page": page, "rows": rows})


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """The Issues page says no more what linking again changed."""
    queries.dismiss_relinkings(timezone.now())
    return redirect("issues")
