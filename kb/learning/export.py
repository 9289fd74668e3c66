"""Corrected logs as labels, in the form that training takes: lines, never the words of a log but for keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kb.learning.labels import labelled_logs
from sessions.models import Decision, Error, Fix, JudgedRecord, Log, NextStep, SessionLog
from sessions.text import plain

_KINDS = ["errors", "fixes", "next_steps", "decisions"]
_KEY_WORDS = 8


def export_labels(folder: Path, root: Path = Path("/")) -> list[Path]:
    """Writes a file of labels for each log that people said something about. Returns the files.

    root  the folder that the paths in the labels count from; a log outside it keeps its whole path
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for labelled in labelled_logs():
        path = _path_from(root, labelled.path)
        file = folder / f"{path.replace('/', '__')}.json"
        labels = {"path": path, "kinds": _KINDS, "sessions": list(_sessions(labelled.log))}
        file.write_text(json.dumps(labels, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        files.append(file)
    return files


def _path_from(root: Path, name: str) -> str:
    path = Path(name)
    return str(path.relative_to(root) if path.is_relative_to(root) else name.lstrip("/"))


def _sessions(log: Log) -> Iterator[dict[str, Any]]:
    lines = log.text.split("\n")
    for session in log.sessions.filter(in_log=True).order_by("position"):
        yield {
            "lines": [session.first_line, session.last_line],
            "title_line": session.first_line,
            "date": session.date.isoformat() if session.date else None,
            "duration_minutes": session.duration_minutes,
            "status": session.status or None,
            **_records(session, lines),
        }


def _records(session: SessionLog, lines: Sequence[str]) -> dict[str, Any]:
    errors = list(Error.objects.filter(session=session, in_log=True))
    ids = {error.pk: f"e{number}" for number, error in enumerate(errors, start=1)}
    fixes = Fix.objects.filter(session=session).prefetch_related("errors")
    return {
        "errors": [
            {"id": ids[error.pk], "key": _key(error.title, error.mentions, lines), "mentions": error.mentions,
             "status": error.status, "exception": error.exception or None, "cause_lines": None}
            for error in errors
        ],
        "fixes": [
            {"id": f"f{number}", "errors": [ids[error.pk] for error in fix.errors.all() if error.pk in ids],
             "lines": _lines(fix), "outcome": fix.outcome}
            for number, fix in enumerate(fixes, start=1)
        ],
        "next_steps": [
            {"key": _key(step.text, _lines(step), lines), "lines": _lines(step), "priority": step.priority or None,
             "blocker": step.blocker, "done": step.done}
            for step in NextStep.objects.filter(session=session)
        ],
        "decisions": [{"lines": _lines(decision)} for decision in Decision.objects.filter(session=session)],
    }  # fmt: skip


def _lines(record: JudgedRecord) -> list[list[int]]:
    return [[record.first_line, record.last_line]]


def _key(title: str, spans: Sequence[Sequence[int]], lines: Sequence[str]) -> str:
    """Returns the first words of a title that stand in its lines; of another title, those of its first line."""
    text = "\n".join(line for first, last in spans for line in lines[first - 1 : last])
    there = set(_words(text))
    own = [word for word in _words(title) if word in there] or list(_words(lines[spans[0][0] - 1]))
    return " ".join(own[:_KEY_WORDS])


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "_" else " " for c in plain(text)).split()
