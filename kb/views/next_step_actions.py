"""What people do with items: one or many at once, each step with an undo. Merges and splits are shown first."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kb.models import ProposedClosure, StepEvent, StepMention, TrackedStep
from kb.next_steps import triage
from kb.next_steps.triage import Action, CannotTriage
from kb.queries.next_steps import steps_with_mentions
from kb.views.next_steps import Notice, board_response
from kb.views.pages import HtmxRequest, numbers, person, wants_part

# The field of the form that holds an action's value.
_FIELDS = {"snoozed": "until", "assigned": "person", "priority": "priority", "commented": "comment"}


@require_POST
def act(request: HtmxRequest) -> HttpResponse:
    """Does one thing with the items chosen, or with the one whose button was pressed ("done:12")."""
    action, _, only = request.POST.get("action", "").partition(":")
    chosen = numbers([only] if only else request.POST.getlist("item"))
    if action in ("accept", "decline"):
        return _answer(request, chosen, accepted=action == "accept")
    if action not in Action.values or action in (Action.MERGED, Action.SPLIT):
        return _back(request, Notice(problem="Choose what to do with the items."))
    value = request.POST.get(_FIELDS.get(action, ""), "")
    try:
        events = triage.act(steps_with_mentions(chosen), Action(action), person(request), value)
    except CannotTriage as problem:
        return _back(request, Notice(problem=str(problem)))
    return _back(request, Notice(events))


def _answer(request: HtmxRequest, closings: Sequence[int], *, accepted: bool) -> HttpResponse:
    event = None
    for closing in ProposedClosure.objects.filter(pk__in=closings, accepted=None).select_related("tracked_step"):
        event = triage.answer(closing, person(request), accepted=accepted)
    return _back(request, Notice([event] if event else ()))


@require_POST
def undo(request: HtmxRequest) -> HttpResponse:
    """Takes back the steps named."""
    triage.undo(StepEvent.objects.filter(pk__in=numbers(request.POST.getlist("event"))).order_by("-pk"))
    return _back(request, Notice())


@require_POST
def merge(request: HtmxRequest) -> HttpResponse:
    """First shows what would become one item, then makes it one."""
    items = steps_with_mentions(numbers(request.POST.getlist("item")))
    try:
        triage.check_merge(items)
        if "confirmed" not in request.POST:
            return render(request, "decide_items.html", {"items": items, "kind": "merge"})
        event = triage.merge(items, person(request))
    except CannotTriage as problem:
        return _back(request, Notice(problem=str(problem)))
    return redirect("item", pk=event.tracked_step_id)


@require_POST
def split(request: HtmxRequest, pk: int) -> HttpResponse:
    """First shows which mentions would leave the item and which would stay, then takes them out."""
    item = get_object_or_404(TrackedStep, pk=pk, merged_into=None)
    chosen = set(numbers(request.POST.getlist("step")))
    mentions = StepMention.objects.filter(tracked_step=item).select_related("step__session__project")
    mentions = mentions.order_by("step__session")
    going = [mention for mention in mentions if mention.step_id in chosen]
    staying = [mention for mention in mentions if mention.step_id not in chosen]
    try:
        if going and staying and "confirmed" not in request.POST:
            context = {"item": item, "going": going, "staying": staying, "kind": "split"}
            return render(request, "decide_items.html", context)
        event = triage.split(item, chosen, person(request))
    except CannotTriage as problem:
        return redirect(f"{reverse('item', args=[pk])}?{urlencode({'problem': str(problem)})}")
    return redirect("item", pk=event.tracked_step_id)


def _back(request: HtmxRequest, notice: Notice) -> HttpResponse:
    """The board alone for htmx; otherwise the page that the form names, with the notice in its address."""
    if wants_part(request, "board"):
        return board_response(request, notice)
    said = {}
    if notice.done:
        said = {"done": f"{notice.done[0].pk}-{notice.done[-1].pk}"}
    elif notice.problem:
        said = {"problem": notice.problem}
    path, _, query = _next(request).partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name not in ("done", "problem")]
    query = urlencode([*kept, *said.items()])
    return redirect(f"{path}?{query}" if query else path)


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    if address and url_has_allowed_host_and_scheme(address, allowed_hosts=None) and not urlsplit(address).netloc:
        return address
    return f"{reverse('next-steps')}?{request.GET.urlencode()}"
