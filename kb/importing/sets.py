"""Logs are read in their order, and kept in sets: one transaction, one record in the history, for some dozens of them.

If one of a set fails, the set is kept log by log, so that only this one is refused.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import OperationalError

from kb.importing.compose import Recorder, write
from kb.importing.jobs import Job, read_job
from kb.importing.keeping import Imported, Keepable, Known, Refused
from kb.importing.readers import Readers
from kb.importing.reading import OutdatedError, Read
from kb.importing.taught import taught_headings
from kb.search.index import MOST_SEGMENTS, MOST_WHILE_IMPORTING
from sessions.models import Log
from sessions.sources import SourceError

MOST_LOGS = 64
MOST_BYTES = 500_000  # read together, before it is known what they say
MOST_COST = 300  # of a set, in records, unless one log has more: it keeps other writers waiting for a fifth of a second
Result = Imported | Refused
_Finished = tuple[Job, Keepable | Refused]
_Write = Callable[[Sequence[Keepable | Refused]], list[Result]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A log whose reading has begun; `finish` waits for it."""

    job: Job
    finish: Callable[[], Keepable | Refused]


def import_sets(
    jobs: Iterable[Job], record: Recorder, readers: Readers, stops: Callable[[], bool] = lambda: False
) -> Iterator[list[Result]]:
    """Imports logs in their order, and yields what became of those of each set once it is kept.

    After many, the caller merges the segments of the index that are left.

    record  is called in the transaction that keeps a set
    stops   is asked before each set whether to leave the rest
    """
    most = MOST_WHILE_IMPORTING if readers.are_ahead else MOST_SEGMENTS
    writes = partial(write, record=record, most=most)
    for begun in _read_ahead(_sets(jobs), readers):
        for part in _divided((one.job, one.finish()) for one in begun):
            if stops():
                return
            yield _import_set(part, writes)


def report_failure(path: str, error: Exception) -> str:
    """Logs an unexpected error about a log. Returns what to tell people."""
    _log.error("%s failed", path, exc_info=error)
    name = type(error).__name__
    return f"{path}: failed with {name}; see the server log for details. Nothing was changed. Try again."


def _sets(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Divides logs into sets by number and size alone, so that the same logs make the same sets."""
    jobs_of_set: list[Job] = []
    size = 0
    for job in jobs:
        jobs_of_set.append(job)
        size += job.size
        if len(jobs_of_set) >= MOST_LOGS or size >= MOST_BYTES:
            yield jobs_of_set
            jobs_of_set, size = [], 0
    if jobs_of_set:
        yield jobs_of_set


def _divided(logs: Iterable[_Finished]) -> Iterator[list[_Finished]]:
    """Divides a set by what keeping its logs costs: what is read alone says where."""
    part: list[_Finished] = []
    cost = 0
    for job, log in logs:
        more = log.cost if isinstance(log, Read) else 0
        if part and cost + more > MOST_COST:
            yield part
            part, cost = [], 0
        part.append((job, log))
        cost += more
    if part:
        yield part


def _read_ahead(sets: Iterator[list[Job]], readers: Readers) -> Iterator[list[_Begun]]:
    """Begins to read sets, as many as memory is given for, and yields them in their order."""
    waiting: deque[list[_Begun]] = deque()
    ahead = 0
    for jobs in sets:
        waiting.append(_begin(jobs, readers))
        ahead += sum(job.size for job in jobs)
        while waiting and (not readers.are_ahead or ahead >= settings.IMPORT_AHEAD_BYTES):
            ahead -= sum(one.job.size for one in waiting[0])
            yield waiting.popleft()
    yield from waiting


def _begin(jobs: Sequence[Job], readers: Readers) -> list[_Begun]:
    """Begins to read the logs of a set, except for those whose content is here already."""
    shas = {job.sha256 for job in jobs if job.may_be_known}
    here = set(Log.objects.filter(sha256__in=shas).values_list("sha256", flat=True))
    taught = taught_headings()
    begun = []
    for job in jobs:
        if job.may_be_known and job.sha256 in here:
            begun.append(_Begun(job, partial(Known, job.path, job.sha256)))
        else:
            begun.append(_Begun(job, partial(_finished, job, readers.begin(job, taught))))
    return begun


def _finished(job: Job, finish: Callable[[], Read]) -> Read | Refused:
    try:
        return finish()
    except SourceError as error:
        return Refused(job.path, str(error))
    except Exception as error:  # a bug met by one log must not stop the others
        return Refused(job.path, report_failure(job.path, error))


def _import_set(finished: Sequence[_Finished], writes: _Write) -> list[Result]:
    if len(finished) > 1:
        try:
            return writes([log for _, log in finished])
        except Exception:  # of one of them: which, and why, is told when each is kept by itself
            _log.info("A set of %d logs is kept log by log.", len(finished), exc_info=True)
    return [_import_one(job, log, writes) for job, log in finished]


def _import_one(job: Job, log: Keepable | Refused, writes: _Write) -> Result:
    """Keeps a log by itself, or refuses it. Raises what no log is to blame for: the database cannot be written."""
    while True:
        try:
            return writes([log])[0]
        except OperationalError:  # it is locked, full or gone
            raise
        except OutdatedError:  # something was taught, or deleted, since it was read
            log = _finished(job, lambda: read_job(job, taught_headings()))
        except SourceError as error:
            log = Refused(job.path, str(error))
        except Exception as error:
            if isinstance(log, Refused):
                raise  # a refusal that cannot be recorded either
            log = Refused(job.path, report_failure(job.path, error))
