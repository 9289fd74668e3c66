"""Pairs of errors from real logs of one project that a person read: pairs.jsonl, by the digests of the logs.

The errors are what the shipped model reads at the labelled lines; pairs whose logs are not at hand, or where nothing is
read any more, are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.linking.fingerprints import Stated
from sessions.meaning.encoder import Encoder
from sessions.meaning.judge import shipped_model
from sessions.meaning.revise import Reviser
from sessions.parsing.pipeline import read_log
from sessions.records import ErrorRecord
from training.labelled import logs_by_digest

PAIRS = Path(__file__).resolve().parent / "pairs.jsonl"
_NEAR = 1  # lines


@dataclass(frozen=True, slots=True)
class ErrorPair:
    one: Stated
    other: Stated
    repository: str
    same: bool


class ReadLogs:
    """The errors of logs, each log read once."""

    def __init__(self, encoder: Encoder) -> None:
        self._reviser = Reviser(shipped_model(), encoder)
        self._errors: dict[Path, list[ErrorRecord]] = {}

    def error_at(self, file: Path, line: int) -> Stated | None:
        """Returns the error that a log states at a line, or within one line of it."""
        if file not in self._errors:
            sessions = read_log(file.name, file.read_bytes(), self._reviser).record.sessions
            self._errors[file] = [error for session in sessions for error in session.errors]
        places = [(self._distance(error, line), error.line != line, error) for error in self._errors[file]]
        near = min(places, key=lambda place: place[:2], default=None)
        return stated(near[2]) if near is not None and near[0] <= _NEAR else None

    @staticmethod
    def _distance(error: ErrorRecord, line: int) -> int:
        spans = error.mentions or [(error.line, error.line)]
        return min(max(first - line, line - last, 0) for first, last in spans)


def repository_digest(folder: str) -> str:
    """Returns what pairs.jsonl calls a project: its folder's name is nobody else's business."""
    return hashlib.sha256(folder.encode()).hexdigest()[:12]


def stated(error: ErrorRecord) -> Stated:
    message = "" if error.message == error.title else error.message
    return Stated(error.title, message, error.exception or "")


def labelled_pairs(corpus: Path, logs: ReadLogs) -> list[ErrorPair]:
    files = logs_by_digest(corpus)
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    return [pair for row in rows if (pair := _pair(row, files, logs))]


def _pair(row: Mapping[str, object], files: Mapping[str, Path], logs: ReadLogs) -> ErrorPair | None:
    sides = [_side(row[side], files, logs) for side in ("a", "b")]
    one, other = sides
    if one is None or other is None:
        return None
    return ErrorPair(one, other, str(row["repository"]), bool(row["same"]))


def _side(place: object, files: Mapping[str, Path], logs: ReadLogs) -> Stated | None:
    assert isinstance(place, Sequence)
    digest, line = place
    return logs.error_at(files[digest], line) if digest in files else None
