"""What is left to do, over all projects or one."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb import queries
from kb.views.pages import page_number
from sessions.models import NextStep

_STEPS_A_PAGE = 100


def next_step_list(request: HttpRequest) -> HttpResponse:
    """Open steps, P0 first, then those open longest."""
    project, priority = request.GET.get("project", ""), request.GET.get("priority", "")
    steps = queries.carried_steps(project, priority)
    steps.sort(key=lambda item: (item.latest.priority or "P9", item.raised_on or dt.date.max))
    context = {
        "page": Paginator(steps, _STEPS_A_PAGE).get_page(page_number(request)),
        "project": project,
        "priority": priority,
        "projects": queries.project_names(),
        "priorities": NextStep.Priority.values,
        "today": dt.date.today(),
    }
    return render(request, "next_steps.html", context)
