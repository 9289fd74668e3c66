"""Segments as search reads them: through a cache that is never stale, since a segment never changes.

The scheme is that of log-structured merge trees (O'Neil et al., 1996) and of Lucene's segments. Entries that go are
noted beside their segment until the next merge.
"""

from __future__ import annotations

import logging
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from pyroaring import BitMap64

from kb.models import Block, Segment
from kb.search.index.cache import ByteCache
from kb.search.index.database import segments_held
from kb.search.index.postings import (
    INDEX_VERSION,
    NOWHERE,
    BlockError,
    Posting,
    Stored,
    joined,
    restored,
    unpacked_block,
    unpacked_ids,
)

_Answer = TypeVar("_Answer")
_Directory = tuple[tuple[str, ...], tuple[int, ...]]
_log = logging.getLogger(__name__)
_ATTEMPTS = 3  # a merge may take segments away while they are read

# The union for every prefix shared by many words is stored after all tokens.
BEGINNING = "\U0010ffff"
READY = range(2, 13)  # letters
_cache = ByteCache()


class SegmentGoneError(LookupError):
    """A merge took the segment away while it was being read; the search is to be run again."""


class DamagedSegmentError(ValueError):
    """A segment that does not hold what was written to it; the message says what is wrong, and what to do."""

    def __init__(self, segment: uuid.UUID, fault: str) -> None:
        super().__init__(f"Segment {segment} of the search index is damaged: {fault}. Run manage.py check_index.")
        self.segment = segment


