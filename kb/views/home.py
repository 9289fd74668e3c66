"""The first page: search, what blocks, what recurs, and the latest sessions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.display.charts import BarChart, blocker_chart, session_chart
from kb.people.clock import today
from kb.people.saved_searches import saved_rows
from kb.queries import issues, sessions
from kb.queries.weeks import open_blockers_by_week, recent_mondays, sessions_by_week
from kb.search.language.completion import filter_names
from kb.views.pages import person


def home(request: HttpRequest) -> HttpResponse:
    day = today()
    context = {
        "blockers": sessions.open_blockers(day),
        "issues": issues.recurring_issues(day),
        "sessions": sessions.latest_sessions(),
        "saved": saved_rows(person(request), day),
        "totals": sessions.totals(),
        "charts": _charts(),
        "filters": filter_names(),
        "today": day,
    }
    return render(request, "home.html", context)


def _charts() -> list[BarChart]:
    """Nothing until a session has a date."""
    mondays = recent_mondays()
    if not mondays:
        return []
    return [
        session_chart(sessions_by_week(mondays), "Sessions by week and status"),
        blocker_chart(open_blockers_by_week(mondays), "Open P0 steps by week"),
    ]
