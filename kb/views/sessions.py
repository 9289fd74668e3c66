"""Sessions: the list, and one session beside its log."""

from __future__ import annotations

import re

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kb.display.markdown import numbered, rendered
from kb.queries import sessions as queries
from kb.views.pages import page_number
from sessions.models import SessionLog
from sessions.records import Span

_SESSIONS_A_PAGE = 50
_LINES = re.compile(r"^(\d{1,7})(?:-(\d{1,7}))?$")


def session_list(request: HttpRequest) -> HttpResponse:
    project, status = request.GET.get("project", ""), request.GET.get("status", "")
    pages = Paginator(queries.sessions(project, status), _SESSIONS_A_PAGE)
    context = {
        "page": pages.get_page(page_number(request)),
        "project": project,
        "status": status,
        "projects": queries.project_names(),
        "statuses": SessionLog.Status.choices,
    }
    return render(request, "sessions.html", context)


def session_page(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        session = queries.session_with_records(pk)
    except SessionLog.DoesNotExist as missing:
        raise Http404("There is no such session; its log may have been removed.") from missing
    span, marked = (session.first_line, session.last_line), _marked(request)
    raw = request.GET.get("view") == "raw"
    earlier, later = queries.neighbours(session)
    context = {
        "log_session": session,
        "lines": numbered(session.log.text, span, marked) if raw else None,
        "html": None if raw else rendered(session.log.text, span, marked),
        "outline": _outline(session),
        "markdown_url": reverse("session-markdown", args=[pk]),
        "earlier": earlier,
        "later": later,
    }
    return render(request, "session.html", context)


def session_markdown(request: HttpRequest, pk: int) -> HttpResponse:
    """The session's lines of its log, to copy."""
    try:
        session = SessionLog.objects.select_related("log").get(pk=pk)
    except SessionLog.DoesNotExist as missing:
        raise Http404("There is no such session; its log may have been removed.") from missing
    lines = session.log.text.split("\n")[session.first_line - 1 : session.last_line]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _outline(session: SessionLog) -> list[tuple[str, str, int]]:
    """The sections of a session's records: their anchor, name and number."""
    kinds = (
        ("errors", "Errors", session.error_set),
        ("next-steps", "Next steps", session.nextstep_set),
        ("commands", "Commands", session.command_set),
        ("fixes", "Fixes", session.fix_set),
        ("files", "Files", session.filechange_set),
        ("learnings", "Learnings", session.learning_set),
        ("decisions", "Decisions", session.decision_set),
        ("commits", "Commits", session.commit_set),
    )
    return [(anchor, name, len(rows.all())) for anchor, name, rows in kinds if rows.all()]


def _marked(request: HttpRequest) -> list[Span]:
    """The lines that `?lines=90-93` asks to mark."""
    found = _LINES.match(request.GET.get("lines", ""))
    return [(int(found[1]), int(found[2] or found[1]))] if found else []
