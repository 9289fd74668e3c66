"""Vectors of entries: stored in the blocks of a segment by cell, merged with it, and compared with that of a query.

An inverted file (Jégou et al., "Product Quantization for Nearest Neighbor Search", 2011): only the vectors in the
cells nearest to the query are read, a few per cent of all. Numbers are kept in a byte each, not as product codes,
which would save space but order the nearest ones worse.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgpack
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap64

from kb.search.index.reading import VECTORS_MARK, DamagedSegmentError, Reader, cached_blocks, read_bytes
from sessions.meaning.compression import STEP
from sessions.meaning.passage_vectors import DIMENSIONS, passage_compression

_ROWS_A_BLOCK = 128  # 34 kB
_ROW_BYTES = DIMENSIONS + 12
_ROWS_COMPARED = 50_000  # with a query, about: 10 ms
_FEWEST_PROBED = 16  # cells, however many rows they have
_SEGMENTS_REMEMBERED = 128
_MOST_NEAR = 2000  # entries, of which filters may leave some


@dataclass(frozen=True, slots=True)
class VectorRows:
    """Vectors in the order of their cells.

    cells    the cell of each, an array of n
    ids      the entry of each, an array of n
    vectors  n by DIMENSIONS numbers from -127 to 127, rows of length 127
    """

    cells: NDArray[np.uint16]
    ids: NDArray[np.int64]
    vectors: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, where: NDArray[np.bool_] | NDArray[np.intp] | slice) -> VectorRows:
        return VectorRows(self.cells[where], self.ids[where], self.vectors[where])

    def without(self, removed: BitMap64) -> VectorRows:
        if not removed:
            return self
        return self.at(np.array([entry not in removed for entry in self.ids.tolist()], dtype=bool))

    @staticmethod
    def of(vectors: Mapping[int, NDArray[np.int8]]) -> VectorRows:
        """Returns the vectors of entries by cell. Zeros mean nothing and are left out."""
        told = {entry: vector for entry, vector in sorted(vectors.items()) if vector.any()}
        if not told:
            return NO_ROWS
        rows = np.array(list(told.values()), dtype=np.int8)
        cells = passage_compression().cells(rows, 1)[:, 0].astype(np.uint16)
        order = np.argsort(cells, kind="stable")
        return VectorRows(cells, np.array(list(told), dtype=np.int64), rows).at(order)


NO_ROWS = VectorRows(
    np.zeros(0, dtype=np.uint16), np.zeros(0, dtype=np.int64), np.zeros((0, DIMENSIONS), dtype=np.int8)
)


def vector_blocks(rows: Iterable[VectorRows]) -> Iterator[tuple[str, bytes]]:
    """Cuts vectors, given cell by cell, into blocks. Yields the key of each and its bytes."""
    pending = NO_ROWS
    for more in rows:
        if len(pending) >= _ROWS_A_BLOCK:  # between two cells, so that a search reads few that it does not need
            yield _packed(pending)
            pending = NO_ROWS
        pending = _joined([pending, more])
        while len(pending) >= 2 * _ROWS_A_BLOCK:
            yield _packed(pending.at(slice(_ROWS_A_BLOCK)))
            pending = pending.at(slice(_ROWS_A_BLOCK, None))
    if len(pending):
        yield _packed(pending)


def merged_vectors(readers: Sequence[Reader]) -> Iterator[VectorRows]:
    """Yields the vectors of several segments that were not removed from them, cell by cell."""
    streams = [_Stream(reader) for reader in readers]
    while live := [stream for stream in streams if stream.cell is not None]:
        cell = min(stream.cell for stream in live if stream.cell is not None)
        yield _joined([rows for stream in live if stream.cell == cell for rows in stream.take(cell)])


def read_vectors(reader: Reader, key: int) -> VectorRows:
    """Reads a block of vectors from the database. Raises SegmentGoneError or DamagedSegmentError."""
    return _unpacked(reader, key, read_bytes([(reader, key)])[key])


@dataclass(frozen=True, slots=True)
class Near:
    """The entries of a segment that are near a query in meaning, without removed ones, and their cosines with it."""

    reader: Reader
    cosines: dict[int, float]


def nearest(readers: Sequence[Reader], query: NDArray[np.float32], least: float) -> list[Near]:
    """Returns the entries whose cosine with a query of DIMENSIONS numbers and length 1 is at least `least`."""
    probed = np.sort(passage_compression().cells(query[None], _probed(readers))[0])
    wanted = [(reader, key) for reader in readers for key in _blocks_with(reader, probed)]
    blocks = cached_blocks(wanted, _unpacked, _size_of_rows)
    if not blocks:
        return []
    scaled = query / STEP
    # Block by block, since its numbers then stay in the processor's cache as floats, four times as large.
    cosines = np.minimum(np.concatenate([block.vectors.astype(np.float32) @ scaled for block in blocks]), 1.0)
    ids = np.concatenate([block.ids for block in blocks])
    ends = np.cumsum([len(block) for block in blocks])
    found = _nearest_rows(cosines, least)
    near: dict[int, Near] = {}
    for row, block in zip(found.tolist(), np.searchsorted(ends, found, "right").tolist(), strict=True):
        reader, entry = wanted[block][0], int(ids[row])
        if entry not in reader.removed:
            near.setdefault(reader.number, Near(reader, {})).cosines[entry] = float(cosines[row])
    return list(near.values())


def _nearest_rows(cosines: NDArray[np.float32], least: float) -> NDArray[np.intp]:
    found = np.flatnonzero(cosines >= least)
    if len(found) <= _MOST_NEAR:
        return found
    return found[np.argpartition(-cosines[found], _MOST_NEAR)[:_MOST_NEAR]]


def _probed(readers: Sequence[Reader]) -> int:
    """Returns how many cells to look in: all of a small index, and those of about as many rows in a large one."""
    cells = len(passage_compression().centres)
    rows = sum(len(reader.vector_directory()[1]) for reader in readers) * _ROWS_A_BLOCK
    return cells if rows <= _ROWS_COMPARED else max(_FEWEST_PROBED, cells * _ROWS_COMPARED // rows)


def _blocks_with(reader: Reader, cells: NDArray[np.intp]) -> Iterator[int]:
    """Yields the keys of the blocks that may have vectors in these cells, which are in order."""
    names, keys = reader.vector_directory()
    first, last = _bounds(names)
    inside = np.searchsorted(cells, last, "right") > np.searchsorted(cells, first, "left")
    yield from (keys[at] for at in np.flatnonzero(inside))


@lru_cache(maxsize=_SEGMENTS_REMEMBERED)
def _bounds(names: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns the first and the last cell of each block of a segment, which never change."""
    bounds = [name.removeprefix(VECTORS_MARK).split("-") for name in names]
    first, last = (np.array([int(bound[end]) for bound in bounds], dtype=np.int64) for end in (0, 1))
    return first, last


