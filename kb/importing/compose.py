"""Composes the three steps of an import: prepare (decode, redact), read (parse), keep (store, link, index).

Every way of importing a log goes through here. `record` is called in the transaction that keeps the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial

from django.db import IntegrityError, OperationalError

from kb.conf.database import is_conflict
from kb.importing.keeping import Imported, keep, keep_again, keep_known
from kb.importing.namesakes import Upload
from kb.importing.prepared import Prepared, prepare, snapshot
from kb.importing.reading import OutdatedError, read_then
from kb.importing.writing import writing
from kb.search.index import merge_segments
from sessions.models import Log
from sessions.sources import SourceError

Recorder = Callable[[Imported], None]


def import_log(path: str, content: bytes, project: str, record: Recorder, upload: Upload | None = None) -> Imported:
    """Imports a log, without reading it if its content is already here. Raises SourceError if it is over a limit."""
    if upload is None and (imported := _import_known(path, hashlib.sha256(content).hexdigest(), record)):
        return imported
    return import_prepared(prepare(path, content, project, upload), record)


def import_prepared(prepared: Prepared, record: Recorder) -> Imported:
    """Imports a log that is prepared already."""
    return read_then(prepared, lambda log: write_log(partial(keep, log), record))


def read_again(log: Log, record: Recorder) -> Imported:
    """Reads a stored log again, as logs are read now. Raises SourceError if it was removed."""
    path = str(log)
    before = snapshot(path)
    if before is None:
        raise SourceError(f"{path}: was removed in the meantime, so there is nothing to read again.")
    return read_then(before, lambda read_log: write_log(partial(keep_again, read_log), record))


def write_log(keep_log: Callable[[], Imported], record: Recorder) -> Imported:
    """Keeps and records a log in one transaction, then merges segments of the index that recent imports wrote.

    If a concurrent import made the same row, or both waited for each other, the log is written once more: the other
    import is over by then.
    """
    try:
        imported = _write(keep_log, record)
    except (IntegrityError, OperationalError) as error:
        if not is_conflict(error):
            raise
        imported = _write(keep_log, record)
    merge_segments()
    return imported


def _write(keep_log: Callable[[], Imported], record: Recorder) -> Imported:
    with writing():
        imported = keep_log()
        record(imported)
    return imported


def _import_known(path: str, sha256: str, record: Recorder) -> Imported | None:
    """Records a log whose content is already here; None if it is not."""
    if not Log.objects.filter(sha256=sha256).exists():
        return None

    def keep_log() -> Imported:
        if imported := keep_known(path, sha256):
            return imported
        raise OutdatedError  # it was deleted after we looked

    try:
        return write_log(keep_log, record)
    except OutdatedError:
        return None
