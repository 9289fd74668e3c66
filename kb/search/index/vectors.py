"""Vectors of entries: stored in blocks of a segment by cell, merged with it, and read block by block.

An inverted file (Jégou et al., "Product Quantization for Nearest Neighbor Search", 2011) of codes in planes of bits
(`sessions.meaning.codes`). All rows of a segment are in one order. Blocks of signs have their first planes, with the
cell and the entry of each, which a search compares with a query; blocks of further planes have the rest of the codes,
which it reads for the nearest. `nearest` does both.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import msgpack
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap64

from kb.search.index.reading import PLANES_MARK, SIGNS_MARK, DamagedSegmentError, Reader, read_bytes
from sessions.meaning.codes import Codes, code_bytes, rows_of, sign_bytes, signs_of
from sessions.meaning.passage_vectors import DIMENSIONS, passage_compression

SIGN_BYTES = sign_bytes(DIMENSIONS)
PLANE_BYTES = code_bytes(DIMENSIONS) - SIGN_BYTES
ROWS_OF_PLANES = 128  # in a block: 12 kB, since few of its rows are near a query
_ROWS_OF_SIGNS = 2048  # in a block: 90 kB
_SEGMENTS_REMEMBERED = 128
_WORDS = "<u8"  # signs are compared 64 at a time
_Block = TypeVar("_Block")


@dataclass(frozen=True, slots=True)
class VectorRows:
    """Codes of vectors in the order of their cells.

    cells  the cell of each, an array of n
    ids    the entry of each, an array of n
    codes  n by `code_bytes(DIMENSIONS)`
    """

    cells: NDArray[np.uint16]
    ids: NDArray[np.int64]
    codes: Codes

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, where: NDArray[np.bool_] | NDArray[np.intp] | slice) -> VectorRows:
        return VectorRows(self.cells[where], self.ids[where], self.codes[where])

    def without(self, removed: BitMap64) -> VectorRows:
        if not removed:
            return self
        return self.at(np.array([entry not in removed for entry in self.ids.tolist()], dtype=bool))

    @staticmethod
    def of(codes: Mapping[int, Codes]) -> VectorRows:
        """Returns the codes of entries by cell."""
        if not codes:
            return NO_ROWS
        ids = sorted(codes)
        rows = np.array([codes[entry] for entry in ids], dtype=np.uint8)
        cells = passage_compression().cells(rows_of(rows), 1)[:, 0].astype(np.uint16)
        return VectorRows(cells, np.array(ids, dtype=np.int64), rows).at(np.argsort(cells, kind="stable"))


NO_ROWS = VectorRows(
    *(np.zeros(0, dtype=np.uint16), np.zeros(0, dtype=np.int64)),
    np.zeros((0, SIGN_BYTES + PLANE_BYTES), dtype=np.uint8),
)


@dataclass(frozen=True, slots=True)
class SignRows:
    """A block of signs.

    cells  the cell of each row, an array of n
    ids    the entry of each row, an array of n
    words  the signs, SIGN_BYTES / 8 by n
    """

    cells: NDArray[np.uint16]
    ids: NDArray[np.int64]
    words: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        return self.cells.nbytes + self.ids.nbytes + self.words.nbytes

    def signs(self, rows: NDArray[np.intp] | slice) -> Codes:
        """Returns the signs of some rows, a row of SIGN_BYTES for each."""
        return np.ascontiguousarray(self.words[:, rows].T).view(np.uint8)


@dataclass(frozen=True, slots=True)
class SignDirectory:
    """The blocks of signs of a segment, in order, as arrays of one element for each but `keys`.

    first, last  the first and the last cell of a block
    starts       the number of its first row within the segment
    total        how many rows all have
    """

    keys: tuple[int, ...]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    starts: NDArray[np.int64]
    total: int


def sign_directory(reader: Reader) -> SignDirectory:
    return _sign_directory(*reader.sign_directory())


@lru_cache(maxsize=_SEGMENTS_REMEMBERED)
def _sign_directory(names: tuple[str, ...], keys: tuple[int, ...]) -> SignDirectory:
    numbers = [name.removeprefix(SIGNS_MARK).split("-") for name in names]
    starts, counts, first, last = np.array(numbers, dtype=np.int64).reshape(-1, 4).T
    return SignDirectory(keys, first, last, starts, int(counts.sum()))


def vector_blocks(rows: Iterable[VectorRows]) -> Iterator[tuple[str, bytes]]:
    """Cuts vectors, given cell by cell, into blocks of signs and of further planes. Yields their keys and bytes."""
    start = written = 0
    planes = NO_ROWS.codes[:, SIGN_BYTES:]
    for part in _cut(rows):
        yield _sign_name(start, part), _packed_signs(part)
        start += len(part)
        planes = np.vstack([planes, part.codes[:, SIGN_BYTES:]])
        while len(planes) >= ROWS_OF_PLANES:
            yield _plane_name(written), planes[:ROWS_OF_PLANES].tobytes()
            written, planes = written + 1, planes[ROWS_OF_PLANES:]
    if len(planes):
        yield _plane_name(written), planes.tobytes()


def _cut(rows: Iterable[VectorRows]) -> Iterator[VectorRows]:
    pending = NO_ROWS
    for more in rows:
        if len(pending) >= _ROWS_OF_SIGNS:  # between two cells, so that a search reads few that it does not need
            yield pending
            pending = NO_ROWS
        pending = joined([pending, more])
        while len(pending) >= 2 * _ROWS_OF_SIGNS:
            yield pending.at(slice(_ROWS_OF_SIGNS))
            pending = pending.at(slice(_ROWS_OF_SIGNS, None))
    if len(pending):
        yield pending


def _sign_name(start: int, rows: VectorRows) -> str:
    return f"{SIGNS_MARK}{start:010}-{len(rows):05}-{rows.cells[0]:05}-{rows.cells[-1]:05}"


def _plane_name(number: int) -> str:
    return f"{PLANES_MARK}{number:010}"


def _packed_signs(rows: VectorRows) -> bytes:
    words = np.ascontiguousarray(signs_of(rows.codes)).view(_WORDS).T
    parts = (rows.cells.astype("<u2"), rows.ids.astype("<i8"), words)
    return bytes(msgpack.packb([part.tobytes() for part in parts]))


def unpacked_signs(reader: Reader, key: int, data: bytes) -> SignRows:
    """Returns a block of signs from its bytes. Raises DamagedSegmentError."""
    try:
        cells, ids, words = msgpack.unpackb(data)
        return SignRows(
            np.frombuffer(cells, dtype="<u2"),
            np.frombuffer(ids, dtype="<i8"),
            np.frombuffer(words, dtype=_WORDS).reshape(SIGN_BYTES // 8, -1),
        )
    except ValueError as problem:
        raise DamagedSegmentError(reader.id, f"block {key}: it cannot be decoded ({problem})") from problem


def unpacked_planes(reader: Reader, key: int, data: bytes) -> Codes:
    """Returns a block of further planes, n by PLANE_BYTES, from its bytes. Raises DamagedSegmentError."""
    try:
        return np.frombuffer(data, dtype=np.uint8).reshape(-1, PLANE_BYTES)
    except ValueError as problem:
        raise DamagedSegmentError(reader.id, f"block {key}: it cannot be decoded ({problem})") from problem


def vectors_of(reader: Reader) -> Iterator[VectorRows]:
    """Yields the rows of a segment, those of removed entries too, with few blocks in memory at a time.

    Raises SegmentGoneError or DamagedSegmentError.
    """
    planes, following = NO_ROWS.codes[:, SIGN_BYTES:], iter(reader.plane_keys())
    for key in reader.sign_directory()[1]:
        signs = _read(reader, key, unpacked_signs)
        while len(planes) < len(signs):
            if (number := next(following, None)) is None:
                raise DamagedSegmentError(reader.id, "planes of vectors are missing")
            planes = np.vstack([planes, _read(reader, number, unpacked_planes)])
        codes = np.hstack([signs.signs(slice(None)), planes[: len(signs)]])
        planes = planes[len(signs) :]
        yield VectorRows(signs.cells, signs.ids, codes)


def _read(reader: Reader, key: int, unpack: Callable[[Reader, int, bytes], _Block]) -> _Block:
    return unpack(reader, key, read_bytes([(reader, key)])[key])


def merged_vectors(readers: Sequence[Reader]) -> Iterator[VectorRows]:
    """Yields the vectors of several segments that were not removed from them, cell by cell."""
    streams = [_Stream(reader) for reader in readers]
    while live := [stream for stream in streams if stream.cell is not None]:
        cell = min(stream.cell for stream in live if stream.cell is not None)
        yield joined([rows for stream in live if stream.cell == cell for rows in stream.take(cell)])


def joined(rows: Sequence[VectorRows]) -> VectorRows:
    several = [one for one in rows if len(one)]
    if len(several) <= 1:
        return several[0] if several else NO_ROWS
    return VectorRows(
        np.concatenate([one.cells for one in several]),
        np.concatenate([one.ids for one in several]),
        np.concatenate([one.codes for one in several]),
    )


def by_cell(rows: VectorRows) -> Iterator[VectorRows]:
    """Yields the vectors of each cell."""
    bounds = [0, *(np.flatnonzero(np.diff(rows.cells)) + 1).tolist(), len(rows)]
    yield from (rows.at(slice(at, end)) for at, end in itertools.pairwise(bounds)) if len(rows) else ()


class _Stream:
    """The vectors of a segment that were not removed, cell by cell."""

    def __init__(self, reader: Reader) -> None:
        blocks = (rows.without(reader.removed) for rows in vectors_of(reader))
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
