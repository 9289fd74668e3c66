"""Columns: they tell of each entry what asking for every token of a facet would tell."""

from __future__ import annotations

import datetime as dt

import pytest
from pyroaring import BitMap64

from kb.search.index import Reader, merge_segments
from kb.search.index.columns import Places, column
from kb.search.index.facet_tokens import EVERYTHING
from kb.search.index.reading import cache_size, clear_cache, snapshot
from kb.search.index.writing import remove_entries
from kb.search.results.matching import Matches
from tests.search.conftest import Build, Draft

FACETS = ("month", "size", "title-size")
DRAFTS = [
    Draft(
        "Pump leaks", "at night " * number, day=dt.date(2025 + number % 2, 1 + number % 12, 9) if number % 3 else None
    )
    for number in range(20)
]


def everything(readers: list[Reader]) -> Matches:
    return Matches(tuple((reader, reader.entries(EVERYTHING) - reader.removed) for reader in readers))


def asked_by_token(matches: Matches, facet: str) -> dict[int, str]:
    tokens = matches.facet_tokens(facet)
    return {entry: token for token in tokens for entry in matches.with_token(token).ids()}


@pytest.mark.parametrize("a_segment", [1, 3, 20])
def test_values_are_those_of_the_tokens(build_index: Build, a_segment: int) -> None:
    build_index(*DRAFTS, a_segment=a_segment)
    for _ in range(2):  # before and after merging
        matches = everything(snapshot().readers)
        for some in (matches, matches.only(BitMap64([2, 3, 11])), matches.only(BitMap64())):
            values = some.values_of(*FACETS)
            assert values == [asked_by_token(some, facet) for facet in FACETS]
            assert len(values[1]) == some.total
        merge_segments()


def test_undated_entries_have_no_month(build_index: Build) -> None:
    (months,) = everything(build_index(*DRAFTS)).values_of("month")
    assert set(months) == {number for number, draft in enumerate(DRAFTS, 1) if draft.day}
    assert months[2] == "§month=2026-02"


def test_places_do_not_move_when_entries_are_removed(build_index: Build) -> None:
    build_index(*DRAFTS, a_segment=7)
    before = everything(snapshot().readers).values_of(*FACETS)
    remove_entries([1, 2, 8, 19])
    after = everything(snapshot().readers).values_of(*FACETS)
    assert after == [{entry: v for entry, v in values.items() if entry not in {1, 2, 8, 19}} for values in before]
    merge_segments()
    assert everything(snapshot().readers).values_of(*FACETS) == after


def test_ids_may_be_far_apart() -> None:
    ids = BitMap64([3, 4, 70_000, 2**33, 2**40])
    places = Places.of(ids)
    numbers = column(places, [BitMap64([4, 2**40]), BitMap64([70_000])])
    assert numbers.tolist() == [0, 1, 2, 0, 1]
    assert numbers[places.at(BitMap64([4, 2**33, 2**40]))].tolist() == [1, 0, 1]


def test_a_column_is_counted_in_the_cache(build_index: Build) -> None:
    matches = everything(build_index(*DRAFTS, a_segment=20))
    clear_cache()
    before = cache_size()
    matches.values_of("month")
    grown = cache_size() - before
    assert grown >= 2 * len(DRAFTS)
    matches.values_of("month")
    assert cache_size() == before + grown
