"""What is left to do: the board over all projects or one, and one item over its sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import push_url

from kb.models import StepEvent, TrackedStep
from kb.next_steps.triage import count_answers
from kb.people import clock as days
from kb.queries import sessions as queries
from kb.queries.board import GROUPS, SORTS, STATES, BoardFilter, board, board_rows, count_states
from kb.queries.next_steps import next_step_detail
from kb.views.pages import HtmxRequest, in_two_shapes, page_number, wants_part
from sessions.models import NextStep

_ITEMS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said above a page: what was done, with the events that undo it, or why it was not done."""

    done: Sequence[StepEvent] = field(default=())
    problem: str = ""


def next_step_list(request: HtmxRequest) -> HttpResponse:
    """The board; htmx gets the board alone."""
    return board_response(request, notice_of(request))


@in_two_shapes
def board_response(request: HtmxRequest, notice: Notice) -> HttpResponse:
    """The board as the address narrows, sorts and groups it."""
    wanted, today = wanted_board(request), days.today()
    page = Paginator(board(wanted, today), _ITEMS_A_PAGE).get_page(page_number(request))
    right, judged = count_answers()
    context = {
        "page": page,
        "rows": board_rows(list(page), wanted.group, today),
        "wanted": wanted,
        "project": wanted.project,
        "is_narrowed": asdict(wanted) != asdict(BoardFilter(sort=wanted.sort, group=wanted.group)),
        "projects": queries.project_names(),
        "states": STATES,
        "counts": count_states(wanted.project, today),
        "sorts": SORTS,
        "groups": GROUPS,
        "priorities": NextStep.Priority.values,
        "people": list(User.objects.filter(is_active=True).order_by("username")),
        "right": right,
        "judged": judged,
        "notice": notice,
        "here": urlencode(_kept(request)),
        "today": today,
        "tomorrow": today + dt.timedelta(days=1),
    }
    if not wants_part(request, "board"):
        return render(request, "next_steps.html", context)
    response = render(request, "next_steps.html#board", context)
    return push_url(response, f"{reverse('next-steps')}?{context['here']}") if request.method == "GET" else response


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What the address narrows, without what is empty and without what it says of a step just taken."""
    kept = ((name, request.GET.get(name, "")) for name in request.GET if name not in ("done", "problem"))
    return [(name, value) for name, value in kept if value]


def wanted_board(request: HttpRequest) -> BoardFilter:
    """What the address asks for; values that mean nothing are left out."""
    asked = {name: request.GET.get(name, "").strip()[:200] for name in BoardFilter.__slots__}
    known = {"state": STATES, "sort": SORTS, "group": GROUPS}
    return BoardFilter(**{
        name: value for name, value in asked.items() if value and (name not in known or value in known[name])
    })  # fmt: skip


def item_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: its mentions with their lines, proposals to close it, its history, and what can be done with it."""
    today = days.today()
    try:
        detail = next_step_detail(pk, today)
    except TrackedStep.DoesNotExist as missing:
        merged = TrackedStep.objects.filter(pk=pk).exclude(merged_into=None).select_related("merged_into").first()
        if merged is not None:
            return render(request, "item_merged.html", {"item": merged})
        raise Http404("There is no such item; its log may have been removed.") from missing
    context = {
        "detail": detail,
        "row": detail.row,
        "item": detail.row.tracked_step,
        "priorities": NextStep.Priority.values,
        "people": list(User.objects.filter(is_active=True).order_by("username")),
        "notice": notice_of(request),
        "today": today,
        "tomorrow": today + dt.timedelta(days=1),
    }
    return render(request, "item.html", context)


def notice_of(request: HttpRequest) -> Notice:
    """The notice that the address asks for after a step: `done` bounds the numbers of its events."""
    first, _, last = request.GET.get("done", "").partition("-")
    if not (first.isdecimal() and last.isdecimal() and len(first + last) < 30):
        return Notice(problem=request.GET.get("problem", "")[:300])
    mine = StepEvent.objects.filter(pk__range=(int(first), int(last)), by=request.user.pk, undone_at=None)
    return Notice(list(mine.order_by("pk")[:1000]))
