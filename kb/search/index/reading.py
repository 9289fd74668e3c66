"""Reads segments through a cache that is never stale, since a segment never changes.

The scheme is that of log-structured merge trees (O'Neil et al., 1996) and of Lucene's segments. Removed entries are
listed beside their segment until the next merge.
"""

from __future__ import annotations

import logging
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeVar, cast

from pyroaring import BitMap64

from kb.models import Block, Segment
from kb.search.index import sizes
from kb.search.index.cache import ByteCache
from kb.search.index.columns import Column, Places, column
from kb.search.index.compiled import CompiledQuery
from kb.search.index.database import lock_segments
from kb.search.index.facet_tokens import EVERYTHING, facet_token
from kb.search.index.postings import (
    INDEX_VERSION,
    NOWHERE,
    BlockError,
    Posting,
    Stored,
    checksum,
    decode,
    union_of,
    union_of_ids,
    unpack_block,
)

_Answer = TypeVar("_Answer")
_Block = TypeVar("_Block")
_log = logging.getLogger(__name__)
_BLOCKS_A_QUERY = 400
_ATTEMPTS = 3  # a merge may delete segments while they are read

# The union for every prefix shared by many words is stored after all tokens.
PREFIX_MARK = "\U0010ffff"
PREFIX_LENGTHS = range(2, 13)
# Begin the keys of blocks with signs and with further planes of vectors, which come after those of tokens and prefixes.
SIGNS_MARK, PLANES_MARK = PREFIX_MARK * 2, PREFIX_MARK * 3
_cache = ByteCache()


class SegmentGoneError(LookupError):
    """A merge deleted the segment while it was being read; the search has to run again."""


class DamagedSegmentError(ValueError):
    """A segment is not what was written; the message says what is wrong and what to do."""

    def __init__(self, segment: uuid.UUID, fault: str) -> None:
        super().__init__(f"Segment {segment} of the search index is damaged: {fault}. Run manage.py check_index.")
        self.segment = segment


