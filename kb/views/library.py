"""Commands by shape, files and what is known about them, learnings and decisions."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.forms.library import CommandFilterForm, FileForm, LearningFilterForm, LibraryFilterForm
from kb.queries import library

_PAGE_SIZE = 50


def command_page(request: HttpRequest) -> HttpResponse:
    """The commands of all sessions by shape; dangerous ones are marked."""
    form = CommandFilterForm(request.GET)
    filters = form.filters()
    shapes, has_more = library.command_shapes(
        filters.get("project", ""), filters.get("words", ""), dangerous="dangerous" in filters
    )
    page = Paginator(shapes, _PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "filters": filters, "page": page, "has_more": has_more}
    return render(request, "commands.html", context)


def file_page(request: HttpRequest) -> HttpResponse:
    """Files by how many sessions changed them, or with ?path= what is known about one."""
    chosen = FileForm(request.GET)
    if chosen.is_valid():
        return render(request, "file.html", {"history": library.file_history(chosen.cleaned_data["path"])})
    form = LibraryFilterForm(request.GET)
    filters = form.filters()
    page = Paginator(library.files(**filters), _PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "files.html", {"form": form, "filters": filters, "page": page})


def learning_page(request: HttpRequest) -> HttpResponse:
    """What was learned, or with ?kind=decisions what was decided."""
    form = LearningFilterForm(request.GET)
    filters = form.filters()
    kind = filters.pop("kind", "learnings")
    rows = library.decisions(**filters) if kind == "decisions" else library.learnings(**filters)
    page = Paginator(rows, _PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "learnings.html", {"form": form, "filters": filters, "page": page, "kind": kind})
