"""Matching: sets of entries that are the same as those found by reading every entry."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import pytest
from pyroaring import BitMap64

from kb.models import EntryKind
from kb.search.index import Reader
from kb.search.index.facet_tokens import facet_token
from kb.search.index.reading import snapshot
from kb.search.index.writing import remove_entries
from kb.search.language.query import parse_query
from kb.search.results.matching import Criteria, Matches, Term, frequency, match_all, match_any
from tests.search.conftest import Build, Draft

TODAY = dt.date(2026, 4, 1)
MARCH = [dt.date(2026, 3, day) for day in (1, 5, 9)]
OPEN, BLOCKER = facet_token("is", "open"), facet_token("is", "blocker")
DRAFTS = (
    Draft("Valve sticks", "in the morning", day=MARCH[0]),  # 1
    Draft("Pump leaks", "behind the valve", day=MARCH[1]),  # 2
    Draft("Replace the valve", kind=EntryKind.FIX, day=MARCH[1]),  # 3
    Draft("Order a pump", kind=EntryKind.NEXT_STEP, facets=(OPEN,), day=MARCH[2]),  # 4
    Draft("Valves and pumps", kind=EntryKind.NEXT_STEP, facets=(OPEN, BLOCKER)),  # 5
)


def criteria(text: str) -> Criteria:
    query = parse_query(text, TODAY)
    return Criteria(query, tuple(Term(word) for word in query.terms))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("valve", [1, 2, 3]),
        ("valve pump", [2]),
        ("valve -pump", [1, 3]),
        ("-valve type:error", []),
        ("type:error", [1, 2]),
        ("type:error type:fix", [1, 2, 3]),  # alternatives
        ("is:open is:blocker", [5]),  # both
        ("is:open -is:blocker", [4]),
        ("valve -type:fix", [1, 2]),
        ("valve after:2026-03-05", [2, 3]),
        ("valve before:2026-03-05", [1]),
        ("after:2026-03-05 before:2026-03-09", [2, 3]),
        ("type:step after:2026-01-01", [4]),  # an undated entry is not after any day
        ("zebra", []),
    ],
)
def test_all_words_and_filters_have_to_match(build_index: Build, query: str, ids: list[int]) -> None:
    assert list(match_all(build_index(*DRAFTS), criteria(query)).ids()) == ids


@pytest.mark.parametrize(
    ("query", "ids"), [("sticks leaks zebra", [1, 2]), ("sticks order type:step", [4]), ("zebra quagga", [])]
)
def test_any_word_is_enough_but_filters_are_not(build_index: Build, query: str, ids: list[int]) -> None:
    assert list(match_any(build_index(*DRAFTS), criteria(query)).ids()) == ids


@pytest.mark.parametrize(
    ("term", "ids"),
    [
        (Term("valve"), [1, 2, 3]),
        (Term("valve", is_prefix=True), [1, 2, 3, 5]),
        (Term("vavle", alternatives=("vavle", "valve", "valves")), [1, 2, 3, 5]),
        (Term("vavle"), []),
    ],
)
def test_a_term_matches_its_word_its_beginning_or_its_alternatives(
    build_index: Build, term: Term, ids: list[int]
) -> None:
    readers = build_index(*DRAFTS)
    assert list(match_all(readers, Criteria(parse_query("", TODAY), (term,))).ids()) == ids
    assert frequency(term, readers) == len(ids)


def test_computed_filters_replace_tokens(build_index: Build) -> None:
    readers, query = build_index(*DRAFTS), parse_query("valve is:recurring", TODAY)
    computed = {facet_token("is", "recurring"): BitMap64([2, 4])}
    assert list(match_all(readers, Criteria(query, (Term("valve"),), computed)).ids()) == [2]


def test_removed_entries_match_and_count_nowhere(build_index: Build) -> None:
    build_index(*DRAFTS)
    remove_entries([2, 3])
    readers = snapshot().readers
    matches = match_all(readers, criteria("valve"))
    assert (list(matches.ids()), matches.total) == ([1], 1)
    assert matches.counts([facet_token("type", "fix")]) == [0]
    assert frequency(Term("valve"), readers) == 1


def test_matches_are_narrowed_by_token_term_title_and_ids(build_index: Build) -> None:
    matches = match_all(build_index(*DRAFTS), criteria("valve"))
    assert list(matches.with_token(facet_token("type", "error")).ids()) == [1, 2]
    assert list(matches.with_term(Term("pump")).ids()) == [2]
    assert list(matches.with_title_term(Term("valve")).ids()) == [1, 3]
    assert list(matches.only(BitMap64([1, 5])).ids()) == [1]
    assert list(matches.without(BitMap64([1, 5])).ids()) == [2, 3]
    assert matches.facet_tokens("type") == [facet_token("type", value) for value in ("error", "fix")]


def newest_by_reading(drafts: list[Draft], limit: int) -> set[int]:
    days = {number: draft.day or dt.date.min for number, draft in enumerate(drafts, 1)}
    return set(sorted(days, key=lambda number: (days[number], number), reverse=True)[:limit])


@pytest.mark.parametrize("seed", range(6))
def test_the_newest_are_those_of_the_last_days_and_then_of_the_highest_ids(build_index: Build, seed: int) -> None:
    chance = random.Random(seed)
    days = [None, *(dt.date(2024, 12, 28) + dt.timedelta(days=chance.randrange(500)) for _ in range(9))]
    drafts = [Draft("Valve sticks", day=chance.choice(days)) for _ in range(40)]
    matches = match_all(build_index(*drafts, a_segment=7), criteria("valve"))
    for limit in (0, 1, 5, 20, 39, 40, 50):
        assert set(matches.newest(limit)) == newest_by_reading(drafts, limit)


WORDS = ("valve", "pump", "gauge", "sensor")
SHAPES: dict[str, Callable[[frozenset[str]], bool]] = {
    "valve pump": lambda words: {"valve", "pump"} <= words,
    "valve -pump": lambda words: "valve" in words and "pump" not in words,
    "gauge sensor -valve -pump": lambda words: {"gauge", "sensor"} == words,
}


@pytest.mark.parametrize("query", SHAPES)
def test_matching_agrees_with_reading_every_entry(build_index: Build, query: str) -> None:
    chance = random.Random(query)
    texts = [frozenset(chance.sample(WORDS, chance.randint(1, 3))) for _ in range(60)]
    readers = build_index(*(Draft(" ".join(sorted(words))) for words in texts), a_segment=8)
    expected = [number for number, words in enumerate(texts, 1) if SHAPES[query](words)]
    assert list(match_all(readers, criteria(query)).ids()) == expected


def test_nothing_matches_where_nothing_is_indexed(db: None) -> None:
    no_readers: list[Reader] = []
    assert match_all(no_readers, criteria("valve")).total == 0
    assert match_any(no_readers, criteria("valve type:error")).total == 0
    assert Matches().newest(5) == BitMap64()
