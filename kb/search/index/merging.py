"""Merges segments when there are many of them, and rewrites those with many removed entries.

A merge reads and writes without a lock: its inputs never change, and nobody reads its output until one short
transaction replaces the inputs with it and carries over what was removed from them in the meantime. A merge that dies
leaves blocks that nobody reads; the next one deletes them.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.db import OperationalError, transaction
from django.db.models import Count
from django.db.models.functions import Length
from pyroaring import BitMap64

from kb.models import Block, Removal, Segment
from kb.search.index.database import lock_segments
from kb.search.index.lease import Lease
from kb.search.index.postings import (
    INDEX_VERSION,
    Stored,
    blocks,
    pack_ids,
    union_as_stored,
    union_of_ids,
    unpack_ids,
    without,
)
from kb.search.index.prefixes import with_prefixes
from kb.search.index.reading import PREFIX_MARK, DamagedSegmentError, Reader
from kb.search.index.vectors import merged_vectors, vector_blocks
from kb.search.index.writing import new_block, new_segment

_log = logging.getLogger(__name__)
State = Segment.State
MOST_SEGMENTS = 12  # each costs every search some time
MOST_WHILE_IMPORTING = 36  # what waits is merged at once at the end, instead of again and again
MAX_REMOVED_SHARE = 0.2  # of a segment's entries; beyond that it is rewritten
BYTES_AT_ONCE = 1_000_000  # of blocks a transaction writes or deletes, so that it takes milliseconds
_MAX_REMOVALS = 16  # rows per segment, which every search reads; more are combined into one
_MAX_KEYS = 500  # in a query
_BLOCKS_AHEAD = 16  # that are read at once of each segment
_PATIENCE = 90  # seconds: longer than the lease of a process that died


@dataclass(frozen=True, slots=True)
class Part:
    """A segment as a merge sees it: its entries, and those removed from it so far."""

    id: uuid.UUID
    level: int
    block_count: int
    entries: BitMap64
    removed: BitMap64

    @property
    def removed_share(self) -> float:
        return len(self.removed) / len(self.entries)

    def reader(self) -> Reader:
        return Reader(self.id, self.id.int, self.level, self.block_count, self.removed)


def merge_segments(max_removed_share: float = MAX_REMOVED_SHARE, most: int = MOST_SEGMENTS) -> None:
    """Merges the smallest segments if there are more than `most`, and rewrites those with too many removed entries.

    Does nothing while another process is merging. A segment that cannot be read is set aside, and if the database is
    too busy, the merge waits for the next call: what was imported is found either way.
    """
    try:
        if _is_needed(max_removed_share, most):
            with Lease() as lease:
                if lease.held:
                    _work(lease, max_removed_share, most)
    except OperationalError as problem:
        _log.warning("The search index could not be merged now and will be merged later: %s", problem)


def purge() -> bool:
    """Erases removed entries from the index. Returns False if another process was merging all the while."""
    with Lease(_PATIENCE) as lease:
        if lease.held:
            _work(lease, 0.0)
    return lease.held


def merge_all() -> bool:
    """Merges the whole index into one segment. Returns False if another process was merging all the while."""
    with Lease(_PATIENCE) as lease:
        if lease.held:
            _work(lease, 1.0)
            parts = live_parts()
            if len(parts) > 1 or any(part.removed for part in parts):
                _merge(lease, parts, max(part.level for part in parts) + (len(parts) > 1))
    return lease.held


def delete_segments(segments: Collection[uuid.UUID]) -> bool:
    """Deletes segments. Returns False if another process was merging all the while."""
    with Lease(_PATIENCE) as lease:
        if lease.held:
            with lock_segments(exclusive=True):
                lease.renew()
                Segment.objects.filter(pk__in=segments).update(state=State.GARBAGE)
            sweep(lease)
    return lease.held


def live_parts() -> list[Part]:
    """Returns the segments of the current version, in the order of their entries, read in one statement."""
    rows = (
        Segment.objects.filter(state=State.LIVE, version=INDEX_VERSION)
        .order_by("first", "id")
        .values_list("id", "level", "block_count", "entries", "removals__entries")
    )
    parts = []
    for key, group in itertools.groupby(list(rows), key=lambda row: row[0]):
        (_, level, block_count, entries, removals), *others = group
        removed = union_of_ids([removals, *(row[4] for row in others)])
        parts.append(Part(key, level, block_count, unpack_ids(entries), removed))
    return parts


def _is_needed(max_removed_share: float, most: int) -> bool:
    """Checks without a lock whether there is anything to do."""
    if Segment.objects.exclude(state__in=(State.LIVE, State.DAMAGED)).exists() or _many_removals():
        return True
    return _next_job(live_parts(), max_removed_share, most) is not None


def _work(lease: Lease, max_removed_share: float, most: int = MOST_SEGMENTS) -> None:
    sweep(lease)
    _fold_removals()
    while job := _next_job(live_parts(), max_removed_share, most):
        _merge(lease, *job)


def _merge(lease: Lease, parts: Sequence[Part], level: int) -> None:
    try:
        Merge(lease, parts, level).run()
    except DamagedSegmentError as problem:
        _log.error("%s It is set aside.", problem)
        Segment.objects.filter(pk=problem.segment).update(state=State.DAMAGED)


def _next_job(parts: Sequence[Part], max_removed_share: float, most: int) -> tuple[Sequence[Part], int] | None:
    """Returns the segments to merge next and the level of the result."""
    if emptied := [part for part in parts if part.removed_share == 1]:
        return emptied, 0
    if len(parts) > most:
        smallest = [parts[at] for at in to_merge([len(part.entries) for part in parts])]
        return smallest, max(part.level for part in smallest) + 1
    return next((([part], part.level) for part in parts if part.removed_share > max_removed_share), None)


def to_merge(sizes: Sequence[int]) -> list[int]:
    """Returns which of several segments to merge: the smallest, at least two, until one is larger than all of those.

    An entry is so written about four times while 4,500 sets of logs are imported, and six times while 20,000 are. With
    ten segments of a size merged into one it would be three or four times, but up to 36 segments would remain.
    """
    first, second, *others = sorted(range(len(sizes)), key=sizes.__getitem__)
    chosen, entries = [first, second], sizes[first] + sizes[second]
    for at in others:
        if sizes[at] > entries:
            break
        chosen.append(at)
        entries += sizes[at]
    return sorted(chosen)


class Merge:
    """One merge: several segments become one, or none if all their entries were removed."""

    def __init__(self, lease: Lease, parts: Sequence[Part], level: int) -> None:
        self._lease, self._parts = lease, parts
        entries = BitMap64.union(*(part.entries - part.removed for part in parts))
        self._result = new_segment(level, entries, State.BUILDING) if entries else None
        self._pending: list[Block] = []
        self._bytes = 0

    def run(self) -> None:
        if self._result:
            readers = [part.reader() for part in self._parts]
            tokens = blocks(with_prefixes(_merged(self._parts)))
            for first, data in itertools.chain(tokens, vector_blocks(merged_vectors(readers))):
                self._pending.append(new_block(self._result, first, data))
                self._result.block_count += 1
                self._bytes += len(data)
                if self._bytes >= BYTES_AT_ONCE:
                    with transaction.atomic():
                        self._write()
        self.swap()
        sweep(self._lease)

    def _write(self) -> None:
        """Writes the pending blocks in the caller's transaction; nobody reads them yet."""
        self._lease.renew()
        if self._result and self._result._state.adding:
            self._result.save(force_insert=True)
        Block.objects.bulk_create(self._pending)
        self._pending, self._bytes = [], 0

    def swap(self) -> None:
        """Replaces the inputs with the result, less what was removed from them since the merge began."""
        keys = [part.id for part in self._parts]
        with lock_segments(exclusive=True):
            self._write()
            if self._result:
                self._result.state = State.LIVE
                self._result.save()
                if removed := BitMap64.union(*(_removed(part.id) - part.removed for part in self._parts)):
                    Removal.objects.create(segment=self._result, entries=pack_ids(removed))
            Segment.objects.filter(pk__in=keys).update(state=State.GARBAGE)


