"""Merges segments as they grow in number, and writes those anew that hold much that is gone.

A merge reads and writes outside of any lock: its inputs never change, and nobody sees what it writes until one short
transaction puts that in the place of the inputs, with whatever was removed from these meanwhile. A merge that dies
leaves blocks that nobody sees; the next one deletes them.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.db.models import Count
from django.db.models.functions import Length
from pyroaring import BitMap64

from kb.models import Block, Removal, Segment
from kb.search.index.beginnings import with_beginnings
from kb.search.index.database import segments_held
from kb.search.index.lease import Lease
from kb.search.index.postings import (
    INDEX_VERSION,
    Stored,
    blocks,
    joined,
    packed_ids,
    restored,
    stored,
    unpacked_ids,
    without,
)
from kb.search.index.reading import BEGINNING, DamagedSegmentError, Reader
from kb.search.index.writing import new_block, new_segment

_log = logging.getLogger(__name__)
State = Segment.State
FACTOR = 10  # this many segments of a level become one of the next
MOST_GONE = 0.2  # share of a segment's entries; with more of them gone it is written anew
_MOST_REMOVALS = 16  # rows beside a segment, which each search reads; more become one
BYTES_AT_ONCE = 1_000_000  # of blocks that a transaction writes or deletes, so that it takes milliseconds
_MOST_KEYS = 500  # in a query
_PATIENCE = 90  # seconds: longer than a lease is held by a process that died


@dataclass(frozen=True, slots=True)
class Part:
    """A segment as a merge sees it: the entries it holds, and those that were removed from it so far."""

    id: uuid.UUID
    level: int
    block_count: int
    entries: BitMap64
    removed: BitMap64

    @property
    def share_gone(self) -> float:
        return len(self.removed) / len(self.entries)

    def reader(self) -> Reader:
        return Reader(self.id, self.id.int, self.level, self.block_count, self.removed)


def merge_segments(most_gone: float = MOST_GONE) -> None:
    """Merges the segments of every level that has many, and rewrites those of which more than a share is gone.

    Where another process merges at the moment, that one does the work. A segment that cannot be read is set aside, and
    a database that is too busy is left alone until the next call: what was imported is found either way.
    """
    try:
        if _is_work(most_gone):
            with Lease() as lease:
                if lease.held:
                    _work(lease, most_gone)
    except OperationalError as problem:
        _log.warning("The search index was not merged, and will be later: %s", problem)


def purge() -> bool:
    """Leaves nothing in the index of entries that are gone; whether it was done, which another merge may prevent."""
    with Lease(_PATIENCE) as lease:
        if lease.held:
            _work(lease, 0.0)
    return lease.held


def merge_all() -> bool:
    """Makes one segment of all that is left in the index; whether it was done, which another merge may prevent."""
    with Lease(_PATIENCE) as lease:
        if lease.held:
            _work(lease, 1.0)
            parts = live_parts()
            if len(parts) > 1 or any(part.removed for part in parts):
                _guarded(lease, parts, max(part.level for part in parts) + (len(parts) > 1))
    return lease.held


def discard(segments: Collection[uuid.UUID]) -> bool:
    """Deletes segments; whether it was done, which another merge may prevent."""
    with Lease(_PATIENCE) as lease:
        if lease.held:
            with segments_held(alone=True):
                lease.renew()
                Segment.objects.filter(pk__in=segments).update(state=State.GARBAGE)
            sweep(lease)
    return lease.held


def live_parts() -> list[Part]:
    """The segments of the current version, in the order of their entries, read in one statement."""
    rows = (
        Segment.objects.filter(state=State.LIVE, version=INDEX_VERSION)
        .order_by("first", "id")
        .values_list("id", "level", "block_count", "entries", "removals__entries")
    )
    parts = []
    for key, group in itertools.groupby(list(rows), key=lambda row: row[0]):
        same = list(group)
        removed = [unpacked_ids(row[4]) for row in same if row[4] is not None]
        gone = BitMap64.union(*removed) if removed else BitMap64()
        parts.append(Part(key, same[0][1], same[0][2], unpacked_ids(same[0][3]), gone))
    return parts


def _is_work(most_gone: float) -> bool:
    """Whether there is anything to do, seen without a lock."""
    if Segment.objects.exclude(state__in=(State.LIVE, State.DAMAGED)).exists() or _many_removals():
        return True
    return _next(live_parts(), most_gone) is not None


def _work(lease: Lease, most_gone: float) -> None:
    sweep(lease)
    _fold_removals()
    while job := _next(live_parts(), most_gone):
        _guarded(lease, *job)


def _guarded(lease: Lease, parts: Sequence[Part], level: int) -> None:
    try:
        Merge(lease, parts, level).run()
    except DamagedSegmentError as problem:
        _log.error("%s It is set aside.", problem)
        Segment.objects.filter(pk=problem.segment).update(state=State.DAMAGED)


def _next(parts: Sequence[Part], most_gone: float) -> tuple[Sequence[Part], int] | None:
    """The segments to be written next, and the level of what becomes of them."""
    if dead := [part for part in parts if part.share_gone == 1]:
        return dead, 0
    levels: defaultdict[int, list[Part]] = defaultdict(list)
    for part in parts:
        levels[part.level].append(part)
    for level in sorted(levels):
        if len(levels[level]) >= FACTOR:
            return levels[level][:FACTOR], level + 1
    return next((([part], part.level) for part in parts if part.share_gone > most_gone), None)


class Merge:
    """One merge: several segments become one, or none if nothing of them is left."""

    def __init__(self, lease: Lease, parts: Sequence[Part], level: int) -> None:
        self._lease, self._parts = lease, parts
        left = BitMap64.union(*(part.entries - part.removed for part in parts))
        self._made = new_segment(level, left, State.BUILDING) if left else None
        self._waiting: list[Block] = []
        self._bytes = 0

    def run(self) -> None:
        if self._made:
            for first, data in blocks(with_beginnings(_merged(self._parts))):
                self._waiting.append(new_block(self._made, first, data))
                self._made.block_count += 1
                self._bytes += len(data)
                if self._bytes >= BYTES_AT_ONCE:
                    with transaction.atomic():
                        self._write()
        self.swap()
        sweep(self._lease)

    def _write(self) -> None:
        """Writes the blocks that wait, in the transaction of the caller; nobody sees them yet."""
        self._lease.renew()
        if self._made and self._made._state.adding:
            self._made.save(force_insert=True)
        Block.objects.bulk_create(self._waiting)
        self._waiting, self._bytes = [], 0

    def swap(self) -> None:
        keys = [part.id for part in self._parts]
        with segments_held(alone=True):
            self._write()
            if self._made:
                self._made.state = State.LIVE
                self._made.save()
                if since := BitMap64.union(*(_removed(part.id) - part.removed for part in self._parts)):
                    Removal.objects.create(segment=self._made, entries=packed_ids(since))
            Segment.objects.filter(pk__in=keys).update(state=State.GARBAGE)


def sweep(lease: Lease) -> None:
    """Deletes segments that were replaced, and what merges that died have left, some blocks at a time."""
    unseen = list(Segment.objects.filter(state__in=(State.GARBAGE, State.BUILDING)).values_list("pk", flat=True))
    if not unseen:
        return
    for keys in _portions(unseen):
        with transaction.atomic():
            lease.renew()
            Block.objects.filter(pk__in=keys).delete()
    with transaction.atomic():
        lease.renew()
        Segment.objects.filter(pk__in=unseen).delete()


def _portions(segments: Sequence[uuid.UUID]) -> Iterator[list[int]]:
    """The keys of the blocks of some segments, as many at a time as make a transaction of the wanted size."""
    portion: list[int] = []
    size = 0
    sizes = Block.objects.filter(segment__in=segments).annotate(bytes=Length("data")).values_list("pk", "bytes")
    for key, length in list(sizes):
        portion.append(key)
        size += length
        if size >= BYTES_AT_ONCE or len(portion) >= _MOST_KEYS:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _many_removals() -> list[uuid.UUID]:
    rows = Removal.objects.values("segment").annotate(rows=Count("pk")).filter(rows__gt=_MOST_REMOVALS)
    return [row["segment"] for row in rows]


def _fold_removals() -> None:
    """Makes one row of the removals of each segment that has many."""
    for segment in _many_removals():
        with segments_held(alone=True):
            removed = _removed(segment)
            Removal.objects.filter(segment=segment).delete()
            Removal.objects.create(segment_id=segment, entries=packed_ids(removed))


def _removed(segment: uuid.UUID) -> BitMap64:
    rows = Removal.objects.filter(segment=segment).values_list("entries", flat=True)
    removed = [unpacked_ids(entries) for entries in rows]
    return BitMap64.union(*removed) if removed else BitMap64()


def _merged(parts: Sequence[Part]) -> Iterator[tuple[str, Stored]]:
    """The tokens of several segments in order, the entries of each together."""
    streams = [_stream(part) for part in parts]
    for token, group in itertools.groupby(heapq.merge(*streams, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        values = [value for _, value in group]
        if len(values) == 1:
            yield token, values[0]
        else:
            yield token, stored(joined(restored(value) for value in values))


def _stream(part: Part) -> Iterator[tuple[str, Stored]]:
    """The tokens of a segment with what is left of their entries."""
    reader = part.reader()
    for key in reader.directory()[1]:
        for token, value in reader.unpacked(key).items():
            if token.startswith(BEGINNING):
                return
            if not part.removed:
                yield token, value
            elif kept := without(value, part.removed):
                yield token, kept
