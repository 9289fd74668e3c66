"""Segments as they are written: one for each session, and what was removed from them since."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from itertools import groupby

from pyroaring import BitMap64

from kb.models import Block, Removal, Segment
from kb.search.index.database import segments_held
from kb.search.index.postings import (
    INDEX_VERSION,
    Posting,
    checksum,
    packed_block,
    packed_ids,
    stored,
    unpacked_ids,
)


def new_segment(level: int, entries: BitMap64, state: Segment.State, block_count: int = 0) -> Segment:
    """A segment of these entries that is not saved yet."""
    return Segment(
        id=uuid.uuid4(),
        version=INDEX_VERSION,
        state=state,
        level=level,
        first=entries.min(),
        last=entries.max(),
        size=len(entries),
        entries=packed_ids(entries),
        block_count=block_count,
    )


def new_block(segment: Segment, first: str, data: bytes) -> Block:
    return Block(segment=segment, first=first, data=data, checksum=checksum(data))


def write_segment(postings: Mapping[str, Posting]) -> None:
    """Writes the segment of one session, in the transaction of the caller."""
    entries = BitMap64.union(*(posting.entries for posting in postings.values()))
    segment = new_segment(0, entries, Segment.State.LIVE, block_count=1)
    segment.save(force_insert=True)
    tokens = {token: stored(postings[token]) for token in sorted(postings)}
    new_block(segment, next(iter(tokens)), packed_block(tokens)).save()


def remove_entries(ids: Iterable[int]) -> None:
    """Notes beside each segment which of its entries are gone. Others may do so at the same moment."""
    gone = BitMap64(ids)
    if not gone:
        return
    with segments_held():
        Removal.objects.bulk_create(
            Removal(segment_id=segment, entries=packed_ids(leaving))
            for segment, held, removed in _held_between(gone.min(), gone.max())
            if (leaving := (held & gone) - removed)
        )


def _held_between(first: int, last: int) -> Iterable[tuple[uuid.UUID, BitMap64, BitMap64]]:
    """The segments that may hold entries of a range: what each holds, and what was removed from it."""
    rows = (
        Segment.objects.filter(state=Segment.State.LIVE, version=INDEX_VERSION, first__lte=last, last__gte=first)
        .order_by("id")
        .values_list("id", "entries", "removals__entries")
    )
    for key, group in groupby(list(rows), key=lambda row: row[0]):
        same = list(group)
        removed = [unpacked_ids(row[2]) for row in same if row[2] is not None]
        yield key, unpacked_ids(same[0][1]), BitMap64.union(*removed) if removed else BitMap64()
