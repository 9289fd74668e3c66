"""Imports that run in the background of the site, log by log, and the history that every way of importing leaves."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Collection
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from kb.importing.compose import Imported, Note, Refused, import_bytes, import_prepared, read_again
from kb.importing.namesakes import Upload
from kb.importing.staging import Batch, UnknownBatch, open_batch
from kb.importing.taught import logs_with
from kb.models import Import, ImportedFile
from kb.search.index import merge_segments
from sessions.models import Log
from sessions.sources import Source, SourceError

_log = logging.getLogger(__name__)
State = Import.State
_SILENT = dt.timedelta(seconds=60)  # a run that said nothing for so long was interrupted


def begin(source: Import.Source, by: User | None, origin: str, total: int = 0) -> Import:
    """A new import in the history."""
    now = timezone.now()
    return Import.objects.create(source=source, by=by, origin=origin[:300], total=total, beat_at=now)


def beat(pk: int, current: str) -> None:
    """A run says that it is alive, and at which log it is."""
    Import.objects.filter(pk=pk).update(beat_at=timezone.now(), current=current[:1000])


def finish(run: Import, state: Import.State = State.DONE) -> None:
    run.state, run.current, run.finished_at = state, "", timezone.now()
    run.save(update_fields=["state", "current", "finished_at"])


def take_source(run: Import, source: Source) -> Imported | Refused:
    """Imports a file on the server, and notes it in the history."""
    try:
        content = source.read(settings.LOG_SIZE_LIMIT)
        return take_bytes(run, source.path, content, source.project)
    except SourceError as problem:
        return refuse(run, source.path, str(problem))


def take_bytes(
    run: Import, path: str, content: bytes, project: str, upload: Upload | None = None
) -> Imported | Refused:
    """Imports a log, and notes it in the history. `upload`: for a log without a place of its own."""
    return _taken(run, path, lambda note: import_bytes(path, content, project, note, upload))


def refuse(run: Import, path: str, reason: str) -> Refused:
    """Notes a log that was not taken."""
    ImportedFile.objects.create(run=run, path=path[:1000], outcome="refused", reason=reason)
    return Refused(path, reason)


def _taken(run: Import, path: str, importing: Callable[[Note], Imported]) -> Imported | Refused:
    def note(imported: Imported) -> None:
        _note(run, imported)
        beat(run.pk, path)

    try:
        return importing(note)
    except SourceError as problem:
        return refuse(run, path, str(problem))
    except Exception as problem:  # a fault of ours with one log: the other logs of a run must not wait for its mending
        return refuse(run, path, unforeseen(path, problem))


def unforeseen(path: str, problem: Exception) -> str:
    """Tells the server's log of a fault with a log, and gives the words for people."""
    _log.error("%s failed", path, exc_info=problem)
    name = type(problem).__name__
    return f"{path}: failed with {name}, which the server's log tells of; nothing was changed. Try it once more."


def _note(run: Import, imported: Imported) -> None:
    change = imported.change
    ImportedFile.objects.create(
        run=run,
        path=imported.path[:1000],
        outcome=imported.outcome,
        sha256=imported.sha256,
        log=imported.log,
        added=change.added,
        changed=change.changed,
        removed=change.removed,
        kept=change.kept,
        masked=imported.masked,
        before=imported.before.as_json() if imported.before else None,
        further=imported.further,
    )


def read_logs_again(heading: str, by: User) -> Import:
    """Reads the logs that hold a heading again, in the background."""
    run = begin(Import.Source.TAUGHT, by, f"heading “{heading}”")
    run.heading = heading
    run.save(update_fields=["heading"])
    in_background(_read_again, run.pk)
    return run


def _read_again(pk: int) -> None:
    run = Import.objects.get(pk=pk)
    logs = logs_with(run.heading)
    Import.objects.filter(pk=pk).update(total=len(logs))
    done = set(run.files.values_list("log", flat=True))
    for number in logs:
        if number in done:
            continue
        run.refresh_from_db()
        if run.cancel_asked:
            break
        if log := Log.objects.filter(pk=number).first():  # it may have gone meanwhile
            _taken(run, str(log), partial(read_again, log))
    merge_segments()
    finish(run, State.CANCELLED if run.cancel_asked else State.DONE)


def start(batch: Batch, chosen: Collection[int], by: User) -> Import:
    """Takes the chosen logs of a batch in the background; the others are let go."""
    for number in batch.numbers():
        if number not in chosen:
            batch.drop(number)
    refused = batch.refused()
    run = begin(Import.Source(batch.source), by, batch.origin, total=len(batch.numbers()) + len(refused))
    run.staged = batch.token
    run.save(update_fields=["staged"])
    for one in refused:
        refuse(run, one["path"], one["reason"])
    in_background(_run, run.pk)
    return run


def resume(run: Import) -> None:
    """Goes on with a run that was interrupted; one that cannot go on is closed, and can be undone then."""
    if run.state != State.RUNNING or not is_interrupted(run):
        return
    if not can_go_on(run):
        finish(run, State.CANCELLED)
        return
    beat(run.pk, run.current)
    in_background(_run if run.staged else _read_again, run.pk)


def is_interrupted(run: Import) -> bool:
    """It was stopped from outside before its end, for it has said nothing for long."""
    silent = timezone.now() - (run.beat_at or run.started_at) > _SILENT
    return run.state in (State.RUNNING, State.UNDOING) and silent


def can_go_on(run: Import) -> bool:
    """The site has what is left of an import: staged logs, a heading, or files to undo. Not those of a terminal."""
    return bool(run.staged or run.heading) or run.state == State.UNDOING


def cancel(run: Import) -> None:
    """Asks a run to stop after the log that it is at. What it took stays, and can be undone."""
    Import.objects.filter(pk=run.pk).update(cancel_asked=True)


def in_background(work: Callable[[int], None], pk: int) -> None:
    """Does something for an import in a thread of its own, which closes its database connections."""

    def run() -> None:
        try:
            work(pk)
        finally:
            connections.close_all()

    # Tests that wait for it find it by its name.
    threading.Thread(target=run, name=f"import-{pk}", daemon=True).start()


def _run(pk: int) -> None:
    run = Import.objects.get(pk=pk)
    try:
        batch = open_batch(run.staged, run.by_id or 0)
    except UnknownBatch:
        finish(run, _end(run))
        return
    for number in batch.numbers():
        run.refresh_from_db()
        if run.cancel_asked:
            break
        try:
            prepared = batch.prepared(number)
        except OSError:  # what waited was removed meanwhile: the end of the run counts what is left
            continue
        _taken(run, prepared.path, partial(import_prepared, prepared))
        batch.drop(number)
    batch.discard()
    merge_segments()
    finish(run, _end(run))


def _end(run: Import) -> Import.State:
    """How a run over staged logs ends: each of them leaves a file in the history, so what has none was not taken."""
    if run.cancel_asked:
        return State.CANCELLED
    return State.INCOMPLETE if run.files.count() < run.total else State.DONE
