"""The only composer: source → redact → parse → store → link → index, one transaction a log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction

from kb.blockers.closings import propose_closings
from kb.blockers.items import items_of_path, link_steps, tidy_items
from kb.database import is_conflict
from kb.importing.secrets import queue_secrets
from kb.importing.taught import taught_headings
from kb.importing.touched import touched_rows
from kb.linking.issues import LinkedError, issues_of_path, link_session, remove_orphans
from kb.search.index import index_session, merge_segments, remove_session
from sessions.models import Log
from sessions.parsing.decoding import decode
from sessions.parsing.layout import layout_of
from sessions.parsing.pipeline import read_text
from sessions.redaction import Redaction, redact
from sessions.sources import Source, SourceError, check_lines, check_size, find_sources
from sessions.store import LogText, Stored, note_path, store_log
from sessions.sync import Change

Outcome = Literal["new", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A log that was decoded and redacted: all of it that may be kept, in a file or in the database.

    sha256, size  of the original bytes
    findings      what was masked: {"rule", "line", "start", "end", "masked"} each
    """

    path: str
    project: str
    sha256: str
    size: int
    encoding: str
    text: str
    findings: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


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


def prepare(path: str, content: bytes, project: str) -> Prepared:
    """Decodes and redacts a log; nothing of what is masked is kept. Raises SourceError for one over a limit."""
    check_size(path, len(content), settings.LOG_SIZE_LIMIT)
    decoded = decode(content)
    check_lines(path, decoded.text, settings.LINE_LENGTH_LIMIT)
    redaction = redact(decoded.text)
    sha256 = hashlib.sha256(content).hexdigest()
    return Prepared(path, project, sha256, len(content), decoded.encoding, redaction.text, _findings(redaction))


def import_log(path: str, content: bytes, project: str) -> Imported:
    """Imports a log wholly or not at all; content that is here already changes nothing. Raises what `prepare` does."""
    return wholly(lambda: take_content(path, content, project))


def wholly(taking: Callable[[], Imported]) -> Imported:
    """Takes a log in one transaction, then merges what imports of late wrote to the index.

    Where another import made the same row or waited for the same rows at the same moment, it is taken once more: by
    then that one is over.
    """
    try:
        with transaction.atomic():
            imported = taking()
    except (IntegrityError, OperationalError) as problem:
        if not is_conflict(problem):
            raise
        with transaction.atomic():
            imported = taking()
    merge_segments()
    return imported


def take_content(path: str, content: bytes, project: str) -> Imported:
    """`take` of what is not prepared yet, which content that is here need not be."""
    return _already_here(path, hashlib.sha256(content).hexdigest()) or _take(prepare(path, content, project))


def take(prepared: Prepared, *, index: bool = True) -> Imported:
    """Stores, links and indexes a log in the transaction of the caller; without `index` search does not learn of it."""
    return _already_here(prepared.path, prepared.sha256) or _take(prepared, index=index)


def _already_here(path: str, sha256: str) -> Imported | None:
    """Notes the path of a log whose content is here; None where it is not."""
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


def _take(prepared: Prepared, *, index: bool = True) -> Imported:
    path, before = prepared.path, snapshot(prepared.path)
    stated_before, raised_before = (issues_of_path(path), items_of_path(path)) if before else ([], [])
    read = read_text(path, prepared.text, prepared.sha256, prepared.encoding, taught_headings())
    layout = layout_of(read.document, read.record.coverage)
    kept = LogText(prepared.text, prepared.size, prepared.findings, layout.name, layout.unknown)
    stored = store_log(read.record, kept, prepared.project, touched_rows)
    queue_secrets(stored.log)
    linked: list[LinkedError] = []
    for session in stored.sessions:
        linked += link_session(session)
        link_steps(session)
    for session in stored.sessions:
        propose_closings(session)
    remove_orphans(stated_before)
    tidy_items(raised_before)
    if index:  # last, so that a merge never waits for more than this
        _index(stored)
    outcome: Outcome = "new" if stored.outcome == "new" else "updated"
    masked = len(prepared.findings)
    return Imported(path, outcome, stored.log, stored.change, masked, tuple(linked), prepared.sha256, before)


def _index(stored: Stored) -> None:
    for session in stored.sessions:
        index_session(session)
    for session in stored.kept:
        remove_session(session)


def read_again(log: Log) -> Imported:
    """Reads a log that is here once more, since what headings mean has changed."""
    path = str(log)
    before = snapshot(path)
    if before is None:
        return Imported(path, "unchanged", log, sha256=log.sha256)
    return _take(before)


def snapshot(path: str) -> Prepared | None:
    """What the log under a path is now."""
    log = Log.objects.filter(paths__path=path).first()
    if log is None:
        return None
    first = log.sessions.select_related("project").first()
    project = first.project.name if first else "unnamed"
    return Prepared(path, project, log.sha256, log.size, log.encoding, log.text, log.findings)


def import_source(source: Source) -> Imported | Refused:
    """Reads and imports one source; a log that cannot be taken is refused, and nothing of it is stored."""
    try:
        return import_log(source.path, source.read(settings.LOG_SIZE_LIMIT), source.project)
    except SourceError as problem:
        return Refused(source.path, str(problem))


def import_names(names: Iterable[str]) -> Iterator[Imported | Refused]:
    """Imports whatever files, folders and globs name, log by log."""
    for source in find_sources(names):
        if isinstance(source, SourceError):
            yield Refused("", str(source))
        else:
            yield import_source(source)


def _findings(redaction: Redaction) -> list[dict[str, Any]]:
    return [
        {"rule": f.rule, "line": f.line, "start": f.start, "end": f.end, "masked": f.masked} for f in redaction.findings
    ]
