"""The only composer: prepare (decode, redact), read (parse), keep (store, link, index).

Only `keep` writes, in one short transaction a log: on SQLite a transaction holds the only write lock, so what a log
says is found out before it opens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction

from kb.conf.database import is_conflict
from kb.importing.masked import queue_secrets
from kb.importing.namesakes import Upload, place_of
from kb.importing.taught import taught_headings
from kb.importing.touched import touched_rows
from kb.importing.writing import writing
from kb.linking.issues import LinkedError, issues_of_path, link_session, remove_orphans
from kb.next_steps.closures import propose_closings
from kb.next_steps.tracking import items_of_path, link_steps, tidy_items
from kb.search.index import index_session, merge_segments, remove_session
from sessions.models import Log, LogPath, SessionLog
from sessions.parsing.decoding import decode
from sessions.parsing.pipeline import read_text
from sessions.parsing.tree.layout import layout_of
from sessions.parsing.vocabulary import Role
from sessions.records import LogRecord
from sessions.redaction import Redaction, redact
from sessions.sources import SourceError, check_lines, check_size
from sessions.storing.store import LogText, Stored, note_path, store_log
from sessions.storing.sync import Change

Outcome = Literal["new", "updated", "unchanged"]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A log that was decoded and redacted: all of it that may be kept, in a file or in the database.

    path          what it is known by; for an upload its name, until `keep` finds its path
    sha256, size  of the original bytes
    findings      what was masked: {"rule", "line", "start", "end", "masked"} each
    upload        for a log that came without a place of its own
    """

    path: str
    project: str
    sha256: str
    size: int
    encoding: str
    text: str
    findings: list[dict[str, Any]] = field(default_factory=list)
    upload: Upload | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Prepared:
        upload = values.get("upload")
        return Prepared(**{**values, "upload": Upload(**upload) if upload else None})


@dataclass(frozen=True, slots=True)
class Read:
    """A prepared log and what it says. `taught`: the headings it was read by."""

    prepared: Prepared
    record: LogRecord
    text: LogText
    taught: Mapping[str, Role]


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing one log did. `before`: the log that was under its path; `further`: a path it had not."""

    path: str
    outcome: Outcome
    log: Log
    change: Change = field(default_factory=Change)
    masked: int = 0
    errors: tuple[LinkedError, ...] = ()
    sha256: str = ""
    before: Prepared | None = None
    further: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A log that was not imported, and the sentence that says why and what to do."""

    path: str
    reason: str


class OutdatedError(Exception):
    """What was found out before the transaction no longer holds in it: to be found out once more."""


Note = Callable[[Imported], None]  # called in the transaction that keeps a log


def prepare(path: str, content: bytes, project: str, upload: Upload | None = None) -> Prepared:
    """Decodes and redacts a log; nothing of what is masked is kept. Raises SourceError for one over a limit."""
    check_size(path, len(content), settings.LOG_SIZE_LIMIT)
    decoded = decode(content)
    check_lines(path, decoded.text, settings.LINE_LENGTH_LIMIT)
    redaction = redact(decoded.text)
    sha256 = hashlib.sha256(content).hexdigest()
    return Prepared(path, project, sha256, len(content), decoded.encoding, redaction.text, _findings(redaction), upload)


def read(prepared: Prepared) -> Read:
    """Parses a log. Of the database it needs the taught headings only."""
    taught = taught_headings()
    found = read_text(prepared.path, prepared.text, prepared.sha256, prepared.encoding, taught)
    layout = layout_of(found.document, found.record.coverage)
    text = LogText(prepared.text, prepared.size, prepared.findings, layout.name, layout.unknown)
    return Read(prepared, found.record, text, taught)


@transaction.atomic
def keep(log: Read, *, index: bool = True) -> Imported:
    """Stores, links and indexes a log wholly or not at all; without `index` search does not learn of it.

    Raises OutdatedError if what headings mean has changed since the log was read.
    """
    log = _placed(log)
    return _already_here(log.prepared.path, log.prepared.sha256) or _store(log, index=index)


def import_bytes(path: str, content: bytes, project: str, note: Note, upload: Upload | None = None) -> Imported:
    """Takes a log all three steps; content that is here already skips the first two. Raises what `prepare` does."""
    if upload is None and (imported := _recognised(path, hashlib.sha256(content).hexdigest(), note)):
        return imported
    return import_prepared(prepare(path, content, project, upload), note)


def import_prepared(prepared: Prepared, note: Note) -> Imported:
    """Reads a log and keeps it."""
    return reading_first(prepared, lambda log: wholly(partial(keep, log), note))


