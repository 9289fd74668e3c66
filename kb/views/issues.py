"""Issues: the list, and one issue over its sessions."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kb.display.charts import occurrence_timeline
from kb.display.excerpts import excerpt
from kb.forms.issues import IssueFilterForm, issue_forms
from kb.importing.relinking import is_interrupted
from kb.models import Issue
from kb.people import clock
from kb.queries import issues as issue_queries
from kb.queries.decisions import merged_issue
from kb.queries.issue_page import issue_detail
from kb.queries.issues import IssueFilter, IssueRow
from kb.queries.relinking import relinking_to_show
from kb.views.pages import HtmxRequest, in_two_shapes, page_number, wants_part

_ISSUES_A_PAGE = 50


@in_two_shapes
def issue_list(request: HtmxRequest) -> HttpResponse:
    news = _relinking_news()
    if wants_part(request, "relinking"):
        return render(request, "issues.html#relinking", news)
    form = IssueFilterForm(request.GET)
    filters = form.issue_filter()
    page, rows = _issue_rows(filters, page_number(request))
    context = {"form": form, "filters": filters, "page": page, "rows": rows, **news}
    return render(request, "issues.html", context)


def _relinking_news() -> dict[str, object]:
    """How far linking again is, or what it changed, until somebody has seen it."""
    run = relinking_to_show()
    interrupted = run is not None and is_interrupted(run)
    is_running = run is not None and run.finished_at is None and not interrupted
    return {"relinking": run, "is_interrupted": interrupted, "is_relinking": is_running}


def _issue_rows(filters: IssueFilter, number: int) -> tuple[Page[IssueRow] | Page[Issue], list[IssueRow]]:
    """A page of issues and its rows. States are computed, so a list in one state is a list of rows."""
    today = clock.today()
    if filters.state:
        in_state = Paginator(issue_queries.issues_in_state(filters, today), _ISSUES_A_PAGE).get_page(number)
        return in_state, list(in_state)
    page = Paginator(issue_queries.issues(filters), _ISSUES_A_PAGE).get_page(number)
    return page, issue_queries.issue_rows(list(page), today)


def issue_page(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        detail = issue_detail(pk, clock.today())
    except Issue.DoesNotExist as missing:
        return _merged_issue_page(request, pk, missing)
    shown = excerpt(detail.advice.log_text, detail.advice.spans)
    context = {
        "detail": detail,
        "advice": detail.advice,
        "excerpt": shown,
        "commands": [command for command in detail.advice.commands if not shown.has_code(command.text)],
        "issue": detail.issue,
        "standing": detail.standing,
        "timeline": occurrence_timeline(detail.errors),
        "forms": issue_forms(detail.issue),
    }
    return render(request, "issue.html", context)


def _merged_issue_page(request: HttpRequest, pk: int, missing: Exception) -> HttpResponse:
    issue = merged_issue(pk)
    if issue is None:
        raise Http404("There is no such issue; its errors may have been removed.") from missing
    return render(request, "issue_merged.html", {"issue": issue})
