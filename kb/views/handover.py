"""The handover of a project over a span of days: a page with an address of its own, and its Markdown."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kb.forms.handover import HandoverForm
from kb.people import clock
from kb.queries.handover import Handover, as_markdown, handover
from kb.queries.sessions import project_names

_HINT = "Name a project: ?project=…&from=2026-01-01&to=2026-01-07"


def handover_page(request: HttpRequest) -> HttpResponse:
    """The handover that the address names; without a project, the form that asks for one."""
    form = HandoverForm(request.GET)
    named = _named_handover(form)
    if named:
        form = HandoverForm(_address_of(named))  # with the days that were left out
    context = {
        "form": form,
        "handover": named,
        "query": urlencode(_address_of(named)) if named else "",
        "has_projects": bool(project_names()),
    }
    return render(request, "handover.html", context)


def handover_markdown(request: HttpRequest) -> HttpResponse:
    """The same as a Markdown file that can be imported."""
    form = HandoverForm(request.GET)
    named = _named_handover(form)
    if named is None:
        raise Http404(form.problem or _HINT)
    name = f"handover-{named.project}-{named.last}.md".replace("/", "-")
    response = HttpResponse(as_markdown(named), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _named_handover(form: HandoverForm) -> Handover | None:
    """The handover that a form names; none if the form is not valid or names no project."""
    if not form.is_valid() or not form.cleaned_data["project"]:
        return None
    return handover(**form.cleaned_data, today=clock.today())


def _address_of(named: Handover) -> dict[str, object]:
    """What names a handover in its address."""
    return {"project": named.project, "from": named.first, "to": named.last}
