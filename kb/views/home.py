"""The first page: search, what blocks, what recurs, what was done last."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb import issue_queries, queries


def home(request: HttpRequest) -> HttpResponse:
    today = dt.date.today()
    context = {
        "blockers": queries.open_blockers(),
        "issues": issue_queries.recurring_issues(today),
        "sessions": queries.latest_sessions(),
        "totals": queries.totals(),
        "today": today,
    }
    return render(request, "home.html", context)
