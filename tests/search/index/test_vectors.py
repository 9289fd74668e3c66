"""Vectors in segments: found by meaning, merged, removed, and checked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pyroaring import BitMap64

from kb.models import Block
from kb.search.index import merging
from kb.search.index.checking import check_index
from kb.search.index.facet_tokens import EVERYTHING
from kb.search.index.nearest import nearest
from kb.search.index.postings import NewPostings, checksum
from kb.search.index.reading import PLANES_MARK, SIGNS_MARK, DamagedSegmentError, Reader, clear_cache, snapshot
from kb.search.index.vectors import NO_ROWS, VectorRows, by_cell, merged_vectors, vector_blocks, vectors_of
from kb.search.index.writing import remove_entries, write_segment
from sessions.meaning.codes import Codes, codes_of, rows_of
from sessions.meaning.passage_vectors import DIMENSIONS, passage_compression

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_cache() -> Iterator[None]:
    clear_cache()
    yield
    clear_cache()


def vectors(count: int, seed: int = 0) -> Codes:
    """Codes of rows, each near the centre of a cell of its own."""
    chance = np.random.default_rng(seed)
    centres = passage_compression().centres
    rows = centres[np.arange(count) * 7 % len(centres)] + 0.02 * chance.standard_normal((count, DIMENSIONS))
    return codes_of((rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32))


def write(first: int, rows: Codes) -> None:
    ids = range(first, first + len(rows))
    postings = NewPostings()
    for entry in ids:
        postings.add(entry, [EVERYTHING])
    write_segment(postings, dict(zip(ids, rows, strict=True)))


def meaning(code: Codes) -> NDArray[np.float32]:
    """What a query means that is the same as an entry."""
    return np.asarray(rows_of(code[None])[0])


def stored(reader: Reader) -> dict[int, Codes]:
    return {
        entry: code for rows in vectors_of(reader) for entry, code in zip(rows.ids.tolist(), rows.codes, strict=True)
    }


def found(query: Codes, least: float = 0.9) -> set[int]:
    near = nearest(snapshot().readers, meaning(query), least)
    return {entry for one in near for entry in one.cosines}


def test_each_entry_is_nearest_to_its_own_vector() -> None:
    rows = vectors(40)
    write(1, rows[:25])
    write(26, rows[25:])

    assert [found(row) for row in rows] == [{number} for number in range(1, 41)]


def test_cosines_are_those_of_the_vectors() -> None:
    rows = vectors(5)
    write(1, rows)

    near = nearest(snapshot().readers, meaning(rows[2]), -1.0)

    exact = np.minimum(rows_of(rows) @ meaning(rows[2]), 1.0)
    assert dict(near[0].cosines) == pytest.approx({entry: exact[entry - 1] for entry in near[0].cosines}, abs=1e-5)
    assert 3 in near[0].cosines


def test_removed_entries_are_not_found() -> None:
    rows = vectors(3)
    write(1, rows)

    remove_entries([2])

    assert [found(row) for row in rows] == [{1}, set(), {3}]


def test_entries_that_may_not_be_found_make_room_for_others() -> None:
    rows = np.repeat(vectors(1), 700, axis=0)
    write(1, rows)

    near = nearest(snapshot().readers, meaning(rows[0]), 0.9, lambda _reader, entries: entries & BitMap64([3, 650]))

    assert [set(one.cosines) for one in near] == [{3, 650}]


def test_a_segment_without_vectors_has_nothing_near() -> None:
    postings = NewPostings()
    postings.add(1, [EVERYTHING])
    postings.add(2, [EVERYTHING])
    write_segment(postings)

    assert found(vectors(1)[0], least=-1.0) == set()
    assert snapshot().readers[0].sign_directory() == ((), ())


def test_the_nearest_of_many_are_those_of_all_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.search.index.nearest._ROUGHLY", 400)
    monkeypatch.setattr("kb.search.index.nearest._CLOSELY", 40)
    chance = np.random.default_rng(5)
    plain = chance.standard_normal((5000, DIMENSIONS))
    plain[100:2000:100] += 1.5 * plain[17]  # these nineteen are near it
    rows = codes_of((plain / np.linalg.norm(plain, axis=1, keepdims=True)).astype(np.float32))
    write(1, rows[:2500])
    write(2501, rows[2500:])
    query = meaning(rows[17])

    near = {entry: cosine for one in nearest(snapshot().readers, query, -1.0) for entry, cosine in one.cosines.items()}

    exact = rows_of(rows) @ query
    assert len(near) == 40
    assert set((np.argsort(-exact)[:20] + 1).tolist()) <= set(near)
    assert near == pytest.approx({entry: exact[entry - 1] for entry in near}, abs=1e-5)


@pytest.mark.parametrize("count", [1, 127, 128, 129, 700, 2100])
def test_a_merge_keeps_what_was_not_removed(count: int) -> None:
    rows = vectors(count * 2)
    write(1, rows[:count])
    write(count + 1, rows[count:])
    gone = set(range(1, count * 2, 3))
    remove_entries(gone)

    assert merging.merge_all()

    (reader,) = snapshot().readers
    merged = [block for rows in merged_vectors([reader]) for block in rows.ids.tolist()]
    assert sorted(merged) == sorted(set(range(1, count * 2 + 1)) - gone)
    assert all(np.array_equal(code, rows[entry - 1]) for entry, code in stored(reader).items())
    kept = next(iter(set(range(1, count * 2 + 1)) - gone))
    assert kept in found(rows[kept - 1])
    assert check_index().damaged == set()


def test_blocks_are_cut_between_cells() -> None:
    rows = VectorRows.of(dict(enumerate(np.repeat(vectors(4), 1500, axis=0))))

    names = [name.removeprefix(SIGNS_MARK) for name, _ in vector_blocks(by_cell(rows)) if PLANES_MARK not in name]

    cells = sorted(set(rows.cells.tolist()))
    assert names == [
        f"0000000000-03000-{cells[0]:05}-{cells[1]:05}",
        f"0000003000-03000-{cells[2]:05}-{cells[3]:05}",
    ]


def test_a_large_cell_has_several_blocks() -> None:
    write(1, np.repeat(vectors(1), 5000, axis=0))

    (reader,) = snapshot().readers
    assert len(reader.sign_directory()[1]) == 2
    assert set(stored(reader)) == set(range(1, 5001))
    assert 0 < len(found(vectors(1)[0])) <= 5000


def test_no_vectors_have_no_blocks() -> None:
    assert list(vector_blocks([NO_ROWS])) == []


@pytest.mark.parametrize("mark", [SIGNS_MARK, PLANES_MARK], ids=["signs", "planes"])
@pytest.mark.parametrize(
    ("data", "fault"), [(b"\xc1", "its checksum is wrong"), (None, "it cannot be decoded")], ids=["torn", "undecodable"]
)
def test_a_damaged_block_is_named_and_the_rest_is_found(data: bytes | None, fault: str, mark: str) -> None:
    rows = vectors(2)
    write(1, rows[:1])
    write(2, rows[1:])
    block = Block.objects.filter(first__startswith=mark).order_by("pk")[0]
    _damage(block, data)

    with pytest.raises(DamagedSegmentError, match=fault):
        found(rows[0])
    report = check_index()
    assert report.damaged == {block.segment_id}
    assert fault in report.faults[0]


def _damage(block: Block, data: bytes | None) -> None:
    if data is None:
        Block.objects.filter(pk=block.pk).update(data=b"\xc1", checksum=checksum(b"\xc1"))
    else:
        Block.objects.filter(pk=block.pk).update(data=data)