def _unpacked(reader: Reader, key: int, data: bytes) -> VectorRows:
    try:
        cells, ids, vectors = msgpack.unpackb(data)
        return VectorRows(
            np.frombuffer(cells, dtype="<u2"),
            np.frombuffer(ids, dtype="<i8"),
            np.frombuffer(vectors, dtype=np.int8).reshape(-1, DIMENSIONS),
        )
    except ValueError as problem:
        raise DamagedSegmentError(reader.id, f"block {key}: it cannot be decoded ({problem})") from problem


def _packed(rows: VectorRows) -> tuple[str, bytes]:
    parts = (rows.cells.astype("<u2"), rows.ids.astype("<i8"), rows.vectors)
    return f"{VECTORS_MARK}{rows.cells[0]:05}-{rows.cells[-1]:05}", bytes(
        msgpack.packb([part.tobytes() for part in parts])
    )


def _joined(rows: Sequence[VectorRows]) -> VectorRows:
    several = [one for one in rows if len(one)]
    if len(several) <= 1:
        return several[0] if several else NO_ROWS
    return VectorRows(
        np.concatenate([one.cells for one in several]),
        np.concatenate([one.ids for one in several]),
        np.concatenate([one.vectors for one in several]),
    )


def _size_of_rows(rows: VectorRows) -> int:
    return 1000 + _ROW_BYTES * len(rows)


def by_cell(rows: VectorRows) -> Iterator[VectorRows]:
    """Yields the vectors of each cell."""
    bounds = [0, *(np.flatnonzero(np.diff(rows.cells)) + 1).tolist(), len(rows)]
    yield from (rows.at(slice(at, end)) for at, end in itertools.pairwise(bounds)) if len(rows) else ()


class _Stream:
    """The vectors of a segment, cell by cell, with one block in memory at a time."""

    def __init__(self, reader: Reader) -> None:
        blocks = (read_vectors(reader, key).without(reader.removed) for key in reader.vector_directory()[1])
        self._rows = (cell for rows in blocks for cell in by_cell(rows))
        self._next: VectorRows | None = next(self._rows, None)

    @property
    def cell(self) -> int | None:
        return None if self._next is None else int(self._next.cells[0])

    def take(self, cell: int) -> Iterator[VectorRows]:
        """Yields the rows of a cell, which may be in several blocks."""
        while self._next is not None and self.cell == cell:
            yield self._next
            self._next = next(self._rows, None)
