"""Checks that the index can be read and contains every record exactly once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pyroaring import BitMap64

from kb.models import Segment
from kb.search.index.merging import Part, delete_segments, live_parts
from kb.search.index.postings import INDEX_VERSION, Posting, decode
from kb.search.index.reading import PREFIX_MARK, DamagedSegmentError, Reader, SegmentGoneError
from kb.search.index.rebuilding import (
    delete_unreadable_segments,
    live_entries,
    missing_sessions,
    orphaned_entries,
    reindex_sessions,
    remove_orphans,
    without_row,
)
from kb.search.index.vectors import vectors_of


@dataclass(slots=True)
class Report:
    """The result of a check: counts, faults as sentences, and the ids of damaged segments."""

    segments: int = 0
    blocks: int = 0
    entries: int = 0
    faults: list[str] = field(default_factory=list)
    damaged: set[uuid.UUID] = field(default_factory=set)


def check_index() -> Report:
    """Reads every block, checks its checksum and order, and compares the entries with their rows."""
    report = Report()
    checked: set[uuid.UUID] = set()
    while parts := [part for part in live_parts() if part.id not in checked]:
        for part in parts:  # a merge may add segments in the meantime
            checked.add(part.id)
            _check_segment(part, report)
    report.entries = len(live_entries()[0])
    report.faults += [*_unread_segments(), *_differences_from_rows()]
    return report


def repair_index() -> int:
    """Reindexes everything a check finds wrong. Returns the number of sessions it reindexed."""
    delete_segments(check_index().damaged)
    remove_orphans()
    count, _ = reindex_sessions(missing_sessions())
    delete_unreadable_segments()
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
    """Yields what is wrong with a segment. Raises SegmentGoneError or DamagedSegmentError."""
    reader, entries, previous = part.reader(), BitMap64(), ""
    for first, key in zip(*reader.directory(), strict=True):
        tokens = next(reader.read_blocks([key]))
        if next(iter(tokens), None) != first:
            yield f"block {key} does not start with {first!r}, although its row says so"
        for token, value in tokens.items():
            if token <= previous:
                yield f"block {key} has {token!r} after {previous!r}"
            previous, posting = token, decode(value)
            yield from _faults_of_posting(token, posting, part)
            entries |= posting.entries if token < PREFIX_MARK else BitMap64()
    yield from _faults_of_vectors(reader, part)
    if entries != part.entries:
        yield f"its blocks contain {len(entries)} entries, its row says {len(part.entries)}"
    if not part.removed.issubset(part.entries):
        yield "entries were removed that it does not contain"


def _faults_of_posting(token: str, posting: Posting, part: Part) -> Iterator[str]:
    if not posting.entries.issubset(part.entries):
        yield f"{token!r} refers to entries outside the segment"
    if not posting.titles.issubset(posting.entries):
        yield f"{token!r} refers to titles of entries that do not contain it"


def _faults_of_vectors(reader: Reader, part: Part) -> Iterator[str]:
    previous = -1
    for key, rows in zip(reader.sign_directory()[1], vectors_of(reader), strict=True):
        cells = rows.cells.tolist()
        if cells != sorted(cells) or cells[0] < previous:
            yield f"block {key} has vectors in the wrong order"
        previous = cells[-1]
        if not part.entries.issuperset(BitMap64(rows.ids.tolist())):
            yield f"block {key} has vectors of entries outside the segment"


def _unread_segments() -> Iterator[str]:
    states = Segment.State
    if count := Segment.objects.filter(state=states.DAMAGED).count():
        yield f"{count} segments are damaged and have been set aside."
    if count := Segment.objects.filter(state=states.LIVE).exclude(version=INDEX_VERSION).count():
        yield f"{count} segments have another version than {INDEX_VERSION}, so search does not read them."


def _differences_from_rows() -> Iterator[str]:
    """Yields how entries and rows differ."""
    if duplicates := _confirmed(lambda: live_entries()[1]):
        yield f"{len(duplicates)} entries are in the index twice."
    if orphans := without_row(_confirmed(orphaned_entries)):
        yield f"{len(orphans)} entries are in the index but no longer in the knowledge base."
    if missing := _confirmed(lambda: BitMap64(missing_sessions())):
        yield f"{len(missing)} sessions are not in the index, or only in part."


def _confirmed(find: Callable[[], BitMap64]) -> BitMap64:
    """Returns what is found twice in a row, since an import may commit between two queries."""
    ids = find()
    return ids & find() if ids else ids
