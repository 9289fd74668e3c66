"""Importing: bring logs, see what will happen, let it happen, and take it back."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kb.importing import runs, undoing
from kb.importing.preview import preview_some
from kb.importing.sources.folders import allowed_folder, stage_folder, stage_some
from kb.importing.sources.uploads import is_over_limit, over_limit_sentence, stage_content, stage_uploads
from kb.importing.staging import Batch, UnknownBatch, new_batch, open_batch
from kb.models import Import
from kb.views.pages import HtmxRequest, in_two_shapes, numbers, page_number, person, wants_part
from sessions.models import SessionLog
from sessions.sources import SUFFIXES, SourceError

_RUNS_A_PAGE = 30
_FILES_SHOWN = 500
_ORDER = ("refused", "updated", "new", "unchanged")
_SHOWN_OUTCOMES = {"new": "new", "updated": "edited", "unchanged": "already here", "refused": "refused"}


def import_page(request: HttpRequest, problem: str = "", status: int = 400) -> HttpResponse:
    """The ways in, and what was imported of late."""
    context = {
        "problem": problem,
        "folders": settings.IMPORT_FOLDERS,
        "page": Paginator(_history(), _RUNS_A_PAGE).get_page(page_number(request)),
    }
    return render(request, "import.html", context, status=status if problem else 200)


def _history() -> QuerySet[Import]:
    """Imports newest first, with how many of their files came to what."""
    counts = {name: Count("files", filter=Q(files__outcome=name)) for name in _ORDER}
    sums = {f"records_{name}": Sum(f"files__{name}", default=0) for name in ("added", "changed", "removed")}
    return Import.objects.select_related("by").annotate(**counts, **sums).order_by("-started_at", "-pk")


@require_POST
def stage(request: HttpRequest) -> HttpResponse:
    """Takes uploaded files into a new batch, or into the one that a script is filling."""
    if is_over_limit(request):
        return _over_limit(request)
    files = cast("list[UploadedFile[bytes]]", request.FILES.getlist("files"))
    if not files:
        return import_page(request, "Choose at least one file to import.")
    token = request.POST.get("batch", "")
    names = ", ".join(file.name or "" for file in files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    batch = _open(request, token) if token else new_batch(person(request).pk, Import.Source.UPLOAD, names)
    project, owner = request.POST.get("project", "").strip()[:200], person(request).username
    stage_uploads(batch, files, request.POST.getlist("paths"), project, owner)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"batch": batch.token})
    return redirect("staged", token=batch.token)


def _over_limit(request: HttpRequest) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"problem": over_limit_sentence()}, status=413)
    return import_page(request, over_limit_sentence(), status=413)


@require_POST
def stage_paste(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("text", "")
    if not text.strip():
        return import_page(request, "Paste the text of a log first.")
    name = request.POST.get("name", "").strip()[:200] or f"pasted-{timezone.localtime():%Y-%m-%d-%H%M%S}"
    batch = new_batch(person(request).pk, Import.Source.PASTE, name)
    named = name if name.lower().endswith(SUFFIXES) else f"{name}.md"
    project, owner = request.POST.get("project", "").strip()[:200], person(request).username
    stage_content(batch, named, text.replace("\r\n", "\n").encode(), project, owner)
    return redirect("staged", token=batch.token)


@require_POST
def stage_server_folder(request: HttpRequest) -> HttpResponse:
    try:
        folder = allowed_folder(request.POST.get("folder", ""))
    except SourceError as problem:
        return import_page(request, str(problem))
    batch = new_batch(person(request).pk, Import.Source.FOLDER, str(folder))
    stage_folder(batch, folder)
    return redirect("staged", token=batch.token)


@in_two_shapes
def staged(request: HtmxRequest, token: str) -> HttpResponse:
    """What importing would do. Each request looks at some more logs until all are looked at."""
    batch = _open(request, token)
    unread = stage_some(batch)
    left = unread + (preview_some(batch) if not unread else len(batch.numbers()))
    done = len(batch.numbers("preview"))
    context: dict[str, Any] = {"batch": batch, "left": left, "unread": unread, "done": done}
    context["total"] = done + left
    if not left:
        context |= _previewed(batch)
    return render(request, "staged.html#staged" if wants_part(request, "staged") else "staged.html", context)


def _previewed(batch: Batch) -> dict[str, Any]:
    files = [{"number": number, **batch.preview(number)} for number in batch.numbers("preview")]
    files.sort(key=lambda file: _ORDER.index(file["outcome"]))
    refused = batch.refused()
    counts = Counter(file["outcome"] for file in files)
    counts["refused"] += len(refused)
    return {
        "files": files[:_FILES_SHOWN],
        "more": len(files) - _FILES_SHOWN,
        "refused": refused,
        "outcomes": [(name, words, counts[name]) for name, words in _SHOWN_OUTCOMES.items() if counts[name]],
        "takable": len(files) - sum(1 for file in files if file["outcome"] == "refused"),
        "secrets": sum(len(file["findings"]) for file in files),
    }


@require_POST
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Starts to import: all of a batch but what was shown and not chosen."""
    batch = _open(request, token)
    shown, chosen = (set(numbers(request.POST.getlist(name))) for name in ("shown", "log"))
    staged_logs = set(batch.numbers())
    wanted = staged_logs if "all" in request.POST else staged_logs - (shown - chosen)
    if not wanted:
        return redirect("staged", token=token)
    return redirect("import", pk=runs.start(batch, wanted, person(request)).pk)


@require_POST
def choose_log(request: HttpRequest, token: str) -> HttpResponse:
    """Takes an upload for another log of its name, as "log number:which of those its preview names"."""
    batch = _open(request, token)
    number, _, which = request.POST.get("choice", "").partition(":")
    chosen = numbers([number, which])
    if len(chosen) == 2 and chosen[0] in batch.numbers("preview"):
        others = batch.preview(chosen[0]).get("namesakes", [])
        if chosen[1] < len(others):
            batch.choose(chosen[0], others[chosen[1]]["path"])
    return redirect("staged", token=token)


@require_POST
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Lets a batch go: nothing of it was in the database."""
    _open(request, token).discard()
    return redirect("imports")


@in_two_shapes
def import_run(request: HtmxRequest, pk: int) -> HttpResponse:
    """An import while it runs and afterwards."""
    run = get_object_or_404(_history(), pk=pk)
    newest = SessionLog.objects.filter(log=OuterRef("log")).values("pk")[:1]
    files = Paginator(run.files.annotate(session=Subquery(newest)), _RUNS_A_PAGE * 4).get_page(page_number(request))
    done = run.files.count()
    context = {
        "run": run,
        "page": files,
        "done": run.files.filter(undone="").count() if run.state == "undoing" else done,
        "left": max(run.total - done, 0),
        "is_interrupted": runs.is_interrupted(run),
        "can_go_on": runs.can_go_on(run),
        "is_busy": run.state in ("running", "undoing"),
    }
    return render(request, "import_run.html#run" if wants_part(request, "run") else "import_run.html", context)


@require_POST
def act_on_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancels, resumes or undoes an import."""
    run = get_object_or_404(Import, pk=pk)
    resume = undoing.go_on_undoing if run.state == Import.State.UNDOING else runs.resume
    acts = {"cancel": runs.cancel, "resume": resume, "undo": undoing.undo}
    if act := acts.get(request.POST.get("action", "")):
        act(run)
    return redirect("import", pk=pk)


def _open(request: HttpRequest, token: str) -> Batch:
    try:
        return open_batch(token, person(request).pk)
    except UnknownBatch as problem:
        raise Http404("These logs are no longer staged: imported, let go, or older than a day.") from problem
