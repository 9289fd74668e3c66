"""Masked credentials: a queue to look through, each with its rule and its masked surroundings."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kb.importing.masked import judge
from kb.models import MaskedSecret
from kb.views.pages import page_number, person

_A_PAGE = 50


def secret_page(request: HttpRequest) -> HttpResponse:
    """Findings nobody looked at yet, or those with a verdict."""
    verdict, rule = request.GET.get("verdict", "")[:20], request.GET.get("rule", "")[:60]
    found = MaskedSecret.objects.select_related("log", "by").prefetch_related("log__paths", "log__sessions")
    found = found.filter(verdict=verdict if verdict in MaskedSecret.Verdict.values else "")
    counts = dict(MaskedSecret.objects.order_by().values_list("verdict").annotate(count=Count("pk")))
    context = {
        "page": Paginator(found.filter(rule=rule) if rule else found, _A_PAGE).get_page(page_number(request)),
        "verdict": verdict,
        "rule": rule,
        "rules": MaskedSecret.objects.order_by("rule").values_list("rule", flat=True).distinct(),
        "verdicts": [(value, words, counts.get(value, 0)) for value, words in _verdicts()],
    }
    return render(request, "secrets.html", context)


def _verdicts() -> list[tuple[str, str]]:
    return [("", "to look at"), *((value, str(words)) for value, words in MaskedSecret.Verdict.choices)]


@require_POST
def judge_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes a verdict. The mask stays: what was masked was never stored."""
    judge(get_object_or_404(MaskedSecret, pk=pk), request.POST.get("verdict", ""), person(request))
    return redirect(f"{reverse('secrets')}?{request.GET.urlencode()}")
