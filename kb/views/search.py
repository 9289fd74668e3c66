"""Search, as a page and as you type."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from kb.search.find import search as find
from kb.views.pages import HtmxRequest, page_number

_HITS_A_PAGE = 20
_LONGEST_QUERY = 2000


def search(request: HtmxRequest) -> HttpResponse:
    """One view and one template: while typing, only the results are sent."""
    text = request.GET.get("q", "")[:_LONGEST_QUERY]
    number = page_number(request)
    typing = _is_typing(request.htmx)
    page = find(text, limit=_HITS_A_PAGE, offset=(number - 1) * _HITS_A_PAGE, typing=typing)
    context = {
        "q": text,
        "page": page,
        "number": number,
        "more": page.total > number * _HITS_A_PAGE,
    }
    return render(request, "search.html#results" if typing else "search.html", context)


def _is_typing(htmx: HtmxDetails) -> bool:
    return bool(htmx) and not htmx.boosted and htmx.target == "results"
