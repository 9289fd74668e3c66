"""The first page: search, what blocks, what recurs, what was done last."""

from __future__ import annotations

import datetime as dt
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb import issue_queries, queries
from kb.search.completion import filter_names
from kb.search.saved import saved_rows


def home(request: HttpRequest) -> HttpResponse:
    today = dt.date.today()
    context = {
        "blockers": queries.open_blockers(today),
        "issues": issue_queries.recurring_issues(today),
        "sessions": queries.latest_sessions(),
        "saved": saved_rows(cast(User, request.user), today),
        "totals": queries.totals(),
        "filters": filter_names(),
        "today": today,
    }
    return render(request, "home.html", context)
