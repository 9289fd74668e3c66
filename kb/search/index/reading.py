"""Segments of the index: written once for each session, read through caches, merged as they grow in number.

The scheme is that of log-structured merge trees (O'Neil et al., 1996) and of Lucene's segments. A segment never
changes, so what is cached of one is never stale; entries that go are noted beside it until the next merge.
"""

from __future__ import annotations

import heapq
import itertools
import uuid
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from pyroaring import BitMap

from kb.models import Block, Segment
from kb.search.facets import FACET
from kb.search.postings import (
    NOWHERE,
    Posting,
    Stored,
    blocks,
    joined,
    packed_block,
    restored,
    stored,
    unpacked_block,
)

FACTOR = 10  # so many segments of a level become one of the next
# What holds any word that begins with letters that many words share stands ready, after all tokens.
_BEGINNING = "\U0010ffff"
_READY = range(2, 13)  # letters
_MANY = 200  # words


class SegmentGoneError(LookupError):
    """A merge took the segment away while it was being read; the search is to be run again."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A segment as search reads it, less the entries removed since."""

    id: uuid.UUID
    level: int
    removed: BitMap

    def posting(self, token: str) -> Posting:
        return _posting(self.id, token)

    def entries(self, token: str) -> BitMap:
        return _posting(self.id, token).entries

    def beginning(self, letters: str) -> Posting:
        """What holds any word that begins with these letters."""
        ready = _posting(self.id, _BEGINNING + letters) if self.level and len(letters) in _READY else NOWHERE
        return ready if ready.entries else _beginning(self.id, letters)

    def tokens(self, letters: str) -> list[str]:
        """Its tokens that begin with these letters."""
        return _tokens(self.id, letters)


def readers() -> list[Reader]:
    rows = Segment.objects.order_by("first").values_list("id", "level", "removed")
    return [Reader(key, level, BitMap.deserialize(bytes(gone)) if gone else BitMap()) for key, level, gone in rows]


