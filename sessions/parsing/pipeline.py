"""A log's bytes in, its records out: the one list of the steps that read a log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sessions.parsing.commands.extract import extract_commands
from sessions.parsing.commits import extract_commits
from sessions.parsing.coverage import measure_coverage
from sessions.parsing.decisions import extract_decisions
from sessions.parsing.decoding import decode
from sessions.parsing.facts import extract_environment, extract_metrics
from sessions.parsing.files.extract import extract_files
from sessions.parsing.learnings import extract_learnings
from sessions.parsing.metadata.extract import extract_metadata
from sessions.parsing.next_steps import extract_next_steps
from sessions.parsing.objectives import extract_objectives
from sessions.parsing.problems.extract import extract_errors
from sessions.parsing.reading import Reading
from sessions.parsing.tree.blocks import read_document
from sessions.parsing.tree.document import Document
from sessions.parsing.tree.roles import assign_roles
from sessions.parsing.tree.split import split_sessions
from sessions.parsing.vocabulary import Role
from sessions.records import LogRecord, SessionRecord


@dataclass(frozen=True, slots=True)
class ReadLog:
    """A log's records together with the tree and the claims they were read from."""

    record: LogRecord
    document: Document
    readings: Sequence[Reading]


def read_log(path: str, content: bytes) -> ReadLog:
    """Reads a log from its bytes. Never fails: what is no log gives a session without records."""
    decoded = decode(content)
    return read_text(path, decoded.text, hashlib.sha256(content).hexdigest(), decoded.encoding)


def read_text(path: str, text: str, sha256: str, encoding: str, taught: Mapping[str, Role] | None = None) -> ReadLog:
    """Reads a log from its text, whose line ends are "\\n". `taught`: what headings mean, see `assign_roles`."""
    document = read_document(text)
    assign_roles(document, taught)
    readings = split_sessions(PurePosixPath(path), document)
    sessions = tuple(read_session(reading) for reading in readings)
    coverage = measure_coverage(document, readings)
    return ReadLog(LogRecord(path, sha256, encoding, coverage, sessions), document, readings)


def read_session(reading: Reading) -> SessionRecord:
    """Runs every extractor over one session."""
    metadata = extract_metadata(reading)
    errors, fixes = extract_errors(reading, metadata.status)
    return SessionRecord(
        title=metadata.title,
        lines=reading.span,
        date=metadata.date,
        ended=metadata.ended,
        duration_minutes=metadata.duration_minutes,
        duration_text=metadata.duration_text,
        status=metadata.status,
        status_text=metadata.status_text,
        type=metadata.type,
        metadata=metadata.pairs,
        summary=metadata.summary,
        objectives=extract_objectives(reading),
        errors=errors,
        fixes=fixes,
        commands=extract_commands(reading),
        next_steps=extract_next_steps(reading),
        files=extract_files(reading),
        learnings=extract_learnings(reading),
        decisions=extract_decisions(reading),
        commits=extract_commits(reading),
        metrics=extract_metrics(reading),
        environment=extract_environment(reading),
    )