@dataclass(frozen=True, slots=True)
class Reader:
    """A segment as search reads it. Its sets still hold the `removed` entries."""

    id: uuid.UUID
    number: int
    level: int
    block_count: int
    removed: BitMap64

    def posting(self, token: str) -> Posting:
        return _cache.get((self.number, token), _size_of_posting, self._posting, token)

    def entries(self, token: str) -> BitMap64:
        return self.posting(token).entries

    def count(self, entries: BitMap64) -> int:
        """How many of these entries of the segment are still there."""
        return len(entries) - entries.intersection_cardinality(self.removed) if self.removed else len(entries)

    def beginning(self, letters: str) -> Posting:
        """What holds any word that begins with these letters."""
        ready = self.posting(BEGINNING + letters) if self.level and len(letters) in READY else NOWHERE
        if ready.entries:
            return ready
        return _cache.get((self.number, 0, letters), _size_of_posting, self._beginning, letters)

    def tokens(self, letters: str) -> list[str]:
        """Its tokens that begin with these letters, those of removed entries among them."""
        return _cache.get((self.number, 1, letters), _size_of_tokens, self._tokens, letters)

    def directory(self) -> _Directory:
        """The first tokens of the segment's blocks, in order, and the blocks' keys."""
        return _cache.get((self.number,), _size_of_directory, self._directory)

    def block(self, key: int) -> dict[str, Stored]:
        return _cache.get((self.number, key), _size_of_block, self.unpacked, key)

    def unpacked(self, key: int) -> dict[str, Stored]:
        """A block read from the database. Raises SegmentGoneError or DamagedSegmentError."""
        row = Block.objects.filter(pk=key, segment=self.id).values_list("data", "checksum").first()
        if row is None:
            raise self._missing()
        try:
            return unpacked_block(*row)
        except BlockError as problem:
            raise DamagedSegmentError(self.id, f"block {key}: {problem}") from problem

    def _directory(self) -> _Directory:
        rows = sorted((first, key) for key, first in Block.objects.filter(segment=self.id).values_list("id", "first"))
        if len(rows) != self.block_count:
            raise self._missing()
        return tuple(first for first, _ in rows), tuple(key for _, key in rows)

    def _posting(self, token: str) -> Posting:
        firsts, keys = self.directory()
        at = bisect_right(firsts, token) - 1
        value = self.block(keys[at]).get(token) if at >= 0 else None
        return restored(value) if value else NOWHERE

    def _beginning(self, letters: str) -> Posting:
        return joined(restored(value) for _, value in self._range(letters))

    def _tokens(self, letters: str) -> list[str]:
        return [token for token, _ in self._range(letters)]

    def _range(self, letters: str) -> Iterator[tuple[str, Stored]]:
        firsts, keys = self.directory()
        end = letters + BEGINNING
        for at in range(max(bisect_right(firsts, letters) - 1, 0), bisect_left(firsts, end)):
            yield from ((token, value) for token, value in self.block(keys[at]).items() if letters <= token < end)

    def _missing(self) -> Exception:
        """Why a block is not there: a merge replaced the segment, or it is damaged."""
        if Segment.objects.filter(pk=self.id, state=Segment.State.LIVE).exists():
            return DamagedSegmentError(self.id, "blocks are missing")
        return SegmentGoneError(self.id)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index at a moment. `incomplete`: segments were left out, as they are damaged or of an older version."""

    readers: list[Reader]
    incomplete: bool = False


# Made once, since making a query takes longer than running it.
_SEEN = (
    Segment.objects.filter(state__in=(Segment.State.LIVE, Segment.State.DAMAGED))
    .order_by("first", "id")
    .values_list("id", "level", "block_count", "state", "version", "removals__entries")
)


def snapshot(damaged: Collection[uuid.UUID] = ()) -> Snapshot:
    """The segments of the moment and what was removed from them, read in one statement; `damaged` ones are left out."""
    found, incomplete = [], False
    for (key, level, count, state, version), group in groupby(_SEEN.all(), key=lambda row: row[:5]):
        removed = [unpacked_ids(entries) for *_, entries in group if entries is not None]
        if state != Segment.State.LIVE or version != INDEX_VERSION or key in damaged:
            incomplete = True
        else:
            found.append(Reader(key, key.int, level, count, BitMap64.union(*removed) if removed else BitMap64()))
    return Snapshot(found, incomplete)


def with_snapshot(answer: Callable[[Snapshot], _Answer]) -> _Answer:
    """Answers from the index of the moment, and again if a merge takes a segment away meanwhile or one is damaged.

    The last time merges wait, so that there is an answer always.
    """
    damaged: set[uuid.UUID] = set()
    for _ in range(_ATTEMPTS):
        try:
            return answer(snapshot(damaged))
        except SegmentGoneError:
            continue
        except DamagedSegmentError as problem:
            _leave_out(problem, damaged)
    with segments_held():
        while True:
            try:
                return answer(snapshot(damaged))
            except DamagedSegmentError as problem:
                _leave_out(problem, damaged)


def forget_all() -> None:
    """Empties what this process remembers of the index."""
    _cache.clear()


def _leave_out(problem: DamagedSegmentError, damaged: set[uuid.UUID]) -> None:
    _log.error("%s Search goes on without it.", problem)
    damaged.add(problem.segment)


# Bytes of Python objects, measured on CPython 3.11 for 64-bit machines.
_OF_A_KEY, _OF_A_BITMAP, _OF_A_CONTAINER, _OF_A_STRING, _OF_A_TOKEN = 300, 250, 40, 60, 250


def _size_of_posting(posting: Posting) -> int:
    if posting is NOWHERE:
        return _OF_A_KEY
    sets = (posting.entries,) if posting.titles is posting.entries else (posting.entries, posting.titles)
    return _OF_A_KEY + sum(_size_of_ids(ids) for ids in sets)


def _size_of_ids(ids: BitMap64) -> int:
    told = ids.get_statistics()
    held = told["n_bytes_array_containers"] + told["n_bytes_bitset_containers"] + told["n_bytes_run_containers"]
    return _OF_A_BITMAP + _OF_A_CONTAINER * told["n_containers"] + held


def _size_of_tokens(tokens: list[str]) -> int:
    return _OF_A_KEY + sum(_OF_A_STRING + len(token) for token in tokens)


def _size_of_directory(directory: _Directory) -> int:
    return _OF_A_KEY + sum(2 * _OF_A_STRING + len(first) for first in directory[0])


def _size_of_block(block: dict[str, Stored]) -> int:
    parts = sum(len(part) for value in block.values() for part in value if isinstance(part, bytes))
    return _OF_A_KEY + _OF_A_TOKEN * len(block) + parts
