"""The folders that are watched: added, paused, resumed, removed and put back on the Import page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from kb.forms.imports import WatchFolderForm
from kb.importing.sources import kept_folders
from kb.models import WatchedFolder
from kb.views.outcomes import Undo, say_done, say_refused
from kb.views.pages import person

# What is done → how, what is said then, and what undoes it.
_ACTIONS: dict[str, tuple[Callable[[WatchedFolder], bool], str, str]] = {
    "pause": (kept_folders.pause, "Paused {}.", "resume"),
    "resume": (kept_folders.resume, "{} is watched again.", "pause"),
    "remove": (kept_folders.remove, "{} is not watched any more. What was imported from it stays.", "restore"),
    "restore": (kept_folders.restore, "{} is back on the list.", "remove"),
}


@require_POST
def watch_folder(request: HttpRequest) -> HttpResponse:
    """Adds a folder that IMPORT_FOLDERS allows. One that is paused goes on."""
    form = WatchFolderForm(request.POST)
    if not form.is_valid():
        say_refused(request, form.problem)
        return _back()
    row, is_new = kept_folders.keep_folder(form.cleaned_data["folder"], person(request))
    if is_new:
        say_done(request, f"{row} is watched from now on.", _undo(row, "remove"))
    else:
        say_refused(request, f"{row} is watched already.")
    return _back()


@require_POST
def act_on_folder(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Does one of _ACTIONS. Raises Http404 for any other."""
    if action not in _ACTIONS:
        raise Http404("There is no such action.")
    row = get_object_or_404(WatchedFolder, pk=pk)
    act, words, inverse = _ACTIONS[action]
    if act(row):
        say_done(request, words.format(row), _undo(row, inverse))
    else:
        say_refused(request, f"{row} has been changed in the meantime. The list shows it as it is now.")
    return _back()


def _back() -> HttpResponse:
    """To the folders on the page, which says there what was done."""
    return redirect(f"{reverse('imports')}?said=watched#watched")


def _undo(row: WatchedFolder, action: str) -> Undo:
    return Undo(address=reverse("act-on-folder", args=[row.pk, action]))
