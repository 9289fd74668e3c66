"""About how many bytes of memory each kind of thing takes that is cached of a segment."""

from __future__ import annotations

from typing import Protocol

from pyroaring import BitMap64

from kb.search.index.postings import NOWHERE, Posting, Stored

Directory = tuple[tuple[str, ...], tuple[int, ...]]
"""The names of blocks of a segment, in order, and the blocks' keys."""
# Bytes of Python objects, measured on CPython 3.11 for 64-bit machines.
_KEY_BYTES, _BITMAP_BYTES, _CONTAINER_BYTES, _STRING_BYTES, _TOKEN_BYTES = 300, 250, 40, 60, 250


def of_posting(posting: Posting) -> int:
    if posting is NOWHERE:
        return _KEY_BYTES
    sets = (posting.entries,) if posting.titles is posting.entries else (posting.entries, posting.titles)
    return _KEY_BYTES + sum(_size_of_ids(ids) for ids in sets)


def _size_of_ids(ids: BitMap64) -> int:
    counts = ids.get_statistics()
    size = counts["n_bytes_array_containers"] + counts["n_bytes_bitset_containers"] + counts["n_bytes_run_containers"]
    return _BITMAP_BYTES + _CONTAINER_BYTES * counts["n_containers"] + size


def of_tokens(tokens: list[str]) -> int:
    return _KEY_BYTES + sum(_STRING_BYTES + len(token) for token in tokens)


class Arrays(Protocol):
    """An array, or several."""

    @property
    def nbytes(self) -> int: ...


def of_arrays(arrays: Arrays) -> int:
    return _KEY_BYTES + arrays.nbytes


def of_directories(directories: tuple[Directory, ...]) -> int:
    return _KEY_BYTES + sum(2 * _STRING_BYTES + len(first) for firsts, _ in directories for first in firsts)


def of_block(block: dict[str, Stored]) -> int:
    parts = sum(len(part) for value in block.values() for part in value if isinstance(part, bytes))
    return _KEY_BYTES + _TOKEN_BYTES * len(block) + parts
