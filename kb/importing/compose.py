"""Composes the three steps of an import: prepare (decode, redact), read (parse), keep (store, link, index).

Every way of importing a log goes through here. `record` is called in the transaction that keeps the logs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from django.db import IntegrityError, OperationalError

from kb.conf.database import is_conflict
from kb.importing.keeping import Imported, Keepable, Refused, keep, keep_set
from kb.importing.prepared import Prepared
from kb.importing.reading import read_then
from kb.importing.writing import writing
from kb.search.index import MOST_SEGMENTS, merge_segments

Recorder = Callable[[Sequence[Imported | Refused]], None]
Result = TypeVar("Result")


def write(logs: Sequence[Keepable | Refused], record: Recorder, most: int = MOST_SEGMENTS) -> list[Imported | Refused]:
    """Keeps and records logs in one transaction, then merges segments of the index if there are more than `most`."""
    return in_transaction(partial(_write, logs, record), most)


def import_prepared(prepared: Prepared) -> Imported:
    """Imports a log that is prepared already, outside of any run."""
    return read_then(prepared, lambda log: in_transaction(partial(keep, log)))


def in_transaction(work: Callable[[], Result], most: int = MOST_SEGMENTS) -> Result:
    """Writes in one transaction, then merges segments of the index if there are more than `most`.

    If a concurrent import made the same row, or both waited for each other, it is done once more: the other import is
    over by then.
    """
    try:
        result = _in_transaction(work)
    except (IntegrityError, OperationalError) as error:
        if not is_conflict(error):
            raise
        result = _in_transaction(work)
    merge_segments(most=most)
    return result


def _in_transaction(work: Callable[[], Result]) -> Result:
    with writing():
        return work()


def _write(logs: Sequence[Keepable | Refused], record: Recorder) -> list[Imported | Refused]:
    kept = iter(keep_set([log for log in logs if not isinstance(log, Refused)]))
    results = [log if isinstance(log, Refused) else next(kept) for log in logs]
    record(results)
    return results