@lru_cache(maxsize=512)
def _directory(segment: uuid.UUID) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The first tokens of a segment's blocks, in order, and the blocks' keys."""
    rows = sorted((first, key) for key, first in Block.objects.filter(segment=segment).values_list("id", "first"))
    if not rows:
        raise SegmentGoneError
    return tuple(first for first, _ in rows), tuple(key for _, key in rows)


@lru_cache(maxsize=2048)
def _block(segment: uuid.UUID, key: int) -> dict[str, Stored]:
    data = Block.objects.filter(pk=key, segment=segment).values_list("data", flat=True).first()
    if data is None:
        raise SegmentGoneError
    return unpacked_block(data)


@lru_cache(maxsize=8192)
def _posting(segment: uuid.UUID, token: str) -> Posting:
    firsts, keys = _directory(segment)
    at = bisect_right(firsts, token) - 1
    value = _block(segment, keys[at]).get(token) if at >= 0 else None
    return restored(value) if value else NOWHERE


@lru_cache(maxsize=1024)
def _beginning(segment: uuid.UUID, letters: str) -> Posting:
    return joined(restored(value) for _, value in _range(segment, letters))


@lru_cache(maxsize=1024)
def _tokens(segment: uuid.UUID, letters: str) -> list[str]:
    return [token for token, _ in _range(segment, letters)]


def _range(segment: uuid.UUID, letters: str) -> Iterator[tuple[str, Stored]]:
    firsts, keys = _directory(segment)
    end = letters + _BEGINNING
    for at in range(max(bisect_right(firsts, letters) - 1, 0), bisect_left(firsts, end)):
        yield from ((token, value) for token, value in _block(segment, keys[at]).items() if letters <= token < end)


def write_segment(postings: Mapping[str, Posting], first: int, last: int) -> None:
    """Writes the segment of one session."""
    segment = Segment.objects.create(level=0, first=first, last=last)
    tokens = {token: stored(postings[token]) for token in sorted(postings)}
    Block.objects.create(segment=segment, first=next(iter(tokens)), data=packed_block(tokens))


def remove_entries(ids: Sequence[int]) -> None:
    """Notes that these entries are gone."""
    gone = BitMap(ids)
    holding = Segment.objects.select_for_update().filter(first__lte=gone.max(), last__gte=gone.min())
    for segment in holding:
        removed = gone | BitMap.deserialize(bytes(segment.removed)) if segment.removed else gone
        segment.removed = removed.serialize()
        segment.save(update_fields=["removed"])


def merge_segments(highest: int = 99) -> None:
    """Merges the segments of every level that has many, as far as the given level; each merge is one transaction."""
    levels = Counter(Segment.objects.order_by().values_list("level", flat=True))
    for level in range(min(highest, max(levels, default=0)) + 1):
        while levels[level] >= FACTOR and _merge_level(level):
            levels[level] -= FACTOR
            levels[level + 1] += 1


def _merge_level(level: int) -> bool:
    with transaction.atomic():
        chosen = list(
            Segment.objects.select_for_update(skip_locked=True).filter(level=level).order_by("first")[:FACTOR]
        )
        if len(chosen) < FACTOR:
            return False
        merged = Segment.objects.create(
            level=level + 1, first=min(one.first for one in chosen), last=max(one.last for one in chosen)
        )
        written, count = blocks(with_beginnings(_merged(chosen))), 0
        while batch := list(itertools.islice(written, 500)):
            Block.objects.bulk_create(Block(segment=merged, first=first, data=data) for first, data in batch)
            count += len(batch)
        if not count:
            merged.delete()
        Segment.objects.filter(pk__in=[one.pk for one in chosen]).delete()
        return True


def _merged(segments: Sequence[Segment]) -> Iterator[tuple[str, Stored]]:
    """The tokens of several segments in order, the entries of each together."""
    streams = [_stream(segment) for segment in segments]
    for token, group in itertools.groupby(heapq.merge(*streams, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        values = [value for _, value in group]
        if len(values) == 1:
            yield token, values[0]
        else:
            yield token, stored(joined(restored(value) for value in values))


def _stream(segment: Segment) -> Iterator[tuple[str, Stored]]:
    removed = BitMap.deserialize(bytes(segment.removed)) if segment.removed else None
    rows = sorted(segment.blocks.values_list("first", "pk"))
    for _, key in rows:
        for token, value in unpacked_block(Block.objects.values_list("data", flat=True).get(pk=key)).items():
            if token.startswith(_BEGINNING):
                return
            if removed is None:
                yield token, value
            elif kept := _without(value, removed):
                yield token, kept


def _without(value: Stored, removed: BitMap) -> Stored | None:
    posting = restored(value)
    left = Posting(posting.entries - removed, posting.titles - removed)
    return stored(left) if left.entries else None


def with_beginnings(tokens: Iterator[tuple[str, Stored]]) -> Iterator[tuple[str, Stored]]:
    """The tokens, and after them what holds any word of the same first letters."""
    ready: dict[str, Stored] = {}
    shared: dict[int, tuple[str, list[Posting]]] = {length: ("", []) for length in _READY}
    for token, value in tokens:
        yield token, value
        if token.startswith(FACET):
            continue
        posting = restored(value)
        for length in _READY:
            letters, same = shared[length]
            if token[:length] != letters:
                _make_ready(ready, letters, same)
                same = []
                shared[length] = token[:length], same
            same.append(posting)
    for letters, same in shared.values():
        _make_ready(ready, letters, same)
    yield from ((_BEGINNING + letters, ready[letters]) for letters in sorted(ready))


def _make_ready(ready: dict[str, Stored], letters: str, same: Sequence[Posting]) -> None:
    if len(same) >= _MANY and letters not in ready:
        ready[letters] = stored(joined(same))
