"""The handover of a project over a span of days: a page with an address of its own, and its Markdown."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kb.people import clock as days
from kb.queries import sessions as queries
from kb.queries.handover import Handover, as_markdown
from kb.queries.handover import handover as hand_over
from sessions.models import SessionLog

_DAYS = 7


def handover_page(request: HttpRequest) -> HttpResponse:
    """The handover that the address names; without a project, the form that asks for one."""
    found, problem = _asked(request)
    context = {
        "handover": found,
        "query": _query(found) if found else "",
        "problem": problem,
        "projects": queries.project_names(),
        "project": request.GET.get("project", "")[:200],
        "today": days.today(),
    }
    return render(request, "handover.html", context)


def handover_markdown(request: HttpRequest) -> HttpResponse:
    """The same as a Markdown file that can be imported."""
    found, problem = _asked(request)
    if found is None:
        raise Http404(problem or "Name a project: ?project=…&from=2026-01-01&to=2026-01-07")
    name = f"handover-{found.project}-{found.last}.md".replace("/", "-")
    answer = HttpResponse(as_markdown(found), content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _query(found: Handover) -> str:
    """What names a handover in its address."""
    return urlencode({"project": found.project, "from": found.first, "to": found.last})


def _asked(request: HttpRequest) -> tuple[Handover | None, str]:
    project = request.GET.get("project", "")[:200]
    if not project:
        return None, ""
    sessions = SessionLog.objects.filter(project__name=project)
    if not sessions.exists():
        return None, f"There is no project called “{project}”."
    try:
        last = _day(request.GET.get("to", "")) or _last_day(project)
        first = _day(request.GET.get("from", "")) or last - dt.timedelta(days=_DAYS - 1)
    except ValueError:
        return None, "Write days as 2026-01-31."
    if first > last:
        return None, f"The span ends ({last}) before it begins ({first})."
    return hand_over(project, first, last, days.today()), ""


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _last_day(project: str) -> dt.date:
    """The project's last day in the logs: a handover of a week without sessions would be empty."""
    dated = SessionLog.objects.filter(project__name=project, date__isnull=False)
    return dated.order_by("-date").values_list("date", flat=True).first() or days.today()
