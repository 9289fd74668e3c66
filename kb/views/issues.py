"""Issues: the list, and one issue over its sessions."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kb import queries
from kb.linking.fingerprints import VERSION_NAMES
from kb.linking.recurrence import standing
from kb.models import Issue
from kb.views.pages import page_number

_ISSUES_A_PAGE = 50


def issue_list(request: HttpRequest) -> HttpResponse:
    project = request.GET.get("project", "")
    pages = Paginator(queries.issues(project), _ISSUES_A_PAGE)
    page = pages.get_page(page_number(request))
    found = queries.issues(project).filter(pk__in=[issue.pk for issue in page.object_list])
    context = {
        "page": page,
        "rows": queries.issue_rows(found, dt.date.today()),
        "project": project,
        "projects": queries.project_names(),
    }
    return render(request, "issues.html", context)


def issue_page(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        issue, errors = queries.issue_with_errors(pk)
    except Issue.DoesNotExist as missing:
        raise Http404("There is no such issue; its errors may have been removed.") from missing
    context = {
        "issue": issue,
        "errors": errors,
        "standing": standing(errors, dt.date.today()),
        "version": VERSION_NAMES.get(issue.version, "an earlier fingerprint"),
    }
    return render(request, "issue.html", context)