def sweep(lease: Lease) -> None:
    """Deletes replaced segments and the remains of merges that died, some blocks at a time."""
    unread = list(Segment.objects.filter(state__in=(State.GARBAGE, State.BUILDING)).values_list("pk", flat=True))
    if not unread:
        return
    for keys in _portions(unread):
        with transaction.atomic():
            lease.renew()
            Block.objects.filter(pk__in=keys).delete()
    with transaction.atomic():
        lease.renew()
        Segment.objects.filter(pk__in=unread).delete()


def _portions(segments: Sequence[uuid.UUID]) -> Iterator[list[int]]:
    """Yields the keys of the segments' blocks in portions that one transaction can delete quickly."""
    portion: list[int] = []
    size = 0
    sizes = Block.objects.filter(segment__in=segments).annotate(bytes=Length("data")).values_list("pk", "bytes")
    for key, length in list(sizes):
        portion.append(key)
        size += length
        if size >= BYTES_AT_ONCE or len(portion) >= _MAX_KEYS:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _many_removals() -> list[uuid.UUID]:
    rows = Removal.objects.values("segment").annotate(rows=Count("pk")).filter(rows__gt=_MAX_REMOVALS)
    return [row["segment"] for row in rows]


def _fold_removals() -> None:
    """Combines the removals of each segment that has many into one row."""
    for segment in _many_removals():
        with lock_segments(exclusive=True):
            removed = _removed(segment)
            Removal.objects.filter(segment=segment).delete()
            Removal.objects.create(segment_id=segment, entries=pack_ids(removed))


def _removed(segment: uuid.UUID) -> BitMap64:
    return union_of_ids(Removal.objects.filter(segment=segment).values_list("entries", flat=True))


def _merged(parts: Sequence[Part]) -> Iterator[tuple[str, Stored]]:
    """Yields the tokens of several segments in order, each with its entries in all of them."""
    streams = [_stream(part, number) for number, part in enumerate(parts)]
    for token, group in itertools.groupby(heapq.merge(*streams), key=itemgetter(0)):
        yield token, union_as_stored([value for _, _, value in group])


def _stream(part: Part, number: int) -> Iterator[tuple[str, int, Stored]]:
    """Yields the tokens of a segment with its number and with the entries that were not removed."""
    reader = part.reader()
    keys = reader.directory()[1]
    some = (keys[start : start + _BLOCKS_AHEAD] for start in range(0, len(keys), _BLOCKS_AHEAD))
    for block in itertools.chain.from_iterable(map(reader.read_blocks, some)):
        for token, value in block.items():
            if token.startswith(PREFIX_MARK):
                return
            if not part.removed:
                yield token, number, value
            elif rest := without(value, part.removed):
                yield token, number, rest
