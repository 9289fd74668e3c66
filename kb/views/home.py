"""The first page: search, what blocks, what recurs, what was done last."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.display.charts import open_blockers_by_week, recent_mondays, sessions_by_week, stacked_bars
from kb.people import clock as days
from kb.people.saved_searches import saved_rows
from kb.queries import issues as issue_queries
from kb.queries import sessions as queries
from kb.search.language.completion import filter_names
from kb.views.pages import person


def home(request: HttpRequest) -> HttpResponse:
    today = days.today()
    mondays = recent_mondays()
    context = {
        "blockers": queries.open_blockers(today),
        "issues": issue_queries.recurring_issues(today),
        "sessions": queries.latest_sessions(),
        "saved": saved_rows(person(request), today),
        "totals": queries.totals(),
        "charts": [
            ("Sessions a week, by status", stacked_bars(sessions_by_week(mondays), "Sessions a week")),
            ("Open P0 steps, week by week", stacked_bars(open_blockers_by_week(mondays), "Open P0 steps")),
        ]
        if mondays
        else [],
        "filters": filter_names(),
        "today": today,
    }
    return render(request, "home.html", context)
