"""Reads what a session says about itself: title, dates, duration, status, type, summary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sessions.parsing.metadata.dates import date_and_end, first_date
from sessions.parsing.metadata.durations import minutes_of
from sessions.parsing.metadata.statuses import ends_with_status, status_of
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import PSEUDO_HEADING_LEVEL, Node, NodeKind
from sessions.parsing.tree.entries import is_nothing, is_placeholder
from sessions.parsing.tree.statements import split_label
from sessions.parsing.vocabulary import Key, Role, fold, phrases, table
from sessions.records import SessionStatus, Span
from sessions.text import plain

_HEAD_LINES = 25  # pairs further down belong to what is around them
_FOOT_LINES = 12
_RECORDED = (
    Role.ERRORS, Role.SYMPTOMS, Role.CAUSE, Role.FIXES, Role.ATTEMPT, Role.NEXT_STEPS, Role.BLOCKERS, Role.DECISIONS,
    Role.LEARNINGS,
)  # fmt: skip
_INLINE = re.compile(r"(?<!\s)\s{1,9}[·|•]\s{1,9}|(?<!\s)\s{2,40}(?=\*\*)|(?<=\S) (?=\*\*[^*\n]{1,40}(?::\*\*|\*\*:))")
_GLYPHS = r"\u2190-\u2bff\U0001f000-\U0001faff\ufe0f✅❌"
_BETWEEN_PARTS = re.compile(r"\s[-–—|]\s|[:：()（）]")
_DECORATION = re.compile(rf"^[^\w(\[{{<\"'`]+|(?:(?<!\s)\s++|(?<![\s{_GLYPHS}]))[{_GLYPHS}]++\s*+$")
_LONGEST_VALUE = 400


@dataclass(frozen=True, slots=True)
class Header:
    """What a session says about itself, by the names of `SessionRecord`. Raw text is kept beside normalised values."""

    title: str = ""
    date: str | None = None
    ended: str | None = None
    duration_minutes: int | None = None
    duration_text: str = ""
    status: SessionStatus | None = None
    status_text: str = ""
    type: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass(frozen=True, slots=True)
class _Pair:
    key: str
    value: str
    span: Span
    meaning: Key | None
    is_title: bool = False  # of the front matter


def extract_header(reading: Reading) -> Header:
    pairs = list(_pairs(reading))
    reading.claim("metadata", "a pair in the head or foot of the session", *(pair.span for pair in pairs))
    title = _title(reading, pairs)
    date, ended = _dates(reading, pairs, title)
    duration_text = _value(pairs, Key.DURATION) or _duration_in_figures(reading)
    stated = [text for text in (_value(pairs, Key.STATUS), _status_in_heading(reading)) if text]
    status_text = next((text for text in stated if status_of(text)), next(iter(stated), ""))
    return Header(
        title=title,
        date=date,
        ended=ended,
        duration_minutes=minutes_of(duration_text) if duration_text else None,
        duration_text=duration_text,
        status=status_of(status_text) if status_text else None,
        status_text=status_text,
        type=_value(pairs, Key.TYPE),
        metadata={pair.key: pair.value for pair in reversed(pairs) if not is_placeholder(pair.value)},
        summary=_summary(reading),
    )


def _pairs(reading: Reading) -> Iterator[_Pair]:
    """Yields the key-value pairs of the head, the foot and the front matter."""
    first, last = reading.span
    head, foot = first + _HEAD_LINES, last - _FOOT_LINES
    for node in reading.walk():
        if node.kind not in (NodeKind.STATEMENT, NodeKind.ITEM, NodeKind.ROW, NodeKind.SECTION) or _in_body(
            node, reading
        ):
            continue
        if node.role in _RECORDED and table("keys").get(node.label) is None:
            continue
        near_head, near_foot = node.first <= head, node.last >= foot
        if near_head or near_foot:
            yield from _pairs_of(node, known_only=not node.bold or not near_head or node.kind is NodeKind.SECTION)
    yield from _front_matter(reading)


def _in_body(node: Node, reading: Reading) -> bool:
    """Whether the node is in a section about something, so that its pairs are not the session's."""
    holders = [a for a in node.ancestors() if a.kind is NodeKind.SECTION and a is not reading.heading and a.level > 1]
    inside = any(a.role not in (None, Role.SUMMARY, Role.COMPLETED) or a.level >= 3 for a in holders)
    if any(a.kind is NodeKind.ITEM for a in node.ancestors()):
        return True
    return inside and not _is_in_foot(node, reading)


def _is_in_foot(node: Node, reading: Reading) -> bool:
    """Whether the node is between the last rule of the session and its end: the foot."""
    siblings = node.parent.children[: node.at] if node.parent is not None else []
    before = next((sibling for sibling in reversed(siblings) if sibling.kind is not NodeKind.STATEMENT), None)
    return before is not None and before.kind is NodeKind.RULE and node.last >= reading.span[1] - _FOOT_LINES


def _pairs_of(node: Node, *, known_only: bool) -> Iterator[_Pair]:
    if node.kind is NodeKind.ROW:
        if len(node.cells) == 2:
            yield from _pair(plain(node.cells[0]), node.cells[1], node, known_only=True)
        return
    for part in _parts(node.text):
        label, value, bold = split_label(part.strip(" *"))
        if not label:
            label, value, bold = split_label(part.strip())
        if label and value:
            yield from _pair(plain(label), value, node, known_only=known_only and not bold)


