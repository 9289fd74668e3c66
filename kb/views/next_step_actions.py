"""What people do with next steps: one or many at once, each with an undo. Merges and splits are shown first."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kb.corrections.drafting import CannotCorrect
from kb.forms.next_steps import BackForm, MergeStepsForm, SplitStepForm, UndoForm, step_action_form
from kb.forms.not_a_step import NotAStepForm, TakeBackForm
from kb.models import StepEvent, TrackedStep
from kb.next_steps import triage
from kb.next_steps.triage import CannotTriage
from kb.views.next_steps import next_step_list
from kb.views.outcomes import Undo, say_done, say_refused
from kb.views.pages import HtmxRequest, person, wants_part

NOT_A_STEP = "not-a-step"


@require_POST
def act(request: HtmxRequest) -> HttpResponse:
    """Does one thing with the chosen steps, or with the one whose button was pressed."""
    if request.POST.get("action") == NOT_A_STEP:
        return _not_a_step(request)
    form = step_action_form(request.POST)
    if not form.is_valid():
        return _refused(request, form.problem)
    try:
        events = form.apply(person(request))
    except CannotTriage as refusal:
        return _refused(request, refusal)
    _say_what_was_done(request, form.outcome, events)
    return _back(request)


def _not_a_step(request: HtmxRequest) -> HttpResponse:
    form = NotAStepForm(request.POST)
    if not form.is_valid():
        return _refused(request, form.problem)
    try:
        corrections = form.apply(person(request))
    except CannotCorrect as refusal:
        return _refused(request, refusal)
    query = request.GET.urlencode()
    say_done(
        request,
        f"Not a step: {corrections[0].words[:80]}",
        Undo(keys=[one.pk for one in corrections], address=f"{reverse('undo-not-a-step')}?{query}"),
    )
    return _back(request)


@require_POST
def undo(request: HtmxRequest) -> HttpResponse:
    return _undo(request, UndoForm(request.POST))


@require_POST
def undo_not_a_step(request: HtmxRequest) -> HttpResponse:
    return _undo(request, TakeBackForm(request.POST))


def _undo(request: HtmxRequest, form: UndoForm | TakeBackForm) -> HttpResponse:
    if not form.is_valid():
        return _refused(request, form.problem)
    try:
        undone = form.apply()
    except CannotCorrect as refusal:
        return _refused(request, refusal)
    if not undone:
        return _refused(request, "This had been undone already.")
    say_done(request, "Undone.")
    return _back(request)


@require_POST
def merge(request: HtmxRequest) -> HttpResponse:
    """Shows what would become one step, and merges it once that is confirmed."""
    form = MergeStepsForm(request.POST)
    if not form.is_valid():
        return _refused(request, form.problem)
    steps = form.cleaned_data["step"]
    if not form.cleaned_data["confirmed"]:
        return render(request, "merge_next_steps.html", {"steps": steps})
    try:
        event = triage.merge(steps, person(request))
    except CannotTriage as refusal:
        return _refused(request, refusal)
    say_done(request, f"Merged {len(steps)} steps into one.", _undo_of([event]))
    return redirect("next-step", pk=event.tracked_step_id)


@require_POST
def split(request: HtmxRequest, pk: int) -> HttpResponse:
    """Shows which mentions would leave the step and which would stay, and splits it once that is confirmed."""
    step = get_object_or_404(TrackedStep, pk=pk, merged_into=None)
    form = SplitStepForm(step, request.POST)
    if not form.is_valid():
        say_refused(request, form.problem)
        return redirect("next-step", pk=pk)
    going, staying = form.cleaned_data["going"], form.cleaned_data["staying"]
    if not form.cleaned_data["confirmed"]:
        return render(request, "split_next_step.html", {"step": step, "going": going, "staying": staying})
    try:
        event = triage.split(step, [mention.step_id for mention in going], person(request))
    except CannotTriage as refusal:
        say_refused(request, refusal)
        return redirect("next-step", pk=pk)
    say_done(request, "Split off as a separate step.", _undo_of([event]))
    return redirect("next-step", pk=event.tracked_step_id)


def _say_what_was_done(request: HttpRequest, outcome: str, events: Sequence[StepEvent]) -> None:
    if not events:
        say_done(request, f"{outcome}.")
        return
    steps = f"{len(events)} steps" if len(events) > 1 else str(events[0].tracked_step)[:80]
    say_done(request, f"{outcome}: {steps}", _undo_of(events))


def _undo_of(events: Sequence[StepEvent]) -> Undo:
    return Undo(keys=[event.pk for event in events])


def _refused(request: HtmxRequest, reason: object) -> HttpResponse:
    say_refused(request, reason)
    return _back(request)


def _back(request: HtmxRequest) -> HttpResponse:
    """The board only for htmx; otherwise the page that the form names, else the board as it was."""
    if wants_part(request, "board"):
        return next_step_list(request)
    form = BackForm(request.POST)
    form.is_valid()
    return redirect(form.cleaned_data.get("next") or f"{reverse('next-steps')}?{request.GET.urlencode()}")
