"""Search, as a page and as you type; pasted traces, completion of filters, saved searches."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import quote_plus, unquote_plus, urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from kb.forms.search import MAX_NAME, CompletionForm, PasteForm, SavedSearchForm, SearchForm
from kb.models import SavedSearch
from kb.people import clock as days
from kb.people.saved_searches import mark_seen, save_search, saved_search
from kb.queries.known_problems import KnownProblem, known_problems
from kb.queries.met_before import Answer, met_before
from kb.search.language.completion import filter_names, filter_values
from kb.search.language.pasted import is_pasted, may_state_an_error, query_from
from kb.search.results.find import Hit, SearchPage
from kb.search.results.find import search as find
from kb.views.pages import HtmxRequest, in_two_shapes, page_number, person, wants_part

_HITS_A_PAGE = 20
_LONGEST_IN_ADDRESS = 3000  # of a query: many servers refuse request lines of 4 KB
_CUT_BYTE = re.compile("%.?$")
_SEARCH_BY, _WORDS = "Search-By", "words"  # a header that asks for results by words alone, as every keystroke does


@in_two_shapes
@vary_on_headers(_SEARCH_BY)
def search(request: HtmxRequest) -> HttpResponse:
    """One view and one template; while typing, only the results are sent, at first those by words alone."""
    form = SearchForm(request.GET)
    form.is_valid()
    if is_pasted(form.text):
        return _results_of(query_from(form.text))
    number, today, typing = page_number(request), days.today(), wants_part(request, "results")
    by_words = form.cleaned_data["by"] == _WORDS or (typing and request.headers.get(_SEARCH_BY) == _WORDS)
    offset = (number - 1) * _HITS_A_PAGE
    page = find(form.text, limit=_HITS_A_PAGE, offset=offset, typing=typing, meaning=not by_words)
    context = {
        "q": form.text,
        "page": page,
        "typing": typing,
        "by_words": by_words,
        "by": _WORDS if by_words else None,
        "has_meaning": settings.MEANING,
        "contained": page.total > 0 and not page.nearest,
        "number": number,
        "has_next": page.has_more,
        "hits": _with_what_is_known(page, today),
        "met": _met_before(page, today) if number == 1 else [],
        "filters": filter_names(),
        "saved": saved_search(person(request), form.cleaned_data.get("saved")),
        "max_name": MAX_NAME,
    }
    return render(request, "search.html#results" if typing else "search.html", context)


def _met_before(page: SearchPage, today: dt.date) -> list[Answer]:
    """The issues that a query states, if it states an error."""
    said = page.query.sentence
    return met_before(said, page.best, today) if may_state_an_error(said) else []


@require_POST
def pasted(request: HttpRequest) -> HttpResponse:
    """Turns a pasted trace into a short query with an address of its own."""
    form = PasteForm(request.POST)
    form.is_valid()
    return _results_of(query_from(form.cleaned_data["text"]))


def values(request: HttpRequest) -> JsonResponse:
    """The values of a filter that start with what was typed."""
    form = CompletionForm(request.GET)
    form.is_valid()
    return JsonResponse({"values": filter_values(form.cleaned_data["name"], form.cleaned_data["value"])})


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Saves a query under a name."""
    form = SavedSearchForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.problem)
        return redirect("search")
    saved = save_search(person(request), form.cleaned_data["name"], form.cleaned_data["q"])
    messages.success(request, f"Saved as “{saved.name}”. Your home page shows how many results are new.")
    return _results_of(saved.query, saved=saved.pk)


@require_POST
def open_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the results of a saved search, and counts only later ones as new."""
    saved = _own_saved_search(request, pk)
    mark_seen(saved)
    return _results_of(saved.query, saved=saved.pk)


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a saved search."""
    saved = _own_saved_search(request, pk)
    saved.delete()
    messages.success(request, f"Deleted the saved search “{saved.name}”.")
    return redirect("home")


def _results_of(query: str, **parameters: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('search')}?{urlencode({'q': _fitting(query), **parameters})}")


def _fitting(query: str) -> str:
    """Returns as much of a query as an address may hold: three bytes of a character take nine there."""
    encoded = quote_plus(query)
    if len(encoded) <= _LONGEST_IN_ADDRESS:
        return query
    return unquote_plus(_CUT_BYTE.sub("", encoded[:_LONGEST_IN_ADDRESS]), errors="ignore")


def _own_saved_search(request: HttpRequest, pk: int) -> SavedSearch:
    saved = saved_search(person(request), pk)
    if saved is None:
        raise Http404
    return saved


def _with_what_is_known(page: SearchPage, today: dt.date) -> list[tuple[Hit, KnownProblem | None]]:
    """Pairs each hit with what is known about its issue or next step."""
    known = known_problems([hit.entry for hit in page.hits], today)
    return [(hit, known.get(hit.entry.pk)) for hit in page.hits]
