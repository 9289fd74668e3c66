"""The first step of an import: a log is decoded and redacted. Nothing unredacted goes any further."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings

from kb.importing.namesakes import LONGEST_PATH, Upload
from sessions.models import Log
from sessions.parsing.decoding import decode
from sessions.redaction import Redaction, redact
from sessions.sources import SourceError, check_lines, check_size, check_text


@dataclass(frozen=True, slots=True)
class Prepared:
    """A decoded and redacted log, which may be stored in a file or in the database.

    path          of the log; for an upload its name, until `keep` decides which log it is
    sha256, size  of the original bytes
    findings      what was masked: {"rule", "line", "start", "end", "masked"} each
    upload        for a log that has no path of its own
    corrections   what was put right before it was imported, as `Correction.as_json`
    set_aside     the path it has kept since another session took its own, or empty
    """

    path: str
    project: str
    sha256: str
    size: int
    encoding: str
    text: str
    findings: list[dict[str, Any]] = field(default_factory=list)
    upload: Upload | None = None
    corrections: list[dict[str, Any]] = field(default_factory=list)
    set_aside: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Prepared:
        upload = values.get("upload")
        return Prepared(**{**values, "upload": Upload(**upload) if upload else None})


def prepare(path: str, content: bytes, project: str, upload: Upload | None = None) -> Prepared:
    """Decodes and redacts a log. Raises SourceError if it is no text, over a limit or cannot be stored by its path."""
    if problem := path_problem(path):
        raise SourceError(f"{path}: {problem}")
    check_size(path, len(content), settings.LOG_SIZE_LIMIT)
    decoded = decode(content)
    check_text(path, decoded)
    check_lines(path, decoded.text, settings.LINE_LENGTH_LIMIT)
    redaction = redact(decoded.text)
    sha256 = hashlib.sha256(content).hexdigest()
    return Prepared(path, project, sha256, len(content), decoded.encoding, redaction.text, _findings(redaction), upload)


def path_problem(path: str) -> str:
    """Says why no log can be stored under a path. Returns an empty string if one can."""
    if len(path) > LONGEST_PATH:
        return f"has {len(path):,} characters, more than the limit of {LONGEST_PATH:,}. Move or rename the log."
    return "has a character that no name may have. Rename the log." if "\0" in path else ""


def snapshot(path: str) -> Prepared | None:
    """Returns the log that is stored under a path, as it could be imported again."""
    log = Log.objects.filter(paths__path=path).first()
    if log is None or log.sha256 is None:
        return None
    first = log.sessions.select_related("project").first()
    project = first.project.name if first else "unnamed"
    return Prepared(path, project, log.sha256, log.size, log.encoding, log.text, log.findings)


def _findings(redaction: Redaction) -> list[dict[str, Any]]:
    return [
        {"rule": f.rule, "line": f.line, "start": f.start, "end": f.end, "masked": f.masked} for f in redaction.findings
    ]
