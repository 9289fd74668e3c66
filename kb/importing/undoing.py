"""Undoes imports: new logs are deleted, edited ones get their former content back, added paths are removed."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kb.corrections.stored import leave_path
from kb.importing.keeping import keep
from kb.importing.prepared import Prepared
from kb.importing.reading import Read, read_then
from kb.importing.rolling import give_way_back
from kb.importing.runs import beating, claim_interrupted, finish, heartbeat, in_background
from kb.importing.sets import report_failure
from kb.importing.touched import touched_rows
from kb.linking.issues import issues_of_path, remove_empty_issues
from kb.models import LEFT, Import, ImportedFile, ImportOrigin, ImportOutcome, ImportState
from kb.next_steps.tracking import remove_unraised_steps, tracked_steps_of_path
from kb.search.index import merge_segments, remove_session
from sessions.models import Log
from sessions.storing.store import delete_log

_UNDOABLE = (ImportState.DONE, ImportState.CANCELLED, ImportState.INCOMPLETE)


def can_undo(run: Import) -> bool:
    """A finished import can be undone; what was taught is undone where it was taught."""
    return run.state in _UNDOABLE and run.origin != ImportOrigin.TAUGHT


def start_undo(run: Import, by: User | None = None) -> None:
    """Undoes an import in the background."""
    now = timezone.now()
    undoable = Import.objects.filter(pk=run.pk, state__in=_UNDOABLE).exclude(origin=ImportOrigin.TAUGHT)
    if undoable.update(state=ImportState.UNDOING, heartbeat_at=now, undone_by=by, undone_at=now):
        in_background(undo_run, run.pk)


def resume_undo(run: Import) -> None:
    """Continues to undo an import after an interruption."""
    if run.state == ImportState.UNDOING and claim_interrupted(run):
        in_background(undo_run, run.pk)


def undo_run(pk: int) -> None:
    """Undoes an import file by file, the last first. What a later import changed is left, and its file says so.

    If a file is left, or fails unexpectedly, the import can be undone once more.
    """
    run = Import.objects.get(pk=pk)
    run.files.filter(undo_result=LEFT).update(undo_result="")
    files = run.files.filter(undo_result="").exclude(outcome=ImportOutcome.REFUSED).order_by("-pk")
    with beating(pk):
        undone = [_undo_or_report(number) for number in list(files.values_list("pk", flat=True))]
        merge_segments()
    finish(run, ImportState.UNDONE if all(undone) else ImportState.DONE)


def _undo_or_report(number: int) -> bool:
    """Undoes one file, whose former text is in memory only as long. Returns whether nothing is left to undo."""
    file = ImportedFile.objects.get(pk=number)
    is_undone = False
    try:
        _undo_file(file)
        is_undone = not file.is_left
    except Exception as error:
        ImportedFile.objects.filter(pk=number).update(reason=report_failure(file.path, error))
    heartbeat(file.run_id, file.path)
    return is_undone


@transaction.atomic
def remove_log(log: Log) -> str:
    """Removes a log with all its paths. Returns a sentence on what is kept of it, or an empty string."""
    log = Log.objects.get(pk=log.pk)  # whose paths nobody has fetched beforehand, since they change
    name = str(log)
    for path in list(log.paths.values_list("path", flat=True)):
        _remove_path(log, path)
    is_kept = Log.objects.filter(pk=log.pk).exists()
    return f"{name}: removed, except for errors that somebody has acted on." if is_kept else ""


def _undo_file(file: ImportedFile) -> None:
    """Undoes one file in one transaction, before which its former content is read."""
    if file.before and _current_log(file):
        read_then(Prepared.from_json(file.before), lambda before: _write_undone(file, before))
    else:
        _write_undone(file, None)


@transaction.atomic
def _write_undone(file: ImportedFile, before: Read | None) -> None:
    file.undo_result = _undone(file, before)
    file.save(update_fields=["undo_result"])


def _current_log(file: ImportedFile) -> Log | None:
    """Returns the log that a file became, or None if a later import changed it, or stored it once more."""
    if _later_imports(file).exists():
        return None
    return Log.objects.filter(paths__path=file.path, sha256=file.sha256).first()


def _later_imports(file: ImportedFile) -> QuerySet[ImportedFile]:
    """Returns what later imports stored under the path of a file, if they are not undone."""
    stored = Q(outcome__in=(ImportOutcome.NEW, ImportOutcome.UPDATED)) | Q(is_copy=True)
    return ImportedFile.objects.filter(stored, path=file.path, pk__gt=file.pk, undo_result__in=("", LEFT))


def _undone(file: ImportedFile, before: Read | None) -> str:
    """Undoes one file. Returns in words what that did."""
    if file.outcome == ImportOutcome.UNCHANGED and not file.is_copy:
        return "nothing to do, it was already here"
    log = _current_log(file)
    if log is None or bool(before) != bool(file.before):
        return LEFT
    result = _remove_path(log, file.path) if file.outcome != ImportOutcome.UPDATED else ""
    if before:
        if not give_way_back(before.prepared):
            keep(replace(before, is_edit=True))
        return "restored"
    return result


def _remove_path(log: Log, path: str) -> str:
    """Removes a path, and with the last one the log. Returns in words what that did."""
    if log.paths.count() > 1:
        leave_path(log, path)
        log.paths.filter(path=path).delete()
        return "path removed, the same log has another one"
    issues, steps = issues_of_path(path), tracked_steps_of_path(path)
    kept = delete_log(log, path, touched_rows)
    for session in kept:
        remove_session(session)
    remove_empty_issues(issues)
    remove_unraised_steps(steps)
    return "removed, except for errors that somebody has acted on" if kept else "removed"
