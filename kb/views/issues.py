"""Issues: the list, and one issue over its sessions."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kb.display.charts import occurrence_timeline
from kb.linking.recurrence import IssueState
from kb.models import Issue
from kb.people import clock as days
from kb.queries import issues as issue_queries
from kb.queries import sessions as queries
from kb.queries.issues import SORTS, IssueFilter, IssueRow
from kb.views.pages import page_number

_ISSUES_A_PAGE = 50


def issue_list(request: HttpRequest) -> HttpResponse:
    today = days.today()
    wanted = IssueFilter(**{name: request.GET.get(name, "")[:200] for name in ("project", "state", "words")})
    wanted = IssueFilter(wanted.project, wanted.state, wanted.words, request.GET.get("sort", "often"))
    number = page_number(request)
    page: Page[IssueRow] | Page[Issue]
    if wanted.state:
        found = Paginator(issue_queries.issues_in_state(wanted, today), _ISSUES_A_PAGE).get_page(number)
        page, rows = found, list(found)
    else:
        listed = Paginator(issue_queries.issues(wanted), _ISSUES_A_PAGE).get_page(number)
        page, rows = listed, issue_queries.issue_rows(list(listed), today)
    context = {
        "page": page,
        "rows": rows,
        "wanted": wanted,
        "project": wanted.project,
        "projects": queries.project_names(),
        "states": list(IssueState),
        "sorts": SORTS,
        "problem": request.GET.get("problem", "")[:300],
    }
    return render(request, "issues.html", context)


def issue_page(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        detail = issue_queries.issue_detail(pk, days.today())
    except Issue.DoesNotExist as missing:
        merged = Issue.objects.filter(pk=pk).exclude(merged_into=None).select_related("merged_into").first()
        if merged is not None:
            return render(request, "issue_merged.html", {"issue": merged})
        raise Http404("There is no such issue; its errors may have been removed.") from missing
    context = {
        "detail": detail,
        "issue": detail.issue,
        "standing": detail.standing,
        "timeline": occurrence_timeline(detail.errors),
    }
    return render(request, "issue.html", context)
