"""Applies corrections to what was read of a log: each in turn, on what the ones before it made of the records.

Nothing is written here, and applying is a function of the parsed log alone, so that it can be done again at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kb.corrections.making import changed, record_again, record_of_lines
from kb.corrections.places import Lines
from kb.corrections.worksheets import Entry, Worksheet, find_entry, reference, worksheets
from kb.models import Correction
from sessions.records import LogRecord

Kind = Correction.Kind
# Kinds of which a line is at most one: to name it as one of them says that it is none of the others.
_STATEMENTS = ("errors", "fixes", "next_steps", "learnings", "decisions")


@dataclass(eq=False, slots=True)
class Outcome:
    """What became of a correction.

    sheet, entry  the session and the record it was applied to; no record if nothing was left to do
    is_lost       neither the record nor its line is in the log
    place         where it was found: what the correction should remember from now on
    """

    correction: Correction
    sheet: Worksheet | None = None
    entry: Entry | None = None
    is_lost: bool = False
    place: Mapping[str, Any] = field(default_factory=dict)

    def remember(self) -> None:
        """Lets the correction know where it was found, so that the next edit starts from there."""
        for name, value in self.place.items():
            setattr(self.correction, name, value)
        if self.sheet is None or self.is_lost:
            return
        self.correction.session_key = self.sheet.key
        if self.entry is not None:
            self.correction.key = self.sheet.keys().get(self.entry, self.correction.key)


@dataclass(frozen=True, slots=True)
class Applied:
    """A log with corrections applied, and what became of each, in their order."""

    record: LogRecord
    sheets: Sequence[Worksheet]
    outcomes: Sequence[Outcome]


def apply(record: LogRecord, text: str, corrections: Sequence[Correction]) -> Applied:
    """Applies corrections in order. A correction whose lines are gone changes nothing, and its outcome says so."""
    sheets, lines = worksheets(record), Lines(text)
    outcomes = [_apply(correction, sheets, lines) for correction in corrections]
    if not corrections:
        return Applied(record, sheets, outcomes)
    corrected = replace(record, sessions=tuple(sheet.corrected() for sheet in sheets))
    return Applied(corrected, sheets, outcomes)


def _apply(correction: Correction, sheets: Sequence[Worksheet], lines: Lines) -> Outcome:
    ordered = sorted(sheets, key=lambda sheet: sheet.key != correction.session_key)
    if correction.kind == Kind.LINES:
        return _name_lines(correction, ordered, lines)
    sheet, entry = _find(correction, ordered, lines)
    if sheet is None or entry is None:
        return _unread(correction, ordered, lines)
    place = reference(entry.record, sheet.keys()[entry], sheet.of(entry.kind), lines)
    if not _act(correction, sheet, entry, lines):
        return Outcome(correction, sheet, is_lost=True)
    entry.corrections.append(correction)
    return Outcome(correction, sheet, entry, place=place)


def _find(correction: Correction, sheets: Sequence[Worksheet], lines: Lines) -> tuple[Worksheet | None, Entry | None]:
    """Finds the record of a correction, in its own session first."""
    of = {name: getattr(correction, name) for name in ("key", "words", "line", "around")}
    for sheet in sheets:
        if entry := find_entry(of, sheet.of(correction.record_kind), lines):
            return sheet, entry
    return None, None


def _unread(correction: Correction, sheets: Sequence[Worksheet], lines: Lines) -> Outcome:
    """What becomes of a correction whose record is not read any more.

    If its line is still there, a record that a person changed is made again; one that is none needs nothing.
    """
    line = lines.find(correction.around, correction.line)
    sheet = _sheet_at(sheets, line)
    if line is None or sheet is None:
        return Outcome(correction, is_lost=True)
    place = {"line": line, "around": {**correction.around, **lines.around((line, line))}}
    record = None
    if correction.kind in (Kind.CHANGED, Kind.CONFIRMED, Kind.FIX_OF):
        record = record_again(correction.record_kind, correction.record, line)
    if record is None:
        return Outcome(correction, sheet, place=place)
    entry = Entry(correction.record_kind, record)
    sheet.add(entry)
    if not _act(correction, sheet, entry, lines):
        return Outcome(correction, sheet, is_lost=True)
    entry.corrections.append(correction)
    return Outcome(correction, sheet, entry, place=place)


def _sheet_at(sheets: Sequence[Worksheet], line: int | None) -> Worksheet | None:
    if line is None:
        return None
    return next((sheet for sheet in sheets if sheet.session.lines[0] <= line <= sheet.session.lines[1]), None)


def _act(correction: Correction, sheet: Worksheet, entry: Entry, lines: Lines) -> bool:
    """Does to a record what a person decided. Returns False if the other record it names is gone."""
    payload = correction.payload
    match correction.kind:
        case Kind.NOT:
            sheet.remove(entry)
        case Kind.CHANGED:
            entry.record = changed(entry.record, payload)
        case Kind.CONFIRMED:
            entry.record = changed(entry.record, {})
        case Kind.FOLDED | Kind.FIX_OF:
            named = payload["into" if correction.kind == Kind.FOLDED else "error"]
            error = find_entry(named, [one for one in sheet.of("errors") if one is not entry], lines)
            if error is None:
                return False
            if correction.kind == Kind.FOLDED:
                _fold(sheet, entry, error)
                error.corrections.append(correction)
            else:
                entry.record = replace(entry.record, errors=(error.record.id,))
    return True


def _fold(sheet: Worksheet, entry: Entry, into: Entry) -> None:
    """Makes one error of two: it has the places and the fixes of both, and what only one of them says."""
    one, other = into.record, entry.record
    sheet.retarget(other.id, one.id)
    sheet.remove(entry)
    status = one.status if one.status != "unknown" else other.status
    missing = {name: getattr(one, name) or getattr(other, name) for name in ("message", "exception", "root_cause")}
    mentions = tuple(sorted({*one.mentions, *other.mentions}))
    into.record = replace(one, mentions=mentions, status=status, **missing)


def _name_lines(correction: Correction, sheets: Sequence[Worksheet], lines: Lines) -> Outcome:
    span = lines.find_span(correction.around, (correction.line, correction.last_line))
    sheet = _sheet_at(sheets, span[0]) if span else None
    if span is None or sheet is None:
        return Outcome(correction, is_lost=True)
    place = {"line": span[0], "last_line": span[1], "around": lines.around(span)}
    kind = correction.record_kind
    for rival in [entry for entry in sheet if _gives_way(entry, kind, span[0], span[1], lines)]:
        sheet.remove(rival)
    if not kind:
        return Outcome(correction, sheet, place=place)
    entry = next((one for one in sheet.of(kind) if span[0] <= one.record.line <= span[1]), None)
    error = _error_id(correction, sheet, lines)
    values = {name: value for name, value in correction.payload.items() if name != "error"}
    if entry is None:
        own = lines.raw[span[0] - 1 : span[1]]
        entry = Entry(kind, record_of_lines(kind, own, span, _name_of(correction), error, values))
        sheet.add(entry)
    else:
        entry.record = changed(entry.record, {**values, **({"errors": (error,)} if error else {})})
    entry.corrections.append(correction)
    return Outcome(correction, sheet, entry, place={**place, "words": correction.words})


def _gives_way(entry: Entry, kind: str, first: int, last: int, lines: Lines) -> bool:
    """Whether a record is none any more once lines have been named."""
    if not kind:
        return bool(first <= entry.record.line <= last)
    starts = next((n for n in range(first, last + 1) if lines.folded[n - 1]), first)
    rivals = _STATEMENTS if kind in _STATEMENTS else ()
    return entry.kind in rivals and entry.kind != kind and bool(entry.record.line == starts)


def _error_id(correction: Correction, sheet: Worksheet, lines: Lines) -> str:
    """Returns the id of the error that a fix made of lines belongs to; empty if it names none, or one that is gone."""
    named = correction.payload.get("error")
    error = find_entry(named, sheet.of("errors"), lines) if named else None
    return error.record.id if error else ""


def _name_of(correction: Correction) -> str:
    return f"person {correction.line} {correction.words[:60]}"
