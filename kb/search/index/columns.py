"""Columns: what each entry of a segment has for a facet with one value, found by its place among the entries.

To ask for the months and lengths of a few hundred entries token by token takes some sixty intersections a segment. A
column is derived from the stored sets when it is first needed: nothing more is stored.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap64

Column = NDArray[np.uint16]
"""For each entry, in the order of their ids, the number of its set, from 1; 0 if it is in none."""


def column(everything: BitMap64, sets: Sequence[BitMap64]) -> Column:
    """Returns the column of disjoint sets of entries: 50 ms for a million entries."""
    ids = _ids(everything)
    numbers = np.zeros(len(ids), dtype=np.uint16)
    for number, entries in enumerate(sets, 1):
        numbers[np.searchsorted(ids, _ids(entries))] = number
    return numbers


def places(everything: BitMap64, entries: BitMap64) -> list[int]:
    """Returns the places of some entries in a column."""
    return [everything.rank(entry) - 1 for entry in entries]


def _ids(entries: BitMap64) -> NDArray[np.uint64]:
    return np.frombuffer(entries.to_array(), dtype=np.uint64)
