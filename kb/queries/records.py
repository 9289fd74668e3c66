"""The records of a session as cards: what a page shows of each, with the corrections that are about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.corrections.drafting import EDITABLE, SINGULAR
from kb.corrections.worksheets import Entry, Worksheet
from kb.models import Correction, without_priority
from sessions.models import Error, Fix, JudgedRecord, Record, SessionLog
from sessions.records import Span

SECTIONS: Mapping[str, tuple[str, str]] = {
    "errors": ("Errors", "error_set"),
    "fixes": ("Fixes", "fix_set"),
    "next_steps": ("Next steps", "nextstep_set"),
    "commands": ("Commands", "command_set"),
    "files": ("Files", "filechange_set"),
    "learnings": ("Learnings", "learning_set"),
    "decisions": ("Decisions", "decision_set"),
    "commits": ("Commits", "commit_set"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A record on a page.

    record   its row, or the record itself before it is imported
    fixes    of an error, in the order in which they were tried
    """

    kind: str
    key: str
    record: Any
    spans: Sequence[Span]
    fixes: Sequence[Any] = ()
    corrections: Sequence[Correction] = ()

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.key}"

    @property
    def title(self) -> str:
        if priority := getattr(self.record, "priority", None):
            return without_priority(self.record.text, priority)
        return str(getattr(self.record, "title", "") or getattr(self.record, "text", "") or self._other_title())

    def _other_title(self) -> str:
        path = getattr(self.record, "path", "")
        return str(path or f"{self.record.hash[:9]} {self.record.message}".strip())

    @property
    def is_a(self) -> str:
        return SINGULAR[self.kind]

    @property
    def is_code(self) -> bool:
        return self.kind in ("files", "commits")

    @property
    def is_judged(self) -> bool:
        return isinstance(self.record, JudgedRecord)

    @property
    def in_log(self) -> bool:
        return bool(getattr(self.record, "in_log", True))

    @property
    def state(self) -> str:
        return str(getattr(self.record, "status", "") or getattr(self.record, "outcome", ""))

    @property
    def state_label(self) -> str:
        choices = Error.Status.choices if self.kind == "errors" else Fix.Outcome.choices
        return dict(choices).get(self.state, self.state)

    @property
    def editable(self) -> Sequence[str]:
        return EDITABLE.get(self.kind, ())


@dataclass(frozen=True, slots=True)
class Section:
    """The cards of one kind."""

    kind: str
    name: str
    cards: Sequence[Card] = field(default_factory=list)


def sections(session: SessionLog, corrections: Sequence[Correction]) -> list[Section]:
    """Returns the records of a stored session, in sections that are not empty."""
    found = [
        Section(kind, name, list(_cards(session, kind, rows, corrections))) for kind, (name, rows) in SECTIONS.items()
    ]
    return [section for section in found if section.cards]


def _cards(session: SessionLog, kind: str, rows: str, corrections: Sequence[Correction]) -> Iterator[Card]:
    of_kind: dict[str, list[Correction]] = {}
    for correction in corrections:
        if correction.record_kind == kind and correction.lost_at is None:
            of_kind.setdefault(correction.key, []).append(correction)
    for row in getattr(session, rows).all():
        own = of_kind.get(row.key, [])
        if getattr(row, "in_log", True) or not any(one.kind in _REMOVING for one in own):
            fixes = [attempt.fix for attempt in row.attempts.all()] if isinstance(row, Error) else []
            yield Card(kind, row.key, row, _spans(row), fixes, own)


_REMOVING = (Correction.Kind.NOT, Correction.Kind.FOLDED)


def _spans(row: Record) -> Sequence[Span]:
    return row.mentions if isinstance(row, Error) else [(row.first_line, row.last_line)]


def sections_of(sheet: Worksheet) -> list[Section]:
    """Returns the records of a session that is not stored yet."""
    keys = sheet.keys()
    found = [
        Section(kind, name, [_card(one, keys, sheet) for one in sheet.of(kind)]) for kind, (name, _) in SECTIONS.items()
    ]
    return [section for section in found if section.cards]


def _card(entry: Entry, keys: Mapping[Entry, str], sheet: Worksheet) -> Card:
    fixes = []
    if entry.kind == "errors":
        fixes = [fix.record for fix in sheet.of("fixes") if entry.record.id in fix.record.errors]
    return Card(entry.kind, keys[entry], entry.record, entry.spans, fixes, entry.corrections)


def corrections_of(session: SessionLog) -> list[Correction]:
    """Returns the corrections of a session that are in force, the latest first; also of sessions that are gone."""
    of_log = Correction.objects.filter(log=session.log_id, undone_at=None).select_related("by").order_by("-pk")
    return [one for one in of_log if one.session_id in (None, session.pk)]


def correction_of(session: SessionLog, pk: int) -> Correction | None:
    """Returns a correction that can be undone on the page of a session."""
    return next((one for one in corrections_of(session) if one.pk == pk), None)
