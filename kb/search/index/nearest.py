"""The entries nearest to a query in meaning: roughly by their signs, then the best of them by all that is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap64

from kb.search.index import sizes
from kb.search.index.reading import Reader, cached_blocks
from kb.search.index.vectors import (
    ROWS_OF_PLANES,
    SignDirectory,
    SignRows,
    sign_directory,
    unpacked_planes,
    unpacked_signs,
)
from sessions.meaning.codes import Codes, products_of_signs, rows_of, signs_of_query
from sessions.meaning.passage_vectors import passage_compression

Passing = Callable[[Reader, BitMap64], BitMap64]
_Query = NDArray[np.float32]
_Numbers = NDArray[np.intp]
_ROWS_COMPARED = 500_000  # with a query, about: 10 ms
_FEWEST_PROBED = 128  # cells of 512: questions in other words find as much in them as in all, and less in 64
_ROUGHLY, _ROUGHLY_OF_SOME = 4000, 20_000  # rows whose signs differ least; filters leave some of more
_ROWS_SAMPLED = 50_000
_CLOSELY = 300  # rows of which all planes are read


@dataclass(frozen=True, slots=True)
class Near:
    """The entries of a segment that are near a query in meaning, without removed ones, and their cosines with it."""

    reader: Reader
    cosines: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of signs. `start`: the number of its first row within the segment."""

    reader: Reader
    start: int
    signs: SignRows


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of blocks: the number of the block of each, its number within the block, and its entry, in this order."""

    blocks: _Numbers
    within: _Numbers
    ids: NDArray[np.int64]

    def at(self, where: NDArray[np.bool_] | _Numbers) -> _Rows:
        return _Rows(self.blocks[where], self.within[where], self.ids[where])


def nearest(readers: Sequence[Reader], query: _Query, least: float, passing: Passing | None = None) -> list[Near]:
    """Returns the entries whose cosine with a query of DIMENSIONS numbers and length 1 is at least `least`.

    There are at most some hundreds, the nearest. `passing` returns those entries of a segment that may be among them.
    """
    blocks = _blocks_near(readers, query)
    if not blocks:
        return []
    limit = _ROUGHLY_OF_SOME if passing else _ROUGHLY
    rows = _allowed(_roughly_nearest(blocks, query, limit), blocks, passing)
    if not len(rows.ids):
        return []
    signs = _signs_of(rows, blocks)
    closest = _largest(products_of_signs(signs, query), _CLOSELY)
    rows, signs = rows.at(closest), signs[closest]
    cosines = rows_of(np.hstack([signs, _planes_of(rows, blocks)])) @ query
    near: dict[int, Near] = {}
    for row in np.flatnonzero(cosines >= least).tolist():
        reader = blocks[rows.blocks[row]].reader
        near.setdefault(reader.number, Near(reader, {})).cosines[int(rows.ids[row])] = min(float(cosines[row]), 1.0)
    return list(near.values())


def _blocks_near(readers: Sequence[Reader], query: _Query) -> list[_Block]:
    """Returns the blocks that have rows in the cells nearest to a query."""
    directories = [sign_directory(reader) for reader in readers]
    probed = _probed(sum(directory.total for directory in directories))
    cells = np.sort(passage_compression().cells(query[None], probed)[0])
    places = [
        (reader, directory.keys[at], int(directory.starts[at]))
        for reader, directory in zip(readers, directories, strict=True)
        for at in _with_cells(directory, cells)
    ]
    signs = cached_blocks([(reader, key) for reader, key, _ in places], unpacked_signs, sizes.of_arrays)
    return [_Block(reader, start, rows) for (reader, _, start), rows in zip(places, signs, strict=True)]


def _probed(rows: int) -> int:
    """Returns how many cells to look in: all of a small index, and those of about as many rows in a large one."""
    cells = len(passage_compression().centres)
    return cells if rows <= _ROWS_COMPARED else max(_FEWEST_PROBED, cells * _ROWS_COMPARED // rows)


def _with_cells(directory: SignDirectory, cells: _Numbers) -> list[int]:
    """Returns the numbers of the blocks that may have rows in these cells, which are in order."""
    inside = np.searchsorted(cells, directory.last, "right") > np.searchsorted(cells, directory.first, "left")
    return np.flatnonzero(inside).tolist()


def _roughly_nearest(blocks: Sequence[_Block], query: _Query, limit: int) -> _Rows:
    """Returns the rows whose signs differ from those of a query in the fewest places, about `limit` of them."""
    words = signs_of_query(query).view(np.uint64)[:, None]
    # Bytes: only the opposite of a query differs in 256 places, and all planes tell that it is not near.
    counts = [np.bitwise_count(block.signs.words ^ words).sum(axis=0, dtype=np.uint8) for block in blocks]
    differences = np.concatenate(counts)
    found = np.flatnonzero(differences <= _most_differences(differences, limit))
    ends = np.cumsum([len(count) for count in counts])
    numbers = np.searchsorted(ends, found, "right")
    within = found - np.concatenate([[0], ends])[numbers]
    return _Rows(numbers, within, np.concatenate([block.signs.ids for block in blocks])[found])


def _most_differences(differences: NDArray[np.uint8], limit: int) -> int:
    """Returns in how many places about `limit` rows differ at most, judged by some of a large number of rows."""
    step = max(len(differences) // _ROWS_SAMPLED, 1)
    return int(np.searchsorted(np.bincount(differences[::step]).cumsum(), limit / step))


def _allowed(rows: _Rows, blocks: Sequence[_Block], passing: Passing | None) -> _Rows:
    """Returns those rows whose entries were not removed and pass."""
    readers = {block.reader.number: block.reader for block in blocks}
    places = {number: at for at, number in enumerate(readers)}
    of_rows = np.array([places[block.reader.number] for block in blocks])[rows.blocks]
    allowed = np.ones(len(rows.ids), dtype=bool)
    for at, reader in enumerate(readers.values()):
        if passing or reader.removed:
            of_reader = np.flatnonzero(of_rows == at)
            ids = rows.ids[of_reader].tolist()
            entries = BitMap64(ids) - reader.removed
            entries = passing(reader, entries) if passing else entries
            allowed[of_reader] = [entry in entries for entry in ids]
    return rows.at(allowed)


def _signs_of(rows: _Rows, blocks: Sequence[_Block]) -> Codes:
    """Returns the signs of rows that are in the order of their blocks."""
    numbers, starts = np.unique(rows.blocks, return_index=True)
    parts = np.split(rows.within, starts[1:])
    return np.vstack([blocks[at].signs.signs(part) for at, part in zip(numbers.tolist(), parts, strict=True)])


def _largest(values: NDArray[np.float32], limit: int) -> _Numbers:
    """Returns the places of the largest values, in order of place."""
    if len(values) <= limit:
        return np.arange(len(values))
    return np.sort(np.argpartition(-values, limit)[:limit])


def _planes_of(rows: _Rows, blocks: Sequence[_Block]) -> Codes:
    """Returns the further planes of rows, a row for each."""
    places = []
    for at, within in zip(rows.blocks.tolist(), rows.within.tolist(), strict=True):
        number, place = divmod(blocks[at].start + within, ROWS_OF_PLANES)
        reader = blocks[at].reader
        places.append((reader, reader.plane_keys()[number], place))
    wanted = {(reader.number, key): (reader, key) for reader, key, _ in places}
    planes = dict(zip(wanted, cached_blocks(list(wanted.values()), unpacked_planes, sizes.of_arrays), strict=True))
    return np.array([planes[reader.number, key][place] for reader, key, place in places])