def read_again(log: Log, note: Note) -> Imported:
    """Reads a log that is here once more, since what headings mean has changed. Raises SourceError if it is gone."""
    path = str(log)
    before = snapshot(path)
    if before is None:
        raise SourceError(f"{path}: was removed meanwhile, so there is nothing to read again.")
    return reading_first(before, lambda read_log: wholly(partial(_keep_again, read_log), note))


def reading_first(prepared: Prepared, work: Callable[[Read], Result]) -> Result:
    """Reads a log, then writes; once more from the start if the reading is outdated by then."""
    while True:
        try:
            return work(read(prepared))
        except OutdatedError:
            continue


def snapshot(path: str) -> Prepared | None:
    """What the log under a path is now."""
    log = Log.objects.filter(paths__path=path).first()
    if log is None or log.sha256 is None:
        return None
    first = log.sessions.select_related("project").first()
    project = first.project.name if first else "unnamed"
    return Prepared(path, project, log.sha256, log.size, log.encoding, log.text, log.findings)


def wholly(keeping: Callable[[], Imported], note: Note) -> Imported:
    """Writes a log and its note in one transaction, then merges what imports of late wrote to the index.

    If another import makes the same row, or waits for the same rows, at the same moment, the log is written once more:
    by then that one is over.
    """
    try:
        imported = _noted(keeping, note)
    except (IntegrityError, OperationalError) as problem:
        if not is_conflict(problem):
            raise
        imported = _noted(keeping, note)
    merge_segments()
    return imported


def _noted(keeping: Callable[[], Imported], note: Note) -> Imported:
    with writing():
        imported = keeping()
        note(imported)
    return imported


def _recognised(path: str, sha256: str, note: Note) -> Imported | None:
    """Notes the path of a log whose content is here; None if it is not."""
    if not Log.objects.filter(sha256=sha256).exists():
        return None
    try:
        return wholly(partial(_still_here, path, sha256), note)
    except OutdatedError:
        return None


def _still_here(path: str, sha256: str) -> Imported:
    if imported := _already_here(path, sha256):
        return imported
    raise OutdatedError


def _already_here(path: str, sha256: str) -> Imported | None:
    log = Log.objects.filter(sha256=sha256).first()
    if log is None:
        return None
    further = not log.paths.filter(path=path).exists()
    before = snapshot(path) if further else None
    stated_before, raised_before = issues_of_path(path), items_of_path(path)
    stored = note_path(log, path, touched_rows)
    for session in stored.kept:
        remove_session(session)
    if further:
        remove_orphans(stated_before)
        tidy_items(raised_before)
    return Imported(path, "unchanged", log, sha256=sha256, before=before, further=further)


def _placed(log: Read) -> Read:
    """The log under the path that it will be known by."""
    upload = log.prepared.upload
    if upload is None:
        return log
    path = place_of(upload, log.record, log.prepared.text)
    return replace(log, prepared=replace(log.prepared, path=path, upload=None), record=replace(log.record, path=path))


def _keep_again(log: Read) -> Imported:
    """Stores a log anew; nothing if another import has changed it since it was read: that one read it anew as well."""
    path, sha256 = log.prepared.path, log.prepared.sha256
    there = LogPath.objects.filter(path=path).select_related("log").first()
    if there is None:
        raise SourceError(f"{path}: was removed meanwhile, so there is nothing to read again.")
    if there.log.sha256 != sha256:
        return Imported(path, "unchanged", there.log, sha256=there.log.sha256 or "")
    return _store(log)


def _store(log: Read, *, index: bool = True) -> Imported:
    if taught_headings() != log.taught:
        raise OutdatedError
    path, before = log.prepared.path, snapshot(log.prepared.path)
    stated_before, raised_before = (issues_of_path(path), items_of_path(path)) if before else ([], [])
    stored = store_log(log.record, log.text, log.prepared.project, touched_rows)
    queue_secrets(stored.log)
    linked = _linked(stored.sessions)
    remove_orphans(stated_before)
    tidy_items(raised_before)
    if index:  # last, so that a merge never waits for more than this
        _index(stored)
    outcome: Outcome = "new" if stored.outcome == "new" else "updated"
    masked = len(log.prepared.findings)
    return Imported(path, outcome, stored.log, stored.change, masked, tuple(linked), log.prepared.sha256, before)


def _linked(sessions: list[SessionLog]) -> list[LinkedError]:
    """Links sessions to what is known across logs."""
    linked: list[LinkedError] = []
    for session in sessions:
        linked += link_session(session)
        link_steps(session)
    for session in sessions:
        propose_closings(session)
    return linked


def _index(stored: Stored) -> None:
    for session in stored.sessions:
        index_session(session)
    for session in stored.kept:
        remove_session(session)


def _findings(redaction: Redaction) -> list[dict[str, Any]]:
    return [
        {"rule": f.rule, "line": f.line, "start": f.start, "end": f.end, "masked": f.masked} for f in redaction.findings
    ]