@dataclass(frozen=True, slots=True)
class Reader:
    """A segment as search reads it. Its sets still include the `removed` entries."""

    id: uuid.UUID
    number: int
    level: int
    block_count: int
    removed: BitMap64

    def posting(self, token: str) -> Posting:
        return _cache.get((self.number, token), sizes.of_posting, self._posting, token)

    def entries(self, token: str) -> BitMap64:
        return self.posting(token).entries

    def count(self, entries: BitMap64) -> int:
        """Returns how many of these entries of the segment were not removed."""
        return len(entries) - entries.intersection_cardinality(self.removed) if self.removed else len(entries)

    def prefix_posting(self, letters: str) -> Posting:
        """Returns the entries that contain any word starting with these letters."""
        stored = self.posting(PREFIX_MARK + letters) if self.level and len(letters) in PREFIX_LENGTHS else NOWHERE
        if stored.entries:
            return stored
        return _cache.get((self.number, 0, letters), sizes.of_posting, self._prefix_posting, letters)

    def tokens(self, letters: str) -> list[str]:
        """Returns its tokens that start with these letters, including those of removed entries."""
        return _cache.get((self.number, 1, letters), sizes.of_tokens, self._tokens, letters)

    def values_of(self, entries: BitMap64, facets: Sequence[str]) -> list[dict[int, str]]:
        """Returns, for each of several facets with one value, the token of each entry that has one."""
        at, values = self._places().at(entries), []
        for facet in facets:
            tokens = ("", *self.tokens(facet_token(facet, "")))
            numbers = _cache.get((self.number, 2, facet), sizes.of_arrays, self._column, facet)[at]
            values.append({entry: tokens[n] for entry, n in zip(entries, numbers.tolist(), strict=True) if n})
        return values

    def directory(self) -> sizes.Directory:
        """Returns the first tokens of the segment's blocks of tokens, in order, and the blocks' keys."""
        return self._directories()[0]

    def sign_directory(self) -> sizes.Directory:
        """Returns the names of the segment's blocks of signs, in the order of their cells, and the blocks' keys."""
        return self._directories()[1]

    def plane_keys(self) -> tuple[int, ...]:
        """Returns the keys of the segment's blocks of further planes, in the order of their rows."""
        return self._directories()[2][1]

    def blocks_with(self, token: str) -> tuple[int, ...]:
        """Returns the keys of the blocks that may have a token or, if it ends with PREFIX_MARK, one that starts so."""
        firsts, keys = self.directory()
        first = bisect_right(firsts, token.removesuffix(PREFIX_MARK)) - 1
        return keys[max(first, 0) : max(bisect_left(firsts, token) if token.endswith(PREFIX_MARK) else first + 1, 0)]

    def block(self, key: int) -> dict[str, Stored]:
        return _cache.get((self.number, key), sizes.of_block, lambda: next(self.read_blocks([key])))

    def read_blocks(self, keys: Sequence[int]) -> Iterator[dict[str, Stored]]:
        """Reads blocks of tokens from the database. Raises SegmentGoneError or DamagedSegmentError."""
        stored = read_bytes([(self, key) for key in keys])
        return (_unpacked(self, key, stored[key]) for key in keys)

    def _directories(self) -> tuple[sizes.Directory, ...]:
        return _cache.get((self.number,), sizes.of_directories, self._read_directories)

    def _read_directories(self) -> tuple[sizes.Directory, ...]:
        return self.directories_of(Block.objects.filter(segment=self.id).values_list("first", "id"))

    def directories_of(self, blocks: Iterable[tuple[str, int]]) -> tuple[sizes.Directory, ...]:
        """Returns the directories of tokens, signs and planes. Raises SegmentGoneError or DamagedSegmentError."""
        rows = sorted(blocks)
        if len(rows) != self.block_count:
            raise self.missing_block()
        firsts, keys = tuple(first for first, _ in rows), tuple(key for _, key in rows)
        ends = [0, *(bisect_left(firsts, mark) for mark in (SIGNS_MARK, PLANES_MARK)), len(rows)]
        return tuple((firsts[at:end], keys[at:end]) for at, end in pairwise(ends))

    def _posting(self, token: str) -> Posting:
        values = (self.block(key).get(token) for key in self.blocks_with(token))
        return next((decode(value) for value in values if value), NOWHERE)

    def _prefix_posting(self, letters: str) -> Posting:
        return union_of(decode(value) for _, value in self._range(letters))

    def _tokens(self, letters: str) -> list[str]:
        return [token for token, _ in self._range(letters)]

    def _places(self) -> Places:
        return _cache.get((self.number, 2, ""), sizes.of_arrays, Places.of, self.entries(EVERYTHING))

    def _column(self, facet: str) -> Column:
        return column(self._places(), (self.entries(token) for token in self.tokens(facet_token(facet, ""))))

    def _range(self, letters: str) -> Iterator[tuple[str, Stored]]:
        end = letters + PREFIX_MARK
        for key in self.blocks_with(end):
            yield from ((token, value) for token, value in self.block(key).items() if letters <= token < end)

    def missing_block(self) -> Exception:
        """Returns why a block is missing: a merge replaced the segment, or it is damaged."""
        if Segment.objects.filter(pk=self.id, state=Segment.State.LIVE).exists():
            return DamagedSegmentError(self.id, "blocks are missing")
        return SegmentGoneError(self.id)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index at one moment. `incomplete`: segments were left out, being damaged or of another version."""

    readers: list[Reader]
    incomplete: bool = False


_LISTED = Segment.objects.filter(state__in=(Segment.State.LIVE, Segment.State.DAMAGED)).order_by("first", "id")
_SEGMENTS = CompiledQuery(
    lambda _: _LISTED.values_list("id", "level", "block_count", "state", "version", "removals__entries")
)


def snapshot(damaged: Collection[uuid.UUID] = ()) -> Snapshot:
    """Reads the current segments, without the `damaged` ones, and what was removed from them in one statement."""
    readers, incomplete = [], False
    for (key, level, count, state, version), group in groupby(_SEGMENTS.rows(), key=lambda row: row[:5]):
        removed = union_of_ids(removals for *_, removals in group)
        if state != Segment.State.LIVE or version != INDEX_VERSION or key in damaged:
            incomplete = True
        else:
            readers.append(Reader(key, key.int, level, count, removed))
    return Snapshot(readers, incomplete)


def with_snapshot(answer: Callable[[Snapshot], _Answer]) -> _Answer:
    """Answers from a snapshot of the index; retries if a merge deletes a segment, or without one that is damaged.

    The last attempt keeps merges off, so that there is always an answer.
    """
    damaged: set[uuid.UUID] = set()
    for _ in range(_ATTEMPTS):
        try:
            return answer(snapshot(damaged))
        except SegmentGoneError:
            continue
        except DamagedSegmentError as problem:
            _leave_out(problem, damaged)
    with lock_segments():
        while True:
            try:
                return answer(snapshot(damaged))
            except DamagedSegmentError as problem:
                _leave_out(problem, damaged)


def cached_blocks(
    wanted: Sequence[tuple[Reader, int]],
    unpack: Callable[[Reader, int, bytes], _Block],
    size_of: Callable[[_Block], int],
) -> list[_Block]:
    """Returns blocks, each given by its segment and its key; those that are not cached are read together."""
    blocks: list[_Block | None] = [_cache.peek((reader.number, key)) for reader, key in wanted]
    missing = [at for at, block in enumerate(blocks) if block is None]
    stored = read_bytes([wanted[at] for at in missing])
    for at in missing:
        reader, key = wanted[at]
        blocks[at] = _cache.get((reader.number, key), size_of, unpack, reader, key, stored[key])
    return cast(list[_Block], blocks)


def load(readers: Sequence[Reader], tokens: Collection[str], starts: Collection[str]) -> None:
    """Caches what some tokens need, and all tokens with some `starts`, in three queries for any number of segments.

    Raises SegmentGoneError or DamagedSegmentError.
    """
    _load_directories([reader for reader in readers if (reader.number,) not in _cache])
    wanted = {
        (reader.number, key): (reader, key)
        for reader in readers
        for cached, token in _needs(reader, tokens, starts)
        if cached not in _cache
        for key in reader.blocks_with(token)
    }
    cached_blocks(list(wanted.values()), _unpacked, sizes.of_block)


def _needs(reader: Reader, tokens: Collection[str], starts: Collection[str]) -> Iterator[tuple[Hashable, str]]:
    """Yields what to look for in the cache, and the token or the start of tokens that it is made of."""
    yield from (((reader.number, token), token) for token in tokens)
    yield from (((reader.number, 1, start), start + PREFIX_MARK) for start in starts)


def _load_directories(readers: Sequence[Reader]) -> None:
    rows: dict[uuid.UUID, list[tuple[str, int]]] = {reader.id: [] for reader in readers}
    if len(readers) > 1:  # one reads its own
        for segment, first, key in Block.objects.filter(segment__in=rows).values_list("segment", "first", "id"):
            rows[segment].append((first, key))
        for reader in readers:
            _cache.get((reader.number,), sizes.of_directories, reader.directories_of, rows[reader.id])


def _unpacked(reader: Reader, key: int, data: bytes) -> dict[str, Stored]:
    try:
        return unpack_block(data)
    except BlockError as problem:
        raise DamagedSegmentError(reader.id, f"block {key}: {problem}") from problem


def read_bytes(wanted: Sequence[tuple[Reader, int]]) -> dict[int, bytes]:
    """Returns the bytes of blocks by key. Raises SegmentGoneError or DamagedSegmentError."""
    rows: dict[int, tuple[bytes, int]] = {}
    for start in range(0, len(wanted), _BLOCKS_A_QUERY):
        found = Block.objects.filter(pk__in=[key for _, key in wanted[start : start + _BLOCKS_A_QUERY]])
        rows |= {key: (bytes(data), crc) for key, data, crc in found.values_list("id", "data", "checksum")}
    for reader, key in wanted:
        if key not in rows:
            raise reader.missing_block()
        if checksum(rows[key][0]) != rows[key][1]:
            raise DamagedSegmentError(reader.id, f"block {key}: its checksum is wrong")
    return {key: data for key, (data, _) in rows.items()}


def clear_cache() -> None:
    """Clears what this process has cached of the index."""
    _cache.clear()


def cache_size() -> int:
    """Returns about how many bytes this process has cached of the index; `SEARCH_CACHE_BYTES` is the most."""
    return _cache.size


def _leave_out(problem: DamagedSegmentError, damaged: set[uuid.UUID]) -> None:
    _log.error("%s Search continues without it.", problem)
    damaged.add(problem.segment)
