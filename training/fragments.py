"""Short logs made of long ones, the title and one section each: the judge also learns from logs of few lines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from sessions.parsing.decoding import decode
from training.labelled import Document, LabelledLog, spans

_PER_LOG = 2
_LONGEST = 60  # lines
_KINDS = ("errors", "fixes", "next_steps", "decisions", "learnings")

NewLines = dict[int, int]  # of the lines of a log that are kept


def fragments_of(log: LabelledLog) -> Iterator[LabelledLog]:
    """Yields a few fragments, the same ones every time; those with a label in them before those without."""
    lines = decode(log.content).text.split("\n")
    chosen = random.Random(log.path)
    sections = [(first, last) for first, last in _sections(lines) if 3 <= last - first + 1 <= _LONGEST]
    chosen.shuffle(sections)
    labelled = [section for section in sections if _has_label(log.labels, section)]
    picked = [*labelled[:_PER_LOG], *(section for section in sections if section not in labelled)][:_PER_LOG]
    for first, last in picked:
        kept = [*_title(lines, first), *range(first, last + 1)]
        moved = {line: at for at, line in enumerate(kept, start=1)}
        content = "\n".join(lines[line - 1] for line in kept)
        yield replace(log, content=content.encode(), labels=_moved(log.labels, moved))


def _sections(lines: list[str]) -> Iterator[tuple[int, int]]:
    starts = [at for at, line in enumerate(lines, start=1) if line.startswith(("## ", "### "))]
    for first, after in pairwise([*starts, len(lines) + 1]):
        yield first, after - 1


def _title(lines: list[str], before: int) -> list[int]:
    return [at for at, line in enumerate(lines[: before - 1], start=1) if line.startswith("# ")][:1]


def _has_label(labels: Document, section: tuple[int, int]) -> bool:
    records = (record for session in labels["sessions"] for kind in _KINDS for record in session.get(kind) or [])
    return any(section[0] <= first <= section[1] for record in records for first, _last in spans(record))


def _moved(labels: Document, lines: NewLines) -> Document:
    """Returns the labels whose lines are kept, with their new lines, as those of one session."""
    session: dict[str, Any] = {}
    for kind in _KINDS:
        session[kind] = [
            {**record, "mentions": moved, "lines": moved}
            for one in labels["sessions"]
            for record in one.get(kind) or []
            if (moved := [[lines[a], lines.get(b, lines[a])] for a, b in spans(record) if a in lines])
        ]
    return {**labels, "sessions": [session]}
