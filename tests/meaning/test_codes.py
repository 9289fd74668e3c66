"""Codes of vectors: small, as near to one another as the vectors, and roughly so by their signs alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sessions.meaning.codes import (
    code_bytes,
    codes_of,
    products_of_signs,
    rows_of,
    sign_bytes,
    signs_of,
    signs_of_query,
)

WIDE = 64


def rows(count: int, wide: int = WIDE, seed: int = 0) -> NDArray[np.float32]:
    numbers = np.random.default_rng(seed).standard_normal((count, wide))
    return np.asarray(numbers / np.linalg.norm(numbers, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("wide", [8, 64, 256])
def test_a_number_takes_four_bits(wide: int) -> None:
    codes = codes_of(rows(5, wide))
    assert codes.shape == (5, code_bytes(wide)) == (5, wide // 2)
    assert signs_of(codes).shape == (5, sign_bytes(wide)) == (5, wide // 8)
    assert codes.dtype == np.uint8


def test_codes_stand_for_rows_of_length_1_that_are_nearly_the_same() -> None:
    exact = rows(200, 256)
    again = rows_of(codes_of(exact))
    assert np.allclose(np.linalg.norm(again, axis=1), 1, atol=1e-5)
    assert ((exact * again).sum(axis=1) > 0.98).all()
    assert np.abs(again @ again.T - exact @ exact.T).mean() < 0.01


def test_what_is_far_out_stays_within_sixteen_steps() -> None:
    one = np.eye(1, WIDE, dtype=np.float32)
    assert rows_of(codes_of(one)).argmax() == 0
    assert rows_of(codes_of(-one)).argmin() == 0


def test_signs_say_which_numbers_are_not_below_zero() -> None:
    exact = rows(20)
    assert np.array_equal(np.unpackbits(signs_of(codes_of(exact)), axis=1), exact >= 0)
    assert np.array_equal(signs_of_query(exact[3]), signs_of(codes_of(exact))[3])


def test_signs_alone_order_rows_nearly_as_cosines_do() -> None:
    exact, query = rows(500, 256), rows(1, 256, seed=9)[0]
    by_signs = products_of_signs(signs_of(codes_of(exact)), query)
    assert np.corrcoef(by_signs, exact @ query)[0, 1] > 0.75


def test_no_rows_have_no_codes() -> None:
    nothing = np.zeros((0, WIDE), dtype=np.float32)
    assert codes_of(nothing).shape == (0, code_bytes(WIDE))
    assert rows_of(codes_of(nothing)).shape == (0, WIDE)
