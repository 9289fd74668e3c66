"""Imports as runs: the history that every way of importing leaves, and imports in the background of the site."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, connections
from django.utils import timezone
from django.utils.text import Truncator

from kb.importing.jobs import Job
from kb.importing.keeping import Imported, Refused
from kb.importing.namesakes import LONGEST_PATH, Upload
from kb.importing.readers import readers_for
from kb.importing.sets import import_sets
from kb.importing.staging import Batch, UnknownBatch, open_batch
from kb.importing.taught import logs_with
from kb.models import Import, ImportedFile, ImportOrigin, ImportOutcome, ImportState
from kb.review.second_opinions import ask_about
from kb.search.index import merge_segments
from sessions.models import Log
from sessions.sources import Source, SourceError

_SILENCE = dt.timedelta(seconds=60)  # without a heartbeat for this long, a run was interrupted
_REFUSED_PATH = 600  # characters: PostgreSQL indexes at most 2,700 bytes, and a stored path has passed that already
_BEAT = 20.0  # seconds between the heartbeats of a run whose logs take longer


def begin(origin: ImportOrigin, by: User | None, label: str, total: int = 0) -> Import:
    """Adds an import to the history."""
    shown = Truncator(label).chars(300)
    return Import.objects.create(origin=origin, by=by, label=shown, total=total, heartbeat_at=timezone.now())


def heartbeat(pk: int, current: str) -> None:
    """Shows that a run is alive, and which log it is at."""
    Import.objects.filter(pk=pk).update(heartbeat_at=timezone.now(), current=_shown(current))


@contextmanager
def beating(pk: int) -> Iterator[None]:
    """Shows that a run is alive while it reads a log that takes long."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(_BEAT):
                with suppress(DatabaseError):  # one of the next will do
                    Import.objects.filter(pk=pk).update(heartbeat_at=timezone.now())
        finally:
            connections.close_all()

    threading.Thread(target=beat, name=f"heartbeat-{pk}", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def finish(run: Import, state: ImportState = ImportState.DONE) -> None:
    run.state, run.current, run.finished_at = state, "", timezone.now()
    run.save(update_fields=["state", "current", "finished_at"])


def import_content(
    run: Import, path: str, content: bytes, project: str, upload: Upload | None = None
) -> Imported | Refused:
    """Imports a log. `upload` is for one that has no path of its own."""
    return _import_one(run, Job(path, project, content, upload))


def reread(run: Import, log: Log) -> Imported | Refused:
    """Reads a stored log again, as logs are read now."""
    return _import_one(run, Job.again(str(log)))


def job_of(source: Source | SourceError) -> Job:
    """Returns the job of importing a file on the server, whose content is read here."""
    if isinstance(source, SourceError):
        return Job("", refusal=str(source))
    try:
        return Job(source.path, source.project, source.read(settings.LOG_SIZE_LIMIT))
    except SourceError as error:
        return Job(source.path, refusal=str(error))


def import_all(
    run: Import, jobs: Iterable[Job], total: int, stops: Callable[[], bool] = lambda: False
) -> Iterator[Imported | Refused]:
    """Imports logs in their order, in sets, and adds each to the history in the transaction that keeps it.

    total  how many there are, at most
    stops  is asked before each set whether to leave the rest
    """
    with readers_for(total) as readers, beating(run.pk):
        for results in import_sets(jobs, partial(_record, run), readers, stops):
            for result in results:
                if isinstance(result, Imported):
                    ask_about(result.log)
            yield from results


def refuse(run: Import, path: str, reason: str) -> Refused:
    """Adds a log that was not imported to the history."""
    _refused(run, path, reason).save()
    return Refused(path, reason)


def read_logs_again(heading: str, by: User) -> Import:
    """Reads the logs that contain a heading again, in the background."""
    run = begin(ImportOrigin.TAUGHT, by, f"heading “{heading}”")
    run.heading = heading
    run.save(update_fields=["heading"])
    in_background(_read_logs_again, run.pk)
    return run


def import_batch(batch: Batch, numbers: Collection[int], by: User) -> Import:
    """Imports these logs of a batch in the background, and discards the others."""
    for number in batch.numbers():
        if number not in numbers:
            batch.drop(number)
    refused = batch.refused()
    run = begin(ImportOrigin(batch.origin), by, batch.label, total=len(batch.numbers()) + len(refused))
    run.batch = batch.token
    run.save(update_fields=["batch"])
    for entry in refused:
        refuse(run, entry["path"], entry["reason"])
    in_background(_import_batch, run.pk)
    return run


def run_of(batch: Batch) -> Import | None:
    """Returns the import of a batch, if it has begun."""
    return Import.objects.filter(batch=batch.token).order_by("pk").first()


def cancel(run: Import) -> None:
    """Asks a run to stop after the current log. What it imported stays, and can be undone."""
    Import.objects.filter(pk=run.pk).update(cancel_requested=True)


def resume(run: Import) -> None:
    """Continues a run that was interrupted. One that cannot be continued is closed, after which it can be undone."""
    if run.state != ImportState.RUNNING or not claim_interrupted(run):
        return
    if not can_resume(run):
        finish(run, ImportState.CANCELLED)
        return
    in_background(_import_batch if run.batch else _read_logs_again, run.pk)


def is_interrupted(run: Import) -> bool:
    """The run was stopped from outside, since it has had no heartbeat for long."""
    is_silent = timezone.now() - (run.heartbeat_at or run.started_at) > _SILENCE
    return run.state in (ImportState.RUNNING, ImportState.UNDOING) and is_silent


def claim_interrupted(run: Import) -> bool:
    """Returns whether a run was interrupted and nobody has continued it yet. Whoever asks first may."""
    if not is_interrupted(run):
        return False
    as_seen = Import.objects.filter(pk=run.pk, state=run.state, heartbeat_at=run.heartbeat_at)
    return bool(as_seen.update(heartbeat_at=timezone.now()))


def can_resume(run: Import) -> bool:
    """The site has what is left to do: staged logs, a heading, or files to undo. It has not for a terminal's import."""
    return bool(run.batch or run.heading) or run.state == ImportState.UNDOING


def in_background(work: Callable[[int], None], pk: int) -> None:
    """Works on an import in a thread, whose database connections are closed at the end."""

    def run() -> None:
        try:
            work(pk)
        finally:
            connections.close_all()

    # Tests find the thread by its name.
    threading.Thread(target=run, name=f"import-{pk}", daemon=True).start()


def _import_batch(pk: int) -> None:
    run = Import.objects.get(pk=pk)
    try:
        batch = open_batch(run.batch, run.by_id or 0)
    except UnknownBatch:
        finish(run, _final_state(run))
        return
    numbers = batch.numbers()
    jobs = _staged_jobs(run, batch, numbers)
    for _result in import_all(run, jobs, len(numbers), partial(_is_cancelled, run)):
        pass
    batch.discard()
    merge_segments()
    finish(run, _final_state(run))


def _staged_jobs(run: Import, batch: Batch, numbers: Sequence[int]) -> Iterator[Job]:
    """Yields the logs of a batch, except for those that the run recorded before it was interrupted."""
    recorded = Counter(run.files.exclude(sha256="").values_list("sha256", flat=True))
    for number in numbers:
        try:
            prepared = batch.prepared(number)
        except OSError:  # it was swept in the meantime: the final state says that logs are left
            continue
        if recorded[prepared.sha256]:
            recorded[prepared.sha256] -= 1
        else:
            yield Job.of(prepared)


def _is_cancelled(run: Import) -> bool:
    run.refresh_from_db()
    return run.cancel_requested


def _final_state(run: Import) -> ImportState:
    """Every log of a run leaves a file in the history, so a run with too few files is incomplete."""
    if run.cancel_requested:
        return ImportState.CANCELLED
    return ImportState.INCOMPLETE if run.files.count() < run.total else ImportState.DONE


def _read_logs_again(pk: int) -> None:
    run = Import.objects.get(pk=pk)
    logs = logs_with(run.heading)
    Import.objects.filter(pk=pk).update(total=len(logs))
    done = set(run.files.values_list("log", flat=True))
    left = [number for number in logs if number not in done]
    for _result in import_all(run, jobs_again(left), len(left), partial(_is_cancelled, run)):
        pass
    merge_segments()
    finish(run, ImportState.CANCELLED if run.cancel_requested else ImportState.DONE)


def jobs_again(logs: Iterable[int]) -> Iterator[Job]:
    """Yields the jobs of reading stored logs again, except for those that were deleted in the meantime."""
    for number in logs:
        if log := Log.objects.filter(pk=number).first():
            yield Job.again(str(log))


def _import_one(run: Import, job: Job) -> Imported | Refused:
    return next(iter(import_all(run, [job], 1)))


def _record(run: Import, results: Sequence[Imported | Refused]) -> None:
    """Adds logs to the history of a run, and shows that it is alive."""
    ImportedFile.objects.bulk_create(
        _refused(run, result.path, result.reason) if isinstance(result, Refused) else _imported(run, result)
        for result in results
    )
    if any(isinstance(result, Imported) for result in results):
        heartbeat(run.pk, results[-1].path)


def _refused(run: Import, path: str, reason: str) -> ImportedFile:
    return ImportedFile(
        run=run,
        path=_shown(path)[:_REFUSED_PATH],
        outcome=ImportOutcome.REFUSED,
        reason=reason.replace("\0", "\ufffd"),
    )


def _shown(path: str) -> str:
    """Returns a path as the history shows it, also one that cannot be stored: PostgreSQL takes no NUL."""
    return path[:LONGEST_PATH].replace("\0", "\ufffd")


def _imported(run: Import, imported: Imported) -> ImportedFile:
    changes = imported.changes
    return ImportedFile(
        run=run,
        path=_shown(imported.path),
        outcome=imported.outcome,
        sha256=imported.sha256,
        log=imported.log,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        kept=changes.kept,
        masked=imported.masked,
        before=imported.before.as_json() if imported.before else None,
        is_copy=imported.is_copy,
    )
