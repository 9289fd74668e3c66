"""Checks that the index holds what was written to it, and every record once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pyroaring import BitMap64

from kb.models import Segment
from kb.search.index.merging import Part, discard, live_parts
from kb.search.index.postings import INDEX_VERSION, Posting, restored
from kb.search.index.reading import BEGINNING, DamagedSegmentError, SegmentGoneError
from kb.search.index.rebuilding import (
    drop_strays,
    drop_unreadable,
    index_anew,
    living,
    missing_sessions,
    strays,
    without_row,
)


@dataclass(slots=True)
class Report:
    """What a check found. `faults` are sentences; `damaged` the segments that do not hold what was written."""

    segments: int = 0
    blocks: int = 0
    entries: int = 0
    faults: list[str] = field(default_factory=list)
    damaged: set[uuid.UUID] = field(default_factory=set)


def check_index() -> Report:
    """Reads the whole index: every block, its checksum and its order, and compares the entries with their rows."""
    report = Report()
    checked: set[uuid.UUID] = set()
    while parts := [part for part in live_parts() if part.id not in checked]:
        for part in parts:  # a merge may make others meanwhile
            checked.add(part.id)
            _check_segment(part, report)
    report.entries = len(living()[0])
    report.faults += [*_unreadable(), *_against_rows()]
    return report


def repair_index() -> int:
    """Indexes anew what a check finds wrong; the number of sessions that were."""
    discard(check_index().damaged)
    drop_strays()
    count, _ = index_anew(missing_sessions())
    drop_unreadable()
    return count


def _check_segment(part: Part, report: Report) -> None:
    try:
        faults = list(_faults_of(part))
    except SegmentGoneError:
        return
    except DamagedSegmentError as problem:
        report.damaged.add(part.id)
        report.faults.append(str(problem))
        return
    report.segments += 1
    report.blocks += part.block_count
    if faults:
        report.damaged.add(part.id)
        report.faults += [f"Segment {part.id}: {fault}." for fault in faults]


def _faults_of(part: Part) -> Iterator[str]:
    """What is wrong with a segment, without full stops. Raises what reading a block does."""
    reader, held, before = part.reader(), BitMap64(), ""
    for first, key in zip(*reader.directory(), strict=True):
        tokens = reader.unpacked(key)
        if next(iter(tokens), None) != first:
            yield f"block {key} does not begin with {first!r}, as its row says"
        for token, value in tokens.items():
            if token <= before:
                yield f"block {key} holds {token!r} after {before!r}"
            before, posting = token, restored(value)
            yield from _faults_of_posting(token, posting, part)
            held |= posting.entries if token < BEGINNING else BitMap64()
    if held != part.entries:
        yield f"its blocks hold {len(held)} entries, its row says {len(part.entries)}"
    if not part.removed.issubset(part.entries):
        yield "entries were removed from it that it does not hold"


def _faults_of_posting(token: str, posting: Posting, part: Part) -> Iterator[str]:
    if not posting.entries.issubset(part.entries):
        yield f"{token!r} leads to entries that are not of this segment"
    if not posting.titles.issubset(posting.entries):
        yield f"{token!r} leads to titles of entries that do not hold it"


def _unreadable() -> Iterator[str]:
    states = Segment.State
    if count := Segment.objects.filter(state=states.DAMAGED).count():
        yield f"{count} segments are set aside, as they are damaged."
    if count := Segment.objects.filter(state=states.LIVE).exclude(version=INDEX_VERSION).count():
        yield f"{count} segments are of another version than {INDEX_VERSION}, and search does not read them."


def _against_rows() -> Iterator[str]:
    """Where entries and rows do not agree: seen twice, since an import may be at work between two queries."""
    if twice := _seen_twice(lambda: living()[1]):
        yield f"{len(twice)} entries are in the index twice."
    if gone := without_row(_seen_twice(strays)):
        yield f"{len(gone)} entries are in the index, but no longer in the knowledge base."
    if missing := _seen_twice(lambda: BitMap64(missing_sessions())):
        yield f"{len(missing)} sessions are not in the index, or not as a whole."


def _seen_twice(look: Callable[[], BitMap64]) -> BitMap64:
    seen = look()
    return seen & look() if seen else seen
