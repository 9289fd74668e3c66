"""Sessions: the list, and one session beside its log."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kb.display.markdown import numbered, rendered
from kb.forms.sessions import LogViewForm, SessionFilterForm
from kb.queries import sessions as queries
from sessions.models import SessionLog

_PAGE_SIZE = 50
_MISSING = "There is no such session. Its log may have been removed."


def session_list(request: HttpRequest) -> HttpResponse:
    form = SessionFilterForm(request.GET)
    page = Paginator(queries.sessions(**form.filters()), _PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "sessions.html", {"form": form, "page": page})


def session_page(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        session = queries.session_with_records(pk)
    except SessionLog.DoesNotExist as missing:
        raise Http404(_MISSING) from missing
    earlier, later = queries.neighbours(session)
    context = {
        "log_session": session,
        "outline": _outline(session),
        "earlier": earlier,
        "later": later,
        **_log_view(session, LogViewForm(request.GET)),
    }
    return render(request, "session.html", context)


def session_markdown(request: HttpRequest, pk: int) -> HttpResponse:
    """The session's lines of its log, to copy."""
    try:
        session = queries.session_with_log(pk)
    except SessionLog.DoesNotExist as missing:
        raise Http404(_MISSING) from missing
    lines = session.log.text.split("\n")[session.first_line - 1 : session.last_line]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _log_view(session: SessionLog, form: LogViewForm) -> dict[str, object]:
    """The session's part of the log, as numbered lines or as HTML."""
    span, marked = (session.first_line, session.last_line), form.marked_spans()
    if form.is_raw:
        return {"lines": numbered(session.log.text, span, marked)}
    return {"html": rendered(session.log.text, span, marked)}


def _outline(session: SessionLog) -> list[tuple[str, str, int]]:
    """The sections of a session's records that are not empty: anchor, name and size."""
    sections = (
        ("errors", "Errors", session.error_set),
        ("next-steps", "Next steps", session.nextstep_set),
        ("commands", "Commands", session.command_set),
        ("fixes", "Fixes", session.fix_set),
        ("files", "Files", session.filechange_set),
        ("learnings", "Learnings", session.learning_set),
        ("decisions", "Decisions", session.decision_set),
        ("commits", "Commits", session.commit_set),
    )
    return [(anchor, name, len(rows.all())) for anchor, name, rows in sections if rows.all()]
