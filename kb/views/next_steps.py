"""What is left to do: the board over all projects or one, and one step over its sessions."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import push_url

from kb.forms.next_steps import BoardFilterForm, board_forms, step_forms
from kb.models import TrackedStep
from kb.next_steps.triage import count_answers
from kb.people import clock
from kb.queries.board import (
    LIVE_GROUP,
    STATES,
    BoardFilter,
    board,
    board_rows,
    count_states,
    dropped_apart,
    sets_dropped_apart,
)
from kb.queries.decisions import merged_step
from kb.queries.next_steps import next_step_detail
from kb.views.pages import HtmxRequest, in_two_shapes, page_number, wants_part

_STEPS_A_PAGE = 50
_MOST_DROPPED = 20  # rows of the group below the live P0s; the tab has all of them


@in_two_shapes
def next_step_list(request: HtmxRequest) -> HttpResponse:
    """The board as the address narrows, sorts and groups it; htmx gets the board only."""
    context = _board_context(request)
    if not wants_part(request, "board"):
        return render(request, "next_steps.html", context)
    response = render(request, "next_steps.html#board", {**context, "is_part": True})
    return push_url(response, f"{reverse('next-steps')}?{context['query']}") if request.method == "GET" else response


def _board_context(request: HttpRequest) -> dict[str, object]:
    form, today = BoardFilterForm(request.GET), clock.today()
    filters = form.board_filter()
    page = Paginator(board(filters, today), _STEPS_A_PAGE).get_page(page_number(request))
    counts = count_states(filters, today)
    accepted, answers = count_answers()
    return {
        "form": form,
        "filters": filters,
        "is_narrowed": filters != BoardFilter(sort=filters.sort, group=filters.group),
        "page": page,
        **_rows(filters, page, today),
        "states": [(state, words, counts[state]) for state, words in STATES.items()],
        "accepted": accepted,
        "answers": answers,
        "forms": board_forms(),
        "query": urlencode([(name, value) for name, value in request.GET.items() if value]),
    }


def _rows(filters: BoardFilter, page: Page[TrackedStep], today: dt.date) -> dict[str, object]:
    """The rows of a page, and on the first one the P0s that are set apart, which stand below the live ones."""
    if not sets_dropped_apart(filters):
        return {"rows": board_rows(list(page), filters.group, today)}
    dropped = dropped_apart(filters, today)
    count = dropped.count() if page.number == 1 else 0
    rows = board_rows(list(page), "live", today)
    return {
        "rows": rows,
        "has_live": bool(rows) and rows[0].group == LIVE_GROUP,
        "live_group": LIVE_GROUP,
        "dropped": board_rows(list(dropped[:_MOST_DROPPED]), "", today) if count else [],
        "dropped_count": count,
    }


def next_step_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One step: its mentions with their lines, proposals to close it, its history, and what can be done with it."""
    today = clock.today()
    try:
        detail = next_step_detail(pk, today)
    except TrackedStep.DoesNotExist as missing:
        return _merged_step_page(request, pk, missing)
    step = detail.row.tracked_step
    context = {"detail": detail, "row": detail.row, "step": step, "forms": step_forms(step)}
    return render(request, "next_step.html", context)


def _merged_step_page(request: HttpRequest, pk: int, missing: Exception) -> HttpResponse:
    step = merged_step(pk)
    if step is None:
        raise Http404("There is no such step; its log may have been removed.") from missing
    return render(request, "next_step_merged.html", {"step": step})
