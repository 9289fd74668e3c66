"""Takes an import back: new logs go, edited logs become what they were, further paths are forgotten."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kb.importing.compose import Prepared, Read, keep, reading_first
from kb.importing.runs import State, beat, finish, in_background, is_interrupted, unforeseen
from kb.importing.touched import touched_rows
from kb.linking.issues import issues_of_path, remove_empty_issues
from kb.models import Import, ImportedFile
from kb.next_steps.tracking import remove_unraised_steps, tracked_steps_of_path
from kb.search.index import merge_segments, remove_session
from sessions.models import Log
from sessions.storing.store import let_go

_LATER = "left as it is: a later import changed it"


def undo(run: Import) -> None:
    """Takes an import back in the background, its last file first. What was taught is undone where it was taught."""
    taken = Import.objects.filter(pk=run.pk, state__in=(State.DONE, State.CANCELLED, State.INCOMPLETE)).exclude(
        source="taught"
    )
    if taken.update(state=State.UNDOING, beat_at=timezone.now()):
        in_background(undo_now, run.pk)


def go_on_undoing(run: Import) -> None:
    """Goes on with an undoing that was interrupted; what is undone already is noted."""
    if run.state == State.UNDOING and is_interrupted(run):
        beat(run.pk, run.current)
        in_background(undo_now, run.pk)


def undo_now(pk: int) -> None:
    """Takes an import back, file by file. What a later import changed is left, and its file says so.

    Where a file fails by a fault of ours, it tells so, and the import can be undone once more.
    """
    run, state = Import.objects.get(pk=pk), State.UNDONE
    for file in run.files.filter(undone="").exclude(outcome="refused").order_by("-pk"):
        try:
            _undo_file(file)
        except Exception as problem:
            state = State.DONE
            ImportedFile.objects.filter(pk=file.pk).update(reason=unforeseen(file.path, problem))
        beat(pk, file.path)
    merge_segments()
    finish(run, state)


def _undo_file(file: ImportedFile) -> None:
    """Takes one file back in one transaction. What it was before is read before that opens."""
    if file.before and _log_of(file):
        reading_first(Prepared.from_json(file.before), lambda before: _write_undone(file, before))
    else:
        _write_undone(file, None)


@transaction.atomic
def _write_undone(file: ImportedFile, before: Read | None) -> None:
    file.undone = _undone(file, before)
    file.save(update_fields=["undone"])


def _log_of(file: ImportedFile) -> Log | None:
    """The log that a file became; None if a later import changed it."""
    return Log.objects.filter(paths__path=file.path, sha256=file.sha256).first()


def _undone(file: ImportedFile, before: Read | None) -> str:
    """Takes one file back, and says in words what that came to."""
    if file.outcome == "unchanged" and not file.further:
        return "nothing to do: it was here"
    log = _log_of(file)
    if log is None or bool(before) != bool(file.before):
        return _LATER
    told = _forget(log, file.path) if file.outcome != "updated" else ""
    if before:
        keep(before)
        return "as it was before"
    return told


@transaction.atomic
def remove_log(log: Log) -> str:
    """Removes a log under all its paths; a sentence about what is kept of it, empty if nothing is."""
    name = str(log)
    for path in list(log.paths.values_list("path", flat=True)):
        _forget(log, path)
    kept = Log.objects.filter(pk=log.pk).exists()
    return f"{name}: the errors that somebody dealt with are kept, the rest is removed." if kept else ""


def _forget(log: Log, path: str) -> str:
    """Forgets a path, and the log with its last one."""
    if log.paths.count() > 1:
        log.paths.filter(path=path).delete()
        return "its path is forgotten; the same log is here under another"
    stated, raised = issues_of_path(path), tracked_steps_of_path(path)
    kept = let_go(log, path, touched_rows)
    for session in kept:
        remove_session(session)
    remove_empty_issues(stated)
    remove_unraised_steps(raised)
    return "removed, but for the errors that somebody dealt with" if kept else "removed"
