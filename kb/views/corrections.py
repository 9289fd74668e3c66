"""What people put right on the page of a session: one record or some lines at a time, each with an undo."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kb.corrections.drafting import SINGULAR, CannotCorrect, Said
from kb.forms.corrections import CorrectionForm, UndoCorrectionForm
from kb.importing.correcting import correct, undo_correction
from kb.models import Correction
from kb.queries import sessions as queries
from kb.queries.records import correction_of
from kb.views.outcomes import Undo, say_done, say_refused
from kb.views.pages import HtmxRequest, person, wants_part
from kb.views.sessions import MISSING, session_page
from sessions.models import SessionLog

Kind = Correction.Kind


@require_POST
def correct_session(request: HtmxRequest, pk: int) -> HttpResponse:
    """Applies one correction. The records come back as they are now."""
    session = _session(pk)
    try:
        said = CorrectionForm(request.POST).meaning(session.log.sha256 or "")
        correction = correct(session, said, person(request))
    except CannotCorrect as refusal:
        say_refused(request, refusal)
    else:
        say_done(request, outcome_of(said, correction.about), Undo(keys=[correction.pk]))
    return _back(request, pk)


@require_POST
def undo(request: HtmxRequest, pk: int) -> HttpResponse:
    """Takes a correction of a session back."""
    session, form = _session(pk), UndoCorrectionForm(request.POST)
    correction = correction_of(session, form.cleaned_data["event"]) if form.is_valid() else None
    if correction is None:
        say_refused(request, "This correction has been undone already, or is about another session.")
        return _back(request, pk)
    try:
        undo_correction(correction)
    except CannotCorrect as refusal:
        say_refused(request, refusal)
    else:
        say_done(request, f"Undone: {correction.about[:80]}")
    return _back(request, pk)


def _session(pk: int) -> SessionLog:
    try:
        return queries.session_with_log(pk)
    except SessionLog.DoesNotExist as missing:
        raise Http404(MISSING) from missing


def outcome_of(said: Said, words: str) -> str:
    """What was done, in a few words."""
    name, shown = SINGULAR.get(said.record_kind, "anything"), f"“{words[:80]}”"
    return {
        Kind.NOT: f"Not {name}: {shown}",
        Kind.CHANGED: f"Changed: {shown}",
        Kind.FOLDED: f"Folded into the other error: {shown}",
        Kind.FIX_OF: f"Now a fix of that error: {shown}",
        Kind.CONFIRMED: f"Confirmed: {shown}",
        Kind.LINES: f"Now {name}: {shown}" if said.record_kind else f"Nothing to record: {shown}",
    }[said.kind]


def _back(request: HtmxRequest, pk: int) -> HttpResponse:
    return session_page(request, pk) if wants_part(request, "records") else redirect("session", pk=pk)
