"""Sessions: the list, and one session beside its log."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kb.display.markdown import numbered, rendered
from kb.forms.corrections import CHOICES, NAMES
from kb.forms.sessions import LogViewForm, SessionFilterForm
from kb.queries import sessions as queries
from kb.queries.records import corrections_of, sections
from kb.views.pages import HtmxRequest, in_two_shapes, wants_part
from sessions.models import SessionLog

_PAGE_SIZE = 50
MISSING = "There is no such session. Its log may have been removed."


def session_list(request: HttpRequest) -> HttpResponse:
    form = SessionFilterForm(request.GET)
    page = Paginator(queries.sessions(**form.filters()), _PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "sessions.html", {"form": form, "page": page})


@in_two_shapes
def session_page(request: HtmxRequest, pk: int) -> HttpResponse:
    try:
        session = queries.session_with_records(pk)
    except SessionLog.DoesNotExist as missing:
        raise Http404(MISSING) from missing
    earlier, later = queries.neighbours(session)
    corrections = corrections_of(session)
    found = sections(session, corrections)
    context = {
        "log_session": session,
        "sections": found,
        "errors": next((section.cards for section in found if section.kind == "errors"), []),
        "corrections": [(correction.pk, correction) for correction in corrections],
        "read": session.log.sha256 or "",
        "undo_url": reverse("undo-correction", args=[pk]),
        "has_lost": any(correction.lost_at for correction in corrections),
        "names": NAMES,
        "choices": CHOICES,
        "correct_url": reverse("correct", args=[pk]),
        "earlier": earlier,
        "later": later,
        **_log_view(session, LogViewForm(request.GET)),
    }
    return render(request, "session.html#records" if wants_part(request, "records") else "session.html", context)


def session_markdown(request: HttpRequest, pk: int) -> HttpResponse:
    """The session's lines of its log, to copy."""
    try:
        session = queries.session_with_log(pk)
    except SessionLog.DoesNotExist as missing:
        raise Http404(MISSING) from missing
    lines = session.log.text.split("\n")[session.first_line - 1 : session.last_line]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _log_view(session: SessionLog, form: LogViewForm) -> dict[str, object]:
    """The session's part of the log, as numbered lines or as HTML."""
    span, marked = (session.first_line, session.last_line), form.marked_spans()
    if form.is_raw:
        return {"lines": numbered(session.log.text, span, marked)}
    return {"html": rendered(session.log.text, span, marked)}
