"""Vectors in four bits a number, kept in planes: the first bits of all numbers alone tell what may be near.

Numbers in random directions are spread alike, about normally, so one scale serves all of them, and the signs of two
vectors differ in as many places as the vectors are apart (Charikar, "Similarity estimation techniques from rounding
algorithms", 2002; Gao and Long, "RaBitQ", 2024). Signs find the candidates, all four bits put them in order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]
_PLANES = 4
_STEP = 0.335  # standard deviations, by which sixteen equal steps err least on normal numbers (Max, 1960)
_MIDDLE = 2**_PLANES / 2


def code_bytes(dimensions: int) -> int:
    """Returns how many bytes the code of a vector has; a fourth of them are its signs."""
    return _PLANES * sign_bytes(dimensions)


def sign_bytes(dimensions: int) -> int:
    return dimensions // 8


def codes_of(rows: NDArray[np.float32]) -> Codes:
    """Returns a row of `code_bytes` for each row, of length 1, in random directions. Dimensions divide by 8."""
    scaled = rows * np.float32(rows.shape[1] ** 0.5 / _STEP)
    levels = np.clip(np.floor(scaled) + _MIDDLE, 0, 2 * _MIDDLE - 1).astype(np.uint8)
    planes = [np.packbits(levels >> bit & 1, axis=1) for bit in reversed(range(_PLANES))]
    return np.hstack(planes)


def rows_of(codes: Codes) -> NDArray[np.float32]:
    """Returns the rows that codes stand for, of length 1: their products with those of queries are nearly cosines."""
    planes = np.unpackbits(codes.reshape(len(codes), _PLANES, codes.shape[1] // _PLANES), axis=2)
    levels = sum((planes[:, at].astype(np.float32) * 2 ** (_PLANES - 1 - at) for at in range(_PLANES)), np.float32(0.5))
    rows = levels - np.float32(_MIDDLE)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def signs_of(codes: Codes) -> Codes:
    """Returns the first plane of codes: a bit for each number that is not below zero."""
    return codes[:, : codes.shape[1] // _PLANES]


def signs_of_query(query: NDArray[np.float32]) -> Codes:
    """Returns the signs of a query's numbers, as codes have them."""
    return np.packbits(query >= 0)


def products_of_signs(signs: Codes, query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns numbers, one for each row of signs, that order rows nearly as their cosines with a query do."""
    return np.asarray(np.unpackbits(signs, axis=1).astype(np.float32) @ query, dtype=np.float32)
