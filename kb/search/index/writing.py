"""Writes segments, one for each transaction that stores sessions, and records what is removed from them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby

from pyroaring import BitMap64

from kb.models import Block, Removal, Segment
from kb.search.index.database import lock_segments
from kb.search.index.postings import (
    INDEX_VERSION,
    NewPostings,
    blocks,
    checksum,
    pack_ids,
    union_of_ids,
    unpack_ids,
)
from kb.search.index.vectors import VectorRows, by_cell, vector_blocks
from sessions.meaning.codes import Codes


def new_segment(level: int, entries: BitMap64, state: Segment.State, block_count: int = 0) -> Segment:
    """Returns an unsaved segment of these entries."""
    return Segment(
        id=uuid.uuid4(),
        version=INDEX_VERSION,
        state=state,
        level=level,
        first=entries.min(),
        last=entries.max(),
        size=len(entries),
        entries=pack_ids(entries),
        block_count=block_count,
    )


def new_block(segment: Segment, first: str, data: bytes) -> Block:
    return Block(segment=segment, first=first, data=data, checksum=checksum(data))


def write_segment(postings: NewPostings, vectors: Mapping[int, Codes] | None = None) -> None:
    """Writes the segment of what one transaction stores, in the caller's. `vectors`: those of its entries, by id."""
    segment = new_segment(0, postings.entries, Segment.State.LIVE)
    parts = chain(blocks(postings.stored()), vector_blocks(by_cell(VectorRows.of(vectors or {}))))
    rows = [new_block(segment, first, data) for first, data in parts]
    segment.block_count = len(rows)
    segment.save(force_insert=True)
    Block.objects.bulk_create(rows)


def remove_entries(ids: Iterable[int]) -> None:
    """Records beside each segment which of its entries are removed. Several transactions may do so at once."""
    entries = BitMap64(ids)
    if not entries:
        return
    with lock_segments():
        Removal.objects.bulk_create(
            Removal(segment_id=segment, entries=pack_ids(leaving))
            for segment, present in _entries_between(entries.min(), entries.max())
            if (leaving := present & entries)
        )


def _entries_between(first: int, last: int) -> Iterator[tuple[uuid.UUID, BitMap64]]:
    """Yields the segments that overlap a range of ids, each with its entries that were not removed yet."""
    rows = (
        Segment.objects.filter(state=Segment.State.LIVE, version=INDEX_VERSION, first__lte=last, last__gte=first)
        .order_by("id")
        .values_list("id", "entries", "removals__entries")
    )
    for key, group in groupby(list(rows), key=lambda row: row[0]):
        (_, entries, removals), *others = group
        yield key, unpack_ids(entries) - union_of_ids([removals, *(row[2] for row in others)])
