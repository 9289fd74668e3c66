"""Search, as a page and as you type; pasted traces, completion of filters, saved searches."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kb.models import EntryKind, SavedSearch
from kb.people import clock as days
from kb.people.saved_searches import mark_seen, save_search
from kb.queries.met_before import Answer, answers_for, met_before
from kb.search.language.completion import filter_names, filter_values
from kb.search.language.pasted import is_pasted, query_from, states_an_error
from kb.search.results.find import SearchPage
from kb.search.results.find import search as find
from kb.views.pages import HtmxRequest, in_two_shapes, numbers, page_number, person, wants_part

_HITS_A_PAGE = 20
_LONGEST_QUERY = 2000
_LONGEST_PASTE = 200_000


@in_two_shapes
def search(request: HtmxRequest) -> HttpResponse:
    """One view and one template: while typing, only the results are sent."""
    text = request.GET.get("q", "")[:_LONGEST_QUERY]
    if is_pasted(text):
        return _results_of(query_from(text))
    number, today = page_number(request), days.today()
    typing = wants_part(request, "results")
    page = find(text, limit=_HITS_A_PAGE, offset=(number - 1) * _HITS_A_PAGE, typing=typing)
    context = {
        "q": text,
        "page": page,
        "number": number,
        "more": page.total > number * _HITS_A_PAGE,
        "answers": _answers(page, today),
        "met": met_before(text, page.best, today) if number == 1 and states_an_error(text) else [],
        "filters": filter_names(),
        "saved": _saved(request),
    }
    return render(request, "search.html#results" if typing else "search.html", context)


@require_POST
def pasted(request: HttpRequest) -> HttpResponse:
    """A pasted trace becomes a short query with an address of its own."""
    return _results_of(query_from(request.POST.get("text", "")[:_LONGEST_PASTE]))


def values(request: HttpRequest) -> JsonResponse:
    """The values of a filter that begin with what was typed."""
    name, begin = request.GET.get("name", "")[:20], request.GET.get("begin", "")[:100]
    return JsonResponse({"values": filter_values(name, begin)})


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Saves a query under a name."""
    name, query = request.POST.get("name", "").strip()[:100], request.POST.get("q", "").strip()[:_LONGEST_QUERY]
    if not query:
        return redirect("search")
    saved = save_search(person(request), name or query[:100], query)
    return _results_of(query, saved=saved.pk)


@require_POST
def open_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Goes to what a saved search finds, which is no longer new from now on."""
    saved = get_object_or_404(SavedSearch, pk=pk, owner=person(request))
    mark_seen(saved)
    return _results_of(saved.query, saved=saved.pk)


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Removes a saved search."""
    get_object_or_404(SavedSearch, pk=pk, owner=person(request)).delete()
    return redirect("home")


def _results_of(query: str, **parameters: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('search')}?{urlencode({'q': query, **parameters})}")


def _saved(request: HttpRequest) -> SavedSearch | None:
    """The saved search that the address names."""
    asked = numbers(request.GET.getlist("saved"))
    return SavedSearch.objects.filter(pk__in=asked, owner=person(request)).first() if asked else None


def _answers(page: SearchPage, today: dt.date) -> dict[int, Answer]:
    """For each hit that is an error, by the entry's id: its issue, and the fix that held."""
    errors = {hit.entry.object_id: hit.entry.pk for hit in page.hits if hit.entry.kind == EntryKind.ERROR}
    return {errors[error]: answer for error, answer in answers_for(list(errors), today).items()}
