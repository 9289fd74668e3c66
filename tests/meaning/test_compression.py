"""Small vectors: as near to one another as the vectors they were made of, and found by the cells they are in."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sessions.meaning.compression import STEP, Compression
from training.compression import compression_of

WIDE, TRUE, KEPT, CELLS = 64, 12, 16, 8
Floats = NDArray[np.float32]


def rows(count: int, seed: int = 0, apart: float = 0.0) -> Floats:
    """Vectors of length 1 that differ in TRUE dimensions of WIDE, all moved `apart` from the origin."""
    dice = np.random.RandomState(seed)
    basis = np.linalg.qr(np.random.RandomState(7).randn(WIDE, TRUE))[0]
    vectors = dice.randn(count, TRUE) @ basis.T
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[:, 0] += apart
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def cosines(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1)
    return np.asarray(vectors @ vectors.T / np.outer(lengths, lengths), dtype=np.float32)


@pytest.fixture(scope="module")
def plain() -> Compression:
    return compression_of(rows(600), KEPT, CELLS, centred=False)


@pytest.fixture(scope="module")
def centred() -> Compression:
    return compression_of(rows(600, apart=2.0), KEPT, CELLS, centred=True)


def test_shapes(plain: Compression) -> None:
    assert (plain.components.shape, plain.mean.shape, plain.centres.shape) == ((WIDE, KEPT), (WIDE,), (CELLS, KEPT))
    assert np.allclose(np.linalg.norm(plain.centres, axis=1), 1, atol=1e-2)


def test_projected_rows_keep_their_cosines(plain: Compression) -> None:
    vectors = rows(50, seed=1)
    projected = plain.project(vectors)
    assert projected.dtype == np.float32
    assert projected.shape == (50, KEPT)
    assert np.allclose(np.linalg.norm(projected, axis=1), 1, atol=1e-5)
    assert np.abs(projected @ projected.T - cosines(vectors)).max() < 0.005


def test_centred_rows_keep_their_cosines_about_the_mean(centred: Compression) -> None:
    vectors = rows(50, seed=1, apart=2.0)
    projected = centred.project(vectors)
    assert not is_zero(centred.mean)
    assert np.abs(projected @ projected.T - cosines(vectors - centred.mean)).max() < 0.005


def test_what_all_vectors_share_tells_nothing_once_it_is_taken_away(centred: Compression) -> None:
    vectors = rows(200, seed=1, apart=2.0)
    assert cosines(vectors).mean() > 0.5
    projected = centred.project(vectors)
    assert abs((projected @ projected.T).mean()) < 0.05


def test_a_mean_of_zeros_changes_nothing(plain: Compression) -> None:
    assert is_zero(plain.mean)
    without = Compression.from_arrays({"components": plain.components, "centres": plain.centres})
    assert np.array_equal(without.compress(rows(20)), plain.compress(rows(20)))


def test_a_quantised_row_errs_by_less_than_its_steps(plain: Compression) -> None:
    projected = plain.project(rows(200, seed=2))
    quantised = plain.quantised(projected)
    assert quantised.dtype == np.int8
    assert np.abs(quantised / STEP - projected).max() <= 0.5 / STEP + 1e-6
    products = quantised.astype(np.float32) @ quantised.astype(np.float32).T / STEP**2
    # Rows of length 1 err by at most half a step in each dimension, and so does what they are multiplied by.
    farthest = np.sqrt(KEPT) * 0.5 / STEP
    assert np.abs(products - projected @ projected.T).max() <= 2 * farthest + farthest**2 + 1e-5


def test_to_compress_is_to_project_and_quantise(centred: Compression) -> None:
    vectors = rows(30, seed=3, apart=2.0)
    assert np.array_equal(centred.compress(vectors), centred.quantised(centred.project(vectors)))


@pytest.mark.parametrize("name", ["plain", "centred"])
def test_zeros_stay_zeros(name: str, request: pytest.FixtureRequest) -> None:
    compression: Compression = request.getfixturevalue(name)
    vectors = np.vstack([rows(1), np.zeros((1, WIDE), dtype=np.float32)])
    assert [is_zero(row) for row in compression.project(vectors)] == [False, True]
    assert [is_zero(row) for row in compression.compress(vectors)] == [False, True]
    assert compression.cells(compression.compress(vectors), 3)[1].tolist() == [0, 1, 2]


def test_no_rows_are_no_rows(centred: Compression) -> None:
    small = centred.compress(np.zeros((0, WIDE), dtype=np.float32))
    assert small.shape == (0, KEPT)
    assert centred.cells(small, 3).shape == (0, 3)


@pytest.mark.parametrize("count", [1, 3, CELLS])
def test_cells_are_the_nearest_the_nearest_first(plain: Compression, count: int) -> None:
    small = plain.compress(rows(40, seed=4))
    distances = [[float(np.linalg.norm(row / STEP - centre)) for centre in plain.centres] for row in small]
    found = plain.cells(small, count)
    assert found.shape == (40, count)
    for cells, far in zip(found.tolist(), distances, strict=True):
        # Lengths that halves rounded may change the order of centres that are as far away.
        assert [far[cell] for cell in cells] == pytest.approx(sorted(far)[:count], abs=0.01)


def test_a_centre_is_in_its_own_cell(plain: Compression) -> None:
    assert plain.cells(plain.centres, 1)[:, 0].tolist() == list(range(CELLS))


def test_rows_before_and_after_quantising_are_in_one_cell(plain: Compression) -> None:
    projected = plain.project(rows(300, seed=5))
    same = plain.cells(projected, 1) == plain.cells(plain.quantised(projected), 1)
    assert same.mean() > 0.97


def test_many_rows_have_the_cells_of_each_alone(plain: Compression) -> None:
    small = plain.compress(rows(9000, seed=6))
    cells = plain.cells(small, 2)
    assert cells.shape == (9000, 2)
    assert [cells[at].tolist() for at in (0, 4095, 4096, 8999)] == [
        plain.cells(small[at : at + 1], 2)[0].tolist() for at in (0, 4095, 4096, 8999)
    ]


def test_the_same_vectors_are_fitted_the_same(plain: Compression) -> None:
    again = compression_of(rows(600), KEPT, CELLS, centred=False)
    assert np.array_equal(again.components, plain.components)
    assert np.array_equal(again.centres, plain.centres)


def test_halves_are_fitted_as_floats_are(centred: Compression) -> None:
    halves = compression_of(rows(600, apart=2.0).astype(np.float16), KEPT, CELLS, centred=True)
    assert np.allclose(halves.mean, centred.mean, atol=1e-3)


def test_few_vectors_have_a_cell_each() -> None:
    assert compression_of(rows(5), KEPT, CELLS, centred=True).centres.shape == (5, KEPT)


def is_zero(numbers: NDArray[np.generic]) -> bool:
    return not np.any(numbers)
