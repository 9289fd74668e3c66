"""Importing: stage logs, preview them, import them, and undo an import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kb.conf.meaning import notice
from kb.forms.fields import PageForm
from kb.forms.imports import (
    FolderForm,
    LogChoiceForm,
    PasteForm,
    RunActionForm,
    SelectionForm,
    UploadForm,
    WatchFolderForm,
)
from kb.importing import runs, undoing
from kb.importing.preview import preview_some
from kb.importing.sources.folders import stage_folder, stage_queued
from kb.importing.sources.uploads import is_over_limit, over_limit_message, stage_content, stage_uploads
from kb.importing.staging import Batch, UnknownBatch, new_batch, open_batch
from kb.models import Import, ImportOrigin, ImportOutcome, ImportState
from kb.queries.imports import counted, files_of, files_to_undo, import_history, kept_folders, undo_counts
from kb.views.pages import HtmxRequest, in_two_shapes, page_number, person, wants_part

_RUNS_A_PAGE = 30
_FILES_A_PAGE = 120
_FILES_SHOWN = 500
# The outcomes in the order in which a preview sums them up, and as it lists their logs.
_OUTCOME_LABELS = {"new": "new", "updated": "edited", "unchanged": "already here", "refused": "refused"}
_LISTED = ("refused", "updated", "new", "unchanged")


def import_page(request: HttpRequest) -> HttpResponse:
    """The ways to import, the folders that are watched, and the history."""
    return _import_page(request)


def _import_page(request: HttpRequest, status: int = 200, **bound: PageForm) -> HttpResponse:
    folder = FolderForm(initial={"folder": next(iter(settings.IMPORT_FOLDERS), "")})
    kept = kept_folders()
    page = Paginator(import_history(), _RUNS_A_PAGE).get_page(page_number(request))
    page.object_list = counted(page.object_list)
    context = {
        "forms": {"upload": UploadForm(), "paste": PasteForm(), "folder": folder, "watch": WatchFolderForm(), **bound},
        "folders": settings.IMPORT_FOLDERS,
        "kept": kept,
        "is_idle": any(row.state == "idle" for row in kept),
        "says_here": request.GET.get("said") == "watched",  # beside the folders, not at the top of the page
        "meaning_notice": notice(),
        "page": page,
    }
    return render(request, "import.html", context, status=status)


@require_POST
def stage(request: HttpRequest) -> HttpResponse:
    """Stages uploaded files in a new batch, or in the one that a script is filling."""
    if is_over_limit(request):
        return _upload_problem(request, over_limit_message(), 413)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_problem(request, form.problem, 400)
    data, owner = form.cleaned_data, person(request)
    token = data["batch"]
    batch = open_staged(request, token) if token else new_batch(owner.pk, ImportOrigin.UPLOAD, form.label())
    stage_uploads(batch, data["logs"], data["paths"], data["project"], owner.username)
    if _wants_json(request):
        return JsonResponse({"batch": batch.token})
    return redirect("staged", token=batch.token)


def _upload_problem(request: HttpRequest, problem: str, status: int) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"problem": problem}, status=status)
    messages.error(request, problem)
    return _import_page(request, status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


@require_POST
def stage_paste(request: HttpRequest) -> HttpResponse:
    form = PasteForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.problem)
        return _import_page(request, 400, paste=form)
    data, owner = form.cleaned_data, person(request)
    batch = new_batch(owner.pk, ImportOrigin.PASTE, data["name"])
    stage_content(batch, form.file_name(), data["text"].encode(), data["project"], owner.username)
    return redirect("staged", token=batch.token)


@require_POST
def stage_server_folder(request: HttpRequest) -> HttpResponse:
    form = FolderForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.problem)
        return _import_page(request, 400, folder=form)
    folder = form.cleaned_data["folder"]
    batch = new_batch(person(request).pk, ImportOrigin.FOLDER, str(folder))
    stage_folder(batch, folder)
    return redirect("staged", token=batch.token)


@in_two_shapes
def staged(request: HtmxRequest, token: str) -> HttpResponse:
    """The preview of a batch. Each request reads and previews some more logs until all are done."""
    batch = open_staged(request, token)
    queued = stage_queued(batch)
    left = queued + (preview_some(batch) if not queued else len(batch.numbers()))
    done = len(batch.numbers("preview"))
    context = {"batch": batch, "left": left, "queued": queued, "done": done, "total": done + left}
    if not left:
        context |= _previews(batch)
    return render(request, "staged.html#staged" if wants_part(request, "staged") else "staged.html", context)


def _previews(batch: Batch) -> dict[str, Any]:
    files = [{"number": number, **batch.preview(number)} for number in batch.numbers("preview")]
    files.sort(key=lambda file: _LISTED.index(file["outcome"]))
    refused = batch.refused()
    counts = Counter(file["outcome"] for file in files)
    importable = len(files) - counts[ImportOutcome.REFUSED]
    counts[ImportOutcome.REFUSED] += len(refused)
    return {
        "files": files[:_FILES_SHOWN],
        "more": len(files) - _FILES_SHOWN,
        "refused": refused,
        "outcomes": [(label, counts[name]) for name, label in _OUTCOME_LABELS.items() if counts[name]],
        "importable": importable,
        "secrets": sum(len(file["findings"]) for file in files),
    }


@require_POST
def start_import(request: HttpRequest, token: str) -> HttpResponse:
    """Starts to import the selected logs of a batch."""
    batch = open_staged(request, token)
    selected = SelectionForm(request.POST).selected(batch.numbers())
    if not selected:
        messages.error(request, "Select at least one log to import.")
        return redirect("staged", token=token)
    if not batch.claim():  # the button was pressed twice
        begun = runs.run_of(batch)
        return redirect("import", pk=begun.pk) if begun else redirect("imports")
    return redirect("import", pk=runs.import_batch(batch, selected, person(request)).pk)


@require_POST
def choose_log(request: HttpRequest, token: str) -> HttpResponse:
    """Says that an upload is another of the logs that its preview names."""
    batch, form = open_staged(request, token), LogChoiceForm(request.POST)
    if form.is_valid():
        number, position = form.cleaned_data["choice"]
        others = batch.preview(number).get("namesakes", []) if number in batch.numbers("preview") else []
        if position < len(others):
            batch.choose(number, others[position]["path"])
    return redirect("staged", token=token)


@require_POST
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Discards a batch, none of which is in the database."""
    open_staged(request, token).discard()
    messages.success(request, "Nothing was imported.")
    return redirect("imports")


