"""The only composer: source → redact → parse → store → link → index, one transaction a log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from django.conf import settings
from django.db import transaction

from kb.blockers.closings import propose_closings
from kb.blockers.items import items_of_path, link_steps, tidy_items
from kb.linking.issues import LinkedError, issues_of_path, link_session, remove_orphans
from kb.search.index import index_session
from kb.search.segments import merge_segments
from sessions.models import Log
from sessions.parsing.decoding import decode
from sessions.parsing.pipeline import read_text
from sessions.redaction import Redaction, redact
from sessions.sources import Source, SourceError, find_sources
from sessions.store import LogText, find_unchanged, store_log
from sessions.sync import Change

_HIGHEST_MERGED = 2  # an import waits for merges of a thousand sessions at most; `manage.py ingest` does larger ones
Outcome = Literal["new", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing one log did."""

    path: str
    outcome: Outcome
    log: Log
    change: Change = field(default_factory=Change)
    masked: int = 0
    errors: tuple[LinkedError, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A log that was not imported, and the sentence that says why and what to do."""

    path: str
    reason: str


def import_log(path: str, content: bytes, project: str) -> Imported:
    """Imports a log wholly or not at all; content that is here already changes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        stated_before, raised_before = issues_of_path(path), items_of_path(path)
        if log := find_unchanged(path, sha256):
            remove_orphans(stated_before)
            tidy_items(raised_before)
            return Imported(path, "unchanged", log)
        decoded = decode(content)
        redaction = redact(decoded.text)
        record = read_text(path, redaction.text, sha256, decoded.encoding).record
        stored = store_log(record, _kept(redaction, len(content)), project)
        linked: list[LinkedError] = []
        for session in stored.sessions:
            linked += link_session(session)
            link_steps(session)
            index_session(session)
        for session in stored.sessions:
            propose_closings(session)
        remove_orphans(stated_before)
        tidy_items(raised_before)
    merge_segments(_HIGHEST_MERGED)
    return Imported(path, stored.outcome, stored.log, stored.change, len(redaction.findings), tuple(linked))


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


def _kept(redaction: Redaction, size: int) -> LogText:
    findings = [
        {"rule": f.rule, "line": f.line, "start": f.start, "end": f.end, "masked": f.masked} for f in redaction.findings
    ]
    return LogText(redaction.text, size, findings)
