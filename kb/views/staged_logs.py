"""One log of an import preview: its records beside its source, which can be put right before anything is written."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kb.corrections.drafting import CannotCorrect
from kb.corrections.stored import staged as staged_corrections
from kb.corrections.worksheets import Worksheet
from kb.display.markdown import numbered
from kb.forms.corrections import CHOICES, NAMES, CorrectionForm, UndoCorrectionForm
from kb.importing.correcting import Staged, correct_staged, staged_log, undo_staged
from kb.importing.staging import Batch
from kb.queries.records import sections_of
from kb.views.corrections import outcome_of
from kb.views.imports import open_staged
from kb.views.outcomes import Undo, say_done, say_refused
from kb.views.pages import HtmxRequest, in_two_shapes, person, wants_part

_GONE = "This log is no longer staged: it was imported or discarded."


@in_two_shapes
def staged_records(request: HtmxRequest, token: str, number: int, position: int = 0) -> HttpResponse:
    """A session of a staged log: what would be recorded of it, beside its source."""
    batch = open_staged(request, token)
    log, sheet = _read(batch, number, position)
    found, span = sections_of(sheet), sheet.session.lines
    context = {
        "batch": batch,
        "number": number,
        "path": log.prepared.path,
        "staged_session": sheet.session,
        "others": [(at, one.session) for at, one in enumerate(log.applied.sheets)],
        "position": position,
        "sections": found,
        "errors": next((section.cards for section in found if section.kind == "errors"), []),
        "corrections": list(enumerate(staged_corrections(log.prepared.corrections), 1))[::-1],
        "names": NAMES,
        "choices": CHOICES,
        "read": log.prepared.sha256,
        "correct_url": reverse("correct-staged", args=[token, number, position]),
        "undo_url": reverse("undo-staged", args=[token, number, position]),
        "lines": numbered(log.prepared.text, span, []),
    }
    return render(request, "staged_log.html#records" if wants_part(request, "records") else "staged_log.html", context)


@require_POST
def correct_staged_log(request: HtmxRequest, token: str, number: int, position: int) -> HttpResponse:
    """Keeps one correction with a staged log."""
    batch = open_staged(request, token)
    log, sheet = _read(batch, number, position)
    try:
        said = CorrectionForm(request.POST).meaning(log.prepared.sha256)
        correction = correct_staged(batch, number, log, sheet.key, said, person(request))
    except CannotCorrect as refusal:
        say_refused(request, refusal)
    else:
        say_done(request, outcome_of(said, correction.about), Undo(keys=[len(log.prepared.corrections) + 1]))
    return _back(request, token, number, position)


@require_POST
def undo_staged_correction(request: HtmxRequest, token: str, number: int, position: int) -> HttpResponse:
    """Takes back a correction of a staged log."""
    batch, form = open_staged(request, token), UndoCorrectionForm(request.POST)
    log, _sheet = _read(batch, number, position)
    try:
        undo_staged(batch, number, log, form.cleaned_data["event"] - 1 if form.is_valid() else -1)
    except CannotCorrect as refusal:
        say_refused(request, refusal)
    else:
        say_done(request, "Undone.")
    return _back(request, token, number, position)


def _read(batch: Batch, number: int, position: int) -> tuple[Staged, Worksheet]:
    preview: dict[str, Any] = batch.preview(number) if number in batch.numbers("preview") else {}
    if number not in batch.numbers():
        raise Http404(_GONE)
    log = staged_log(batch, number, preview.get("path") or batch.prepared(number).path)
    if position >= len(log.applied.sheets):
        raise Http404("This log has no such session.")
    return log, log.applied.sheets[position]


def _back(request: HtmxRequest, token: str, number: int, position: int) -> HttpResponse:
    if wants_part(request, "records"):
        return staged_records(request, token, number, position)
    return redirect("staged-records", token=token, number=number, position=position)
