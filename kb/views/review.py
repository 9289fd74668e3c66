"""The review queue: where reading is in doubt, it asks."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kb.corrections.drafting import CannotCorrect
from kb.forms.review import OTHERS, AnswerForm, ReviewFilterForm, TakeBackForm
from kb.queries.review import answered_doubts, count_open, review_queue, right_share, right_shares
from kb.review.answers import NOTHING, answer, take_back
from kb.templatetags.review import kind_name
from kb.views.outcomes import Undo, say_done, say_refused
from kb.views.pages import HtmxRequest, in_two_shapes, person, wants_part


@in_two_shapes
def review_page(request: HtmxRequest) -> HttpResponse:
    """What is in doubt, most useful first; htmx gets the queue only."""
    form = ReviewFilterForm(request.GET)
    filters = form.filters()
    project = filters.get("project", "")
    context = {
        "form": form,
        "queue": review_queue(filters.get("kind", ""), project),
        "open": count_open(project),
        "share": right_share(project),
        "shares": right_shares(project),
        "others": [(kind, name, key) for kind, (name, key) in OTHERS.items()],
        "query": urlencode(filters),
    }
    return render(request, "review.html#queue" if wants_part(request, "queue") else "review.html", context)


@require_POST
def answer_doubt(request: HtmxRequest) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        say_refused(request, form.problem)
        return _back(request)
    doubt, said = form.cleaned_data["doubt"], form.cleaned_data["said"]
    try:
        answer(doubt, said, person(request))
    except CannotCorrect as refusal:
        say_refused(request, refusal)
        return _back(request)
    words = f"“{doubt.text[:80]}” is {kind_name(said)}"
    if said == NOTHING:
        words = f"“{doubt.text[:80]}” is not {kind_name(doubt.kind)}"
    say_done(request, words, Undo(keys=[doubt.pk]))
    return _back(request)


@require_POST
def undo_answers(request: HtmxRequest) -> HttpResponse:
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        say_refused(request, form.problem)
        return _back(request)
    try:
        take_back(answered_doubts(form.cleaned_data["event"]))
        say_done(request, "Undone.")
    except CannotCorrect as refusal:
        say_refused(request, refusal)
    return _back(request)


def _back(request: HtmxRequest) -> HttpResponse:
    if wants_part(request, "queue"):
        return review_page(request)
    return redirect(f"{reverse('review')}?{request.GET.urlencode()}")
