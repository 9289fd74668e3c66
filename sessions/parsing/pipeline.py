"""From the bytes of a log to its records: the steps that read a log, and the list of extractors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from sessions.parsing.commands.extract import extract_commands
from sessions.parsing.commits import extract_commits
from sessions.parsing.coverage import measure_coverage
from sessions.parsing.decisions import extract_decisions
from sessions.parsing.decoding import decode
from sessions.parsing.facts import extract_environment, extract_metrics
from sessions.parsing.files.extract import extract_files
from sessions.parsing.learnings import extract_learnings
from sessions.parsing.metadata.extract import extract_header
from sessions.parsing.next_steps import extract_next_steps
from sessions.parsing.objectives import extract_objectives
from sessions.parsing.other_documents import NO_LOGS, no_log
from sessions.parsing.problems.extract import extract_errors
from sessions.parsing.reading import Reading
from sessions.parsing.tree.blocks import read_document
from sessions.parsing.tree.document import Document
from sessions.parsing.tree.roles import assign_roles
from sessions.parsing.tree.split import split_sessions
from sessions.parsing.vocabulary import Role
from sessions.records import LogRecord, SessionRecord

# What is extracted on its own, by the name of the field of `SessionRecord`, in the order in which lines are claimed.
EXTRACTORS: Mapping[str, Callable[[Reading], Any]] = {
    "objectives": extract_objectives,
    "commands": extract_commands,
    "next_steps": extract_next_steps,
    "files": extract_files,
    "learnings": extract_learnings,
    "decisions": extract_decisions,
    "commits": extract_commits,
    "metrics": extract_metrics,
    "environment": extract_environment,
}


Revise = Callable[[Reading, SessionRecord], SessionRecord]


@dataclass(frozen=True, slots=True)
class ReadLog:
    """A log's records, with the tree and the claims they were read from."""

    record: LogRecord
    document: Document
    readings: Sequence[Reading]


def read_log(path: str, content: bytes, revise: Revise | None = None) -> ReadLog:
    """Reads a log from its bytes. Never fails: what is not a log gives a session without records."""
    decoded = decode(content)
    return read_text(path, decoded.text, hashlib.sha256(content).hexdigest(), decoded.encoding, revise=revise)


def read_text(
    path: str,
    text: str,
    sha256: str,
    encoding: str,
    taught: Mapping[str, Role] | None = None,
    revise: Revise | None = None,
) -> ReadLog:
    """Reads a log from its text with "\\n" line ends. For `taught` see `assign_roles`.

    revise  what revises each session by meaning; without it the rules alone read
    """
    document = read_document(text)
    assign_roles(document, taught)
    readings = split_sessions(PurePosixPath(path), document)
    sessions = tuple(read_session(reading) for reading in readings)
    if revise is not None:
        sessions = tuple(
            session if session.type in NO_LOGS else revise(reading, session)
            for reading, session in zip(readings, sessions, strict=True)
        )
    coverage = measure_coverage(document, readings)
    return ReadLog(LogRecord(path, sha256, encoding, coverage, sessions), document, readings)


def read_session(reading: Reading) -> SessionRecord:
    """Runs the extractors over a session: first its header, then its errors, which depend on its status.

    A template or a specification has no records; its type says so.
    """
    header = extract_header(reading)
    if other := no_log(reading, header.title, header.status):
        return SessionRecord(lines=reading.span, **asdict(replace(header, type=other)))
    errors, fixes = extract_errors(reading, header.status)
    records = {name: extract(reading) for name, extract in EXTRACTORS.items()}
    return SessionRecord(lines=reading.span, errors=errors, fixes=fixes, **asdict(header), **records)
