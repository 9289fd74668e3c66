"""The records of a session while corrections are applied to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import fuzz

from kb.corrections.places import Lines, numbers_in
from kb.models import Correction
from sessions.records import ErrorRecord, LogRecord, SessionRecord, Span
from sessions.storing.keys import AnyRecord, identity, keyed, session_identity

RECORD_KINDS = (
    "objectives", "errors", "fixes", "commands", "next_steps", "files", "learnings", "decisions", "commits",
)  # fmt: skip
_ALIKE_IN_PLACE = 60  # percent of likeness of a record that covers the line where it was
_ALIKE_ELSEWHERE = 90


@dataclass(eq=False, slots=True)
class Entry:
    """A record, and the corrections that are about it."""

    kind: str
    record: Any
    corrections: list[Correction] = field(default_factory=list)

    @property
    def spans(self) -> Sequence[Span]:
        """The lines that belong to it."""
        if isinstance(self.record, ErrorRecord):
            return self.record.mentions
        return [getattr(self.record, "lines", (self.record.line, self.record.line))]

    def covers(self, line: int) -> bool:
        return any(first <= line <= last for first, last in self.spans)


@dataclass(eq=False, slots=True)
class Worksheet:
    """A session with its records in lists that can be changed, and those that people removed."""

    key: str
    session: SessionRecord
    entries: dict[str, list[Entry]]
    removed: list[Entry] = field(default_factory=list)

    def __iter__(self) -> Iterator[Entry]:
        return (entry for kind in RECORD_KINDS for entry in self.entries[kind])

    def of(self, kind: str) -> list[Entry]:
        return self.entries.get(kind, [])

    def add(self, entry: Entry) -> None:
        """Adds a record behind those that are stated before it."""
        entries = self.entries[entry.kind]
        at = next((n for n, other in enumerate(entries) if other.record.line > entry.record.line), len(entries))
        entries.insert(at, entry)

    def remove(self, entry: Entry) -> None:
        """Removes a record. The fixes of an error that is none stay, as fixes of no error."""
        self.entries[entry.kind].remove(entry)
        self.removed.append(entry)
        if entry.kind == "errors":
            self.retarget(entry.record.id, "")

    def retarget(self, former: str, error: str) -> None:
        """Lets the fixes of one error belong to another, or to none."""
        for fix in self.entries["fixes"]:
            if former in fix.record.errors:
                errors = dict.fromkeys(error if name == former else name for name in fix.record.errors)
                fix.record = replace(fix.record, errors=tuple(name for name in errors if name))

    def keys(self) -> dict[Entry, str]:
        """Returns the key of each record, as its row gets it."""
        return {
            entry: key
            for kind in RECORD_KINDS
            for key, entry in keyed(self.entries[kind], lambda entry: identity(entry.record))
        }

    def corrected(self) -> SessionRecord:
        records: Mapping[str, Any] = {
            kind: tuple(entry.record for entry in self.entries[kind]) for kind in RECORD_KINDS
        }
        return replace(self.session, **records)


def worksheets(record: LogRecord) -> list[Worksheet]:
    """Returns a worksheet for each session of a log."""
    return [
        Worksheet(key, session, {kind: [Entry(kind, one) for one in getattr(session, kind)] for kind in RECORD_KINDS})
        for key, session in keyed(record.sessions, session_identity)
    ]


def reference(record: AnyRecord, key: str, among: Sequence[Entry], lines: Lines) -> dict[str, Any]:
    """Returns what a record is found again by, as JSON."""
    words = identity(record)
    around = lines.around((record.line, record.line))
    around["twins"] = sum(identity(entry.record) == words for entry in among)
    around["alike"] = sum(_likeness(entry, {"words": words}) >= _ALIKE_ELSEWHERE for entry in among)
    return {"key": key, "words": words, "line": record.line, "around": around}


def find_entry(of: Mapping[str, Any], among: Sequence[Entry], lines: Lines) -> Entry | None:
    """Finds a record by its reference: by its words, else by its place, else by words much like its own."""
    equal = [entry for entry in among if identity(entry.record) == of["words"]]
    place = lines.find(of["around"], of["line"])
    if equal and (entry := _in_place(equal, place, is_only=of["around"].get("twins", 1) == 1)):
        return entry
    if place is not None:
        here = [entry for entry in among if entry.record.line == place]
        covering = [entry for entry in among if entry.covers(place) and _likeness(entry, of) >= _ALIKE_IN_PLACE]
        return max(here or covering, key=lambda entry: _likeness(entry, of), default=None)
    if of["around"].get("alike", 1) > 1:
        return None  # there were several like it, so that one of them may be another
    alike = [entry for entry in among if _is_nearly(entry, of)]
    return max(alike, key=lambda entry: _likeness(entry, of), default=None)


def _in_place(equal: Sequence[Entry], place: int | None, *, is_only: bool) -> Entry | None:
    """Returns the record of these words that is nearest to where it was. Of several, one must be there."""
    if place is None:
        return equal[0] if is_only and len(equal) == 1 else None
    nearest = min(equal, key=lambda entry: abs(entry.record.line - place))
    return nearest if is_only or nearest.record.line == place or nearest.covers(place) else None


def _is_nearly(entry: Entry, of: Mapping[str, Any]) -> bool:
    is_about_the_same = numbers_in(identity(entry.record)) == numbers_in(of["words"])
    return is_about_the_same and _likeness(entry, of) >= _ALIKE_ELSEWHERE


def _likeness(entry: Entry, of: Mapping[str, Any]) -> float:
    return float(fuzz.ratio(identity(entry.record), of["words"]))