@in_two_shapes
def import_run(request: HtmxRequest, pk: int) -> HttpResponse:
    """An import, while it runs and afterwards."""
    run = counted([get_object_or_404(import_history(), pk=pk)])[0]
    files = Paginator(files_of(run), _FILES_A_PAGE).get_page(page_number(request))
    done = files.paginator.count
    is_undoing = run.state == ImportState.UNDOING
    is_interrupted = runs.is_interrupted(run)
    context = {
        "run": run,
        "page": files,
        "done": files_to_undo(run) if is_undoing else done,
        "left": max(run.total - done, 0),
        "is_busy": (is_undoing or run.state == ImportState.RUNNING) and not is_interrupted,
        "is_interrupted": is_interrupted,
        "can_resume": runs.can_resume(run),
        "can_undo": undoing.can_undo(run),
    }
    return render(request, "import_run.html#run" if wants_part(request, "run") else "import_run.html", context)


def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what undoing an import does, and asks whether to."""
    run = get_object_or_404(import_history(), pk=pk)
    if not undoing.can_undo(run):
        return redirect("import", pk=pk)
    return render(request, "undo_import.html", {"run": run, "counts": undo_counts(run)})


@require_POST
def act_on_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancels, resumes or undoes an import."""
    run, form = get_object_or_404(Import, pk=pk), RunActionForm(request.POST)
    resume = undoing.resume_undo if run.state == ImportState.UNDOING else runs.resume
    undo = partial(undoing.start_undo, by=person(request))
    actions: dict[str, Callable[[Import], None]] = {"cancel": runs.cancel, "resume": resume, "undo": undo}
    if form.is_valid():
        actions[form.cleaned_data["action"]](run)
    return redirect("import", pk=pk)


def open_staged(request: HttpRequest, token: str) -> Batch:
    """Returns a batch of the signed-in person. Raises Http404 if there is none any more."""
    try:
        return open_batch(token, person(request).pk)
    except UnknownBatch as error:
        raise Http404("These logs are no longer staged: imported, discarded, or older than a day.") from error
