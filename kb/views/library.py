"""Commands by shape, files and what touched them, learnings and decisions."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.queries import library
from kb.queries import sessions as queries
from kb.views.pages import page_number

_A_PAGE = 50


def command_page(request: HttpRequest) -> HttpResponse:
    """The commands of all sessions by shape; dangerous ones are marked."""
    project, words = _asked(request)
    shapes, has_more = library.command_shapes(project, words, dangerous="dangerous" in request.GET)
    context = {
        **_narrowing(project, words),
        "page": Paginator(shapes, _A_PAGE).get_page(page_number(request)),
        "has_more": has_more,
        "dangerous": "dangerous" in request.GET,
    }
    return render(request, "commands.html", context)


def file_page(request: HttpRequest) -> HttpResponse:
    """Files by how many sessions changed them; with ?path= what touched one."""
    path = request.GET.get("path", "").strip()[:1000]
    if path:
        return render(request, "file.html", {"story": library.file_story(path)})
    project, words = _asked(request)
    page = Paginator(library.files(project, words), _A_PAGE).get_page(page_number(request))
    return render(request, "files.html", {**_narrowing(project, words), "page": page})


def learning_page(request: HttpRequest) -> HttpResponse:
    """What was learned, or with ?kind=decisions what was decided."""
    project, words = _asked(request)
    kind = "decisions" if request.GET.get("kind") == "decisions" else "learnings"
    found = library.decisions(project, words) if kind == "decisions" else library.learnings(project, words)
    page = Paginator(found, _A_PAGE).get_page(page_number(request))
    return render(request, "learnings.html", {**_narrowing(project, words), "page": page, "kind": kind})


def _asked(request: HttpRequest) -> tuple[str, str]:
    return request.GET.get("project", "")[:200], request.GET.get("words", "").strip()[:200]


def _narrowing(project: str, words: str) -> dict[str, object]:
    return {"project": project, "words": words, "projects": queries.project_names()}
