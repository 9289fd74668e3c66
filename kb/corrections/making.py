"""Records that people make: of lines of a log, and of a record that the parser no longer reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from sessions.parsing.commands.shell import shell_commands
from sessions.parsing.priorities import priority_of
from sessions.records import (
    CommandRecord,
    DecisionRecord,
    ErrorRecord,
    FixRecord,
    LearningRecord,
    NextStepRecord,
    Span,
)
from sessions.storing.keys import AnyRecord
from sessions.text import headline, plain

# What lines can be called. Records of the other kinds are only removed.
MADE_KINDS: Mapping[str, type[Any]] = {
    "errors": ErrorRecord,
    "fixes": FixRecord,
    "next_steps": NextStepRecord,
    "commands": CommandRecord,
    "learnings": LearningRecord,
    "decisions": DecisionRecord,
}
_MARKS = re.compile(r"^[\s>#|]*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?")
_BOX = re.compile(r"^\[([ xX~-])\]\s*")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_PROMPT = re.compile(r"^\s*[$>]\s+")
_LETTER = re.compile(r"\w")


def words_of(lines: Sequence[str]) -> list[str]:
    """Returns the lines that say something, without their marks."""
    bare = (_BOX.sub("", _MARKS.sub("", line)) for line in lines if not _FENCE.match(line))
    return [plain(text) for text in bare if _LETTER.search(text)]


def title_of(kind: str, lines: Sequence[str]) -> str:
    """Returns what a record made of these lines is called; empty if there are no words in them."""
    if kind == "commands":
        return _command(lines)
    words = words_of(lines)
    if kind in ("learnings", "decisions"):
        return " ".join(words)
    return headline(words[0]) if words else ""


def record_of_lines(
    kind: str, lines: Sequence[str], span: Span, name: str, error: str, values: Mapping[str, Any]
) -> AnyRecord:
    """Makes a record of some lines. `name` is its id; a fix belongs to `error`, unless that is empty."""
    title = title_of(kind, lines)
    common: dict[str, Any] = {"line": span[0]}
    judged: dict[str, Any] = {"found_by": "person", "certainty": 1.0}
    make: Mapping[str, Callable[[], AnyRecord]] = {
        "errors": lambda: ErrorRecord(name, title, mentions=(span,), message=_rest(lines), **common, **judged),
        "fixes": lambda: FixRecord(
            name, title, lines=span, errors=(error,) if error else (), detail=_rest(lines), **common, **judged
        ),
        "next_steps": lambda: NextStepRecord(
            title,
            lines=span,
            detail=_rest(lines),
            priority=priority_of(title),
            done=any(box[1] in "xX~-" for line in lines[:1] if (box := _BOX.match(_MARKS.sub("", line)))),
            **common,
            **judged,
        ),
        "commands": lambda: CommandRecord(title, lines=span, **common),
        "learnings": lambda: LearningRecord(title, lines=span, **common),
        "decisions": lambda: DecisionRecord(title, lines=span, **common, **judged),
    }
    return changed(make[kind](), values)


def record_again(kind: str, stored: Mapping[str, Any], line: int) -> AnyRecord | None:
    """Makes a record as it was when a person corrected it, now at `line`. None for what people cannot make."""
    record_type = MADE_KINDS.get(kind)
    if record_type is None or not stored:
        return None
    by = line - stored["line"]
    values = {field.name: stored[field.name] for field in fields(record_type) if field.name in stored}
    values["line"] = line
    if "lines" in values:
        values["lines"] = _moved(values["lines"], by)
    if "mentions" in values:
        values["mentions"] = ((line, line),)
    values.pop("errors", None)  # ids are counted anew each time a log is read
    record: AnyRecord = record_type(**values)
    return record


def changed(record: AnyRecord, values: Mapping[str, Any]) -> AnyRecord:
    """Returns a record with other values, which keeps the words of the log beside those it was given."""
    title_field = "title" if hasattr(record, "title") else "text"
    known = {field.name for field in fields(record)}
    new = {name: value for name, value in values.items() if name in known}
    title = new.get(title_field)
    if title is not None and title != getattr(record, title_field) and not getattr(record, "stated", ""):
        new["stated"] = getattr(record, title_field)
    if getattr(record, "certainty", None) is not None:
        new["certainty"] = 1.0
    return replace(record, **new)


def _moved(span: Sequence[int], by: int) -> Span:
    return max(span[0] + by, 1), max(span[1] + by, 1)


def _rest(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines[1:]).strip()


def _command(lines: Sequence[str]) -> str:
    """Returns the commands that lines hold, without fences, prompts and marks of lists."""
    bare = [_PROMPT.sub("", line) for line in lines if not _FENCE.match(line)]
    if len(bare) == 1:
        line = _MARKS.sub("", bare[0]).strip()
        return re.sub(r"^`+|`+$", "", line)
    found = [command.text for command in shell_commands(bare)]
    return "\n".join(found) or "\n".join(bare).strip()
