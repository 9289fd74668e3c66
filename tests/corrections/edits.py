"""Random corrections of a log and random edits of its text, with what became of each of its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from kb.corrections.applying import Outcome, apply
from kb.corrections.drafting import EDITABLE, CannotCorrect, Said, draft
from kb.corrections.places import Lines
from kb.corrections.worksheets import Worksheet
from kb.models import Correction
from sessions.parsing.pipeline import read_text
from sessions.records import LogRecord
from sessions.storing.keys import identity

Kind = Correction.Kind
_NEW = ("Talked to the team about the plan.", "Checked twice, nothing new.", "", "Lunch was late.")
_VALUES = {"errors": {"status": "partial"}, "fixes": {"outcome": "failed"}, "next_steps": {"priority": "P1"}}


@dataclass(slots=True)
class Line:
    """A line with its number before all edits (0 for a new one), and whether its words are still the same."""

    text: str
    was: int
    is_edited: bool = False


def read(text: str) -> LogRecord:
    return read_text("base/log.md", text, "0" * 64, "utf-8").record


def random_corrections(text: str, random: Random, most: int = 5) -> list[Correction]:
    """Corrects up to `most` things, each on what the ones before it made of the log."""
    made: list[Correction] = []
    for _ in range(most):
        sheets = apply(read(text), text, made).sheets
        sheet = random.choice(sheets)
        try:
            made.append(draft(_said(sheet, random), sheet.key, sheets, text))
        except CannotCorrect:
            continue
    return made


def _said(sheet: Worksheet, random: Random) -> Said:
    keys = sheet.keys()
    records = [(entry, key) for entry, key in keys.items() if entry.kind in EDITABLE]
    if not records or random.random() < 0.3:
        line = random.randint(*sheet.session.lines)
        return Said(Kind.LINES, random.choice(["errors", "next_steps", "learnings", ""]), span=(line, line))
    entry, key = random.choice(records)
    errors = [keys[one] for one in sheet.of("errors") if one is not entry]
    acts = [Kind.NOT, Kind.CHANGED]
    if errors and entry.kind in ("errors", "fixes"):
        acts.append(Kind.FOLDED if entry.kind == "errors" else Kind.FIX_OF)
    kind = random.choice(acts)
    values = {EDITABLE[entry.kind][0]: "Called something else", **_VALUES.get(entry.kind, {})}
    return Said(kind, entry.kind, key, values, random.choice(errors) if errors else "")


def edited(text: str, random: Random, edits: int) -> list[Line]:
    """Returns the lines of a log after edits: some inserted, removed, reworded, or moved together."""
    lines = [Line(line, number) for number, line in enumerate(text.split("\n"), 1)]
    for _ in range(edits):
        _edit(lines, random)
    return lines


def _edit(lines: list[Line], random: Random) -> None:
    at = random.randrange(len(lines))
    match random.choice(["insert", "insert", "remove", "reword", "move"]):
        case "insert":
            lines[at:at] = [Line(random.choice(_NEW), 0) for _ in range(random.randint(1, 4))]
        case "remove" if len(lines) > 5:
            del lines[at]
        case "reword" if len(lines[at].text.split()) > 3:
            words = lines[at].text.split(" ")
            words[random.randrange(len(words))] = "changed"
            lines[at] = Line(" ".join(words), lines[at].was, is_edited=True)
        case "move" if len(lines) > 20:
            moved = lines[at : at + 3]
            del lines[at : at + 3]
            to = random.randrange(len(lines))
            lines[to:to] = moved


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a correction, by `replay`: kept, said to be lost, or applied to something else ("wrong")."""

    correction: Correction
    outcome: Outcome
    was: int
    is_line_there: bool
    is_right: bool

    @property
    def name(self) -> str:
        if self.outcome.is_lost:
            return "lost, line there" if self.is_line_there else "lost, line gone"
        return "kept" if self.is_right else "wrong"


def replay(text: str, corrections: Sequence[Correction], lines: Sequence[Line]) -> Iterator[Fate]:
    """Applies corrections to an edited log. Each must be at its own line, or at one with the same words."""
    before = Lines(text)
    new = "\n".join(line.text for line in lines)
    after = Lines(new)
    numbers = {line.was: number for number, line in enumerate(lines, 1) if line.was}
    unchanged = {line.was for line in lines if line.was and not line.is_edited}
    for outcome in apply(read(new), new, corrections).outcomes:
        was = outcome.correction.line
        now = outcome.place.get("line", 0)
        is_same = bool(now) and (now == numbers.get(was) or after.folded[now - 1] == before.folded[was - 1])
        is_own = _is_about(outcome, was, numbers)
        yield Fate(outcome.correction, outcome, was, was in unchanged, is_same or is_own)


def _is_about(outcome: Outcome, was: int, numbers: dict[int, int]) -> bool:
    """Whether the record that was found is the corrected one: by its words, which no other had, or its line."""
    if outcome.entry is None:
        return False
    is_only = outcome.correction.around.get("twins") == 1
    has_words = identity(outcome.entry.record) == outcome.correction.words
    return (is_only and has_words) or (was in numbers and outcome.entry.covers(numbers[was]))
