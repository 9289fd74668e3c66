"""Labelled logs: those of an evaluation folder and those of labels.jsonl, each with the log it belongs to."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessions.parsing.decoding import decode

HERE = Path(__file__).resolve().parent
LABELS = HERE / "labels.jsonl"
# A word; of a script without spaces, a character.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")

Document = dict[str, Any]


@dataclass(frozen=True)
class LabelledLog:
    """A log with its labels in the form of an evaluation folder. `gold`: they are from one, not from labels.jsonl."""

    path: str
    repository: str
    content: bytes
    labels: Document
    gold: bool


def labelled_logs(evaluation: Path, corpus: Path) -> list[LabelledLog]:
    """Returns all labelled logs whose logs are at hand, in a stable order."""
    gold = list(_of_evaluation(evaluation / "gold", corpus))
    known = {log.path for log in gold}
    return gold + [log for log in _of_file(corpus) if log.path not in known]


def _of_evaluation(folder: Path, corpus: Path) -> Iterator[LabelledLog]:
    for file in sorted(folder.glob("*.json")):
        labels = json.loads(file.read_text(encoding="utf-8"))
        path = labels["path"]
        yield LabelledLog(path, path.split("/")[0], (corpus / path).read_bytes(), labels, gold=True)


def logs_by_digest(corpus: Path) -> dict[str, Path]:
    """Returns the files of a folder by the SHA-256 of their bytes, as the label files name them."""
    return {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in sorted(corpus.rglob("*")) if file.is_file()}


def _of_file(corpus: Path) -> Iterator[LabelledLog]:
    logs = logs_by_digest(corpus)
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        labels = json.loads(line)
        if file := logs.get(labels["sha256"]):
            content = file.read_bytes()
            path = file.relative_to(corpus).as_posix()
            yield LabelledLog(path, path.split("/")[0], content, _with_keys(labels, content), gold=False)


def _with_keys(labels: Document, content: bytes) -> Document:
    """Returns labels whose keys are words again, and no longer places of words."""
    lines = decode(content).text.split("\n")
    for session in labels["sessions"]:
        for kind in ("errors", "next_steps"):
            for record in session[kind]:
                record["key"] = " ".join(WORD.findall(lines[line - 1])[at] for line, at in record["key"])
    return labels


def word_places(key: str, lines: list[str], spans: list[list[int]]) -> list[list[int]]:
    """Returns where the words of a key stand in the lines of a label, as pairs of a line and the word's number."""
    places: dict[str, list[int]] = {}
    for first, last in spans:
        for line in range(first, last + 1):
            for at, word in enumerate(WORD.findall(lines[line - 1])):
                places.setdefault(word.lower(), [line, at])
    return [places[word.lower()] for word in WORD.findall(key) if word.lower() in places]


def labelled_records(labels: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    return (record for session in labels["sessions"] for record in session.get(kind) or [])


def spans(record: dict[str, Any]) -> list[list[int]]:
    found = record.get("mentions") or record.get("lines") or []
    return [found] if found and isinstance(found[0], int) else found
