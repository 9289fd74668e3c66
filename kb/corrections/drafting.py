"""Makes corrections of what people say about a record or about lines, or says why that makes no sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from kb.corrections.making import title_of
from kb.corrections.places import Lines
from kb.corrections.worksheets import Entry, Worksheet, reference
from kb.models import Correction
from sessions.models import Error, Fix, NextStep
from sessions.records import Span

Kind = Correction.Kind
SINGULAR: Mapping[str, str] = {
    "errors": "an error",
    "fixes": "a fix",
    "next_steps": "a next step",
    "commands": "a command",
    "learnings": "a learning",
    "decisions": "a decision",
    "files": "a changed file",
    "commits": "a commit",
    "objectives": "an objective",
}
# What people can change of each kind: the first is what the record is called.
EDITABLE: Mapping[str, tuple[str, ...]] = {
    "errors": ("title", "status", "root_cause"),
    "fixes": ("title", "outcome"),
    "next_steps": ("text", "priority", "blocker", "done"),
    "commands": ("text",),
    "learnings": ("text",),
    "decisions": ("text", "rationale"),
}
_CHOICES: Mapping[str, Sequence[str]] = {
    "status": Error.Status.values,
    "outcome": Fix.Outcome.values,
    "priority": ["", *NextStep.Priority.values],
}
_GONE = "This record is not there any more: the log was changed in the meantime. The page now shows what it says."


class CannotCorrect(Exception):
    """A correction that makes no sense; its message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says.

    record_kind, key  the record it is about; for lines, what they are (empty for nothing)
    values            fields and their new values, for what was changed and for lines
    other             the key of the other error: the one to fold into, or the one that a fix belongs to
    span              the lines, if it is about lines
    """

    kind: Correction.Kind
    record_kind: str
    key: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    other: str = ""
    span: Span | None = None


def draft(said: Said, session_key: str, sheets: Sequence[Worksheet], text: str) -> Correction:
    """Returns what a person says as a correction that is not stored yet. Raises CannotCorrect."""
    sheet = next((sheet for sheet in sheets if sheet.key == session_key), None)
    if sheet is None:
        raise CannotCorrect(_GONE)
    lines = Lines(text)
    correction = _of_lines(said, sheet, lines) if said.kind == Kind.LINES else _of_record(said, sheet, lines)
    correction.session_key = session_key
    return correction


def _of_record(said: Said, sheet: Worksheet, lines: Lines) -> Correction:
    entry = _entry(sheet, said.record_kind, said.key, _GONE)
    place = reference(entry.record, said.key, sheet.of(entry.kind), lines)
    correction = Correction(kind=said.kind, record_kind=said.record_kind, last_line=entry.record.line, **place)
    correction.record = asdict(entry.record)
    match said.kind:
        case Kind.CHANGED:
            correction.payload = _changes(said, entry)
        case Kind.FOLDED:
            correction.payload = {"into": _other_error(said, sheet, entry, lines)}
        case Kind.FIX_OF:
            if said.record_kind != "fixes":
                raise CannotCorrect("Only a fix belongs to an error. Choose a fix.")
            correction.payload = {"error": _other_error(said, sheet, entry, lines)}
    return correction


def _entry(sheet: Worksheet, kind: str, key: str, missing: str) -> Entry:
    entry = next((entry for entry, own in sheet.keys().items() if (entry.kind, own) == (kind, key)), None)
    if entry is None:
        raise CannotCorrect(missing)
    return entry


def _changes(said: Said, entry: Entry) -> dict[str, Any]:
    """Returns the values that differ from what the record has."""
    allowed = EDITABLE.get(said.record_kind, ())
    values = _checked({name: value for name, value in said.values.items() if name in allowed})
    different = {name: value for name, value in values.items() if value != (getattr(entry.record, name) or "")}
    if not different:
        raise CannotCorrect("Nothing was changed. Change a field, then save.")
    return different


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in values.items():
        if name in ("title", "text") and not str(value).strip():
            raise CannotCorrect("Write what it is called. To remove it, say that it is none.")
        if value not in _CHOICES.get(name, (value,)):
            raise CannotCorrect(f"“{value}” is no {name}. Choose one of: {', '.join(filter(None, _CHOICES[name]))}.")
    return dict(values)


def _other_error(said: Said, sheet: Worksheet, entry: Entry, lines: Lines) -> dict[str, Any]:
    if said.kind == Kind.FOLDED and said.record_kind != "errors":
        raise CannotCorrect("Only errors can be folded. Choose an error.")
    if said.kind == Kind.FOLDED and said.other == said.key:
        raise CannotCorrect("An error cannot be folded into itself. Choose another error of this session.")
    missing = (
        "Choose the error it belongs to." if not said.other else "The other error is not there any more. Choose one."
    )
    other = _entry(sheet, "errors", said.other, missing)
    return reference(other.record, said.other, sheet.of("errors"), lines)


def _of_lines(said: Said, sheet: Worksheet, lines: Lines) -> Correction:
    span = _span(said, sheet)
    label = f"Line {span[0]}" if span[0] == span[1] else f"Lines {span[0]}–{span[1]}"
    own = lines.raw[span[0] - 1 : span[1]]
    title = title_of(said.record_kind or "learnings", own)
    if not title:
        raise CannotCorrect(f"{label}: there are no words to make a record of. Select lines that say something.")
    there = next((one for one in sheet.of(said.record_kind) if span[0] <= one.record.line <= span[1]), None)
    if there is not None:
        raise CannotCorrect(f"{label}: this already is {SINGULAR[said.record_kind]}. Change that record instead.")
    allowed = EDITABLE.get(said.record_kind, ())
    payload = _checked({name: value for name, value in said.values.items() if name in allowed})
    if said.record_kind == "fixes" and said.other:
        error = _entry(sheet, "errors", said.other, "That error is not there any more. Choose one.")
        payload["error"] = reference(error.record, said.other, sheet.of("errors"), lines)
    around = lines.around(span)
    return Correction(
        kind=Kind.LINES,
        record_kind=said.record_kind,
        words=title,
        line=span[0],
        last_line=span[1],
        around=around,
        payload=payload,
    )


def _span(said: Said, sheet: Worksheet) -> Span:
    """Returns the lines that were selected. Raises CannotCorrect for lines that the session does not have."""
    first, last = sheet.session.lines
    if said.span is None:
        raise CannotCorrect("Select lines of the source first: click one, and another with Shift for all between.")
    chosen = min(said.span), max(said.span)
    if not first <= chosen[0] <= chosen[1] <= last:
        raise CannotCorrect(
            f"Lines {chosen[0]}–{chosen[1]} are not in this session, which has the lines {first}–{last}. "
            "Select lines of its source."
        )
    return chosen