def _parts(text: str) -> list[str]:
    """Splits a line into pairs. A part without a label belongs to the value before it."""
    parts: list[str] = []
    for part in _INLINE.split(text):
        if parts and not split_label(part.strip(" *"))[0] and not split_label(part.strip())[0]:
            parts[-1] += f" | {part}"
        else:
            parts.append(part)
    return parts


def _pair(key: str, value: str, node: Node, *, known_only: bool) -> Iterator[_Pair]:
    meaning = table("keys").get(key)
    if meaning is not None or not known_only:
        span = (node.first, node.first if node.kind is NodeKind.SECTION else node.last)
        yield _Pair(key, plain(value)[:_LONGEST_VALUE], span, meaning)


def _front_matter(reading: Reading) -> Iterator[_Pair]:
    """Yields the "key: value" lines between two "---" at the top of the file."""
    lines = reading.document.lines
    if reading.span[0] != 1 or not lines or lines[0].strip() != "---":
        return
    for number, line in enumerate(lines[1:60], start=2):
        if line.strip() in ("---", "..."):
            return
        key, colon, value = line.partition(":")
        if colon and key.strip() and value.strip() and not line.startswith((" ", "-")):
            meaning = table("keys").get(key)
            is_title = key.strip().lower() == "title"  # in any language: the key belongs to the format
            yield _Pair(key.strip(), _unquoted(value)[:_LONGEST_VALUE], (number, number), meaning, is_title)


def _unquoted(value: str) -> str:
    return value.strip().strip("\"'").strip()


def _duration_in_figures(reading: Reading) -> str:
    """Returns the duration among the figures of the session, for when head and foot do not state it."""
    for node in reading.walk():
        if not node.label or not node.value or table("keys").get(node.label) is not Key.DURATION:
            continue
        if any(holder.role in (Role.METRICS, Role.SUMMARY) for holder in node.ancestors()):
            return plain(node.value)[:_LONGEST_VALUE]
    return ""


def _value(pairs: list[_Pair], key: Key) -> str:
    return next((pair.value for pair in pairs if pair.meaning is key), "")


def _dates(reading: Reading, pairs: list[_Pair], title: str) -> tuple[str | None, str | None]:
    stated = [pair.value for pair in pairs if pair.meaning is Key.DATE]
    further = [pair.value for pair in pairs if pair.meaning in (Key.STARTED, Key.ENDED)]
    heading = [reading.heading.text] if reading.heading is not None else []
    above = [a.text for a in reading.heading.ancestors() if a.kind is NodeKind.SECTION] if reading.heading else []
    entry_first = heading if reading.heading and reading.heading.level > 1 and first_date(heading[0]) else []
    head = [
        line
        for line in reading.document.lines[reading.span[0] - 1 : reading.span[0] + 14]
        if len(line) < 200 and not line.lstrip().startswith("|") and not _is_deadline(line)
    ]
    if any(is_nothing(value) or not any(map(str.isdigit, value)) for value in stated):
        head = []  # "Date: TBD": another day further down is not that of the session
    for text in [*entry_first, *stated, title, *heading, *above, *further, reading.path.stem, *head]:
        day, last = date_and_end(text)
        if day:
            ended = next((first_date(pair.value) for pair in pairs if pair.meaning is Key.ENDED), None)
            return day, last or (ended if ended and ended > day else None)
    return None, None


def _is_deadline(line: str) -> bool:
    """Whether a line says by when something is to be done, which is not when the session was."""
    label, _value, _bold = split_label(line.strip(" -*+#"))
    return phrases("estimates").get(plain(label)) is not None


def _title(reading: Reading, pairs: list[_Pair]) -> str:
    """Returns the front matter's title of a log with one session, else the heading, else the name of the file."""
    node = reading.heading
    if node is None or node.level >= PSEUDO_HEADING_LEVEL or not node.text:
        node = next((n for n in reading.nodes if n.kind is NodeKind.SECTION and n.text), None)
    text = plain(node.text) if node is not None else ""
    text = _DECORATION.sub("", text).strip() or text
    if node is not None:
        reading.claim("metadata", "the session's title", (node.first, node.first))
    if reading.nodes is reading.document.root.children:
        text = next((pair.value for pair in pairs if pair.is_title), "") or text
    return text or reading.path.stem.replace("_", " ").replace("-", " ")


def _status_in_heading(reading: Reading) -> str:
    """Returns the status in the session's own heading ("# Day 3 ✅ COMPLETE"), for when there is no status line."""
    text = reading.heading.text if reading.heading is not None else ""
    glyph = next((c for c in text if c in "✅🟡🟢🔴⏸🔄🚧"), "")
    if glyph:
        return text[text.index(glyph) :]
    parts = [plain(part).strip(" .!*_") for part in _BETWEEN_PARTS.split(text)]
    return next((part for part in reversed(parts) if ends_with_status(part)), "")


def _summary(reading: Reading) -> str:
    """Returns the first statement of the first summary section."""
    for node in reading.sections():
        if node.role is Role.SUMMARY and node is not reading.heading:
            texts = [child for child in node.children if child.kind is NodeKind.STATEMENT and not child.label]
            if texts:
                reading.claim("metadata", f"the summary, under {fold(node.text)!r}", texts[0].span)
                return plain(texts[0].text)
    return ""
