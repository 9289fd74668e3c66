"""Ranking: what counts more, how a score is explained, and which entries are scored if there are too many."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from kb.models import EntryKind, SearchEntry
from kb.search.index import Reader
from kb.search.index.facet_tokens import facet_token
from kb.search.language.query import parse_query
from kb.search.results.matching import Criteria, Matches, Term, match_all, match_any
from kb.search.results.ranking import Ranked, Ranking, select_candidates, select_candidates_any
from tests.search.conftest import Build, Draft

TODAY = dt.date(2026, 4, 1)
WORKED = facet_token("has", "workingfix")


def matched(readers: list[Reader], *terms: Term) -> Matches:
    return match_all(readers, Criteria(parse_query("", TODAY), terms))


def ranked(readers: list[Reader], *terms: Term, states_error: bool = False, limit: int = 20) -> list[Ranked]:
    page = Ranking(matched(readers, *terms), terms, readers, states_error=states_error).page(0, limit)
    return [hit for told in page for hit in told]


def order(readers: list[Reader], *terms: Term, states_error: bool = False) -> list[int]:
    return [hit.entry.pk for hit in ranked(readers, *terms, states_error=states_error)]


FILLING = "many other words stand between here and there so that the record is long " * 3
# what counts more → the better entry, the worse entry, the terms
PREFERENCES = {
    "title before body": (Draft("Turbine stalls", "at night"), Draft("Pump leaks", "the turbine"), [Term("turbine")]),
    "short before long": (Draft("Pump", "turbine wet"), Draft("Pump", f"turbine wet {FILLING}"), [Term("turbine")]),
    "whole word before beginning": (
        Draft("Pump leaks", "at night"),
        Draft("Pumping stops", "at night"),
        [Term("pump", is_prefix=True)],
    ),
    "typed word before correction": (
        Draft("Pump leaks", "at night"),
        Draft("Dump leaks", "at night"),
        [Term("pump", alternatives=("pump", "dump"))],
    ),
    "working fix before none": (Draft("Pump leaks", facets=(WORKED,)), Draft("Pump leaks"), [Term("pump")]),
    "error before next step": (
        Draft("Pump leaks"),
        Draft("Pump leaks", kind=EntryKind.NEXT_STEP),
        [Term("pump")],
    ),
    "newer before older": (
        Draft("Pump leaks", day=dt.date(2026, 3, 2)),
        Draft("Pump leaks", day=dt.date(2026, 3, 1)),
        [Term("pump")],
    ),
    "dated before undated": (Draft("Pump leaks", day=dt.date(2026, 3, 2)), Draft("Pump leaks"), [Term("pump")]),
}


@pytest.mark.parametrize("worse_first", [True, False])
@pytest.mark.parametrize("name", PREFERENCES)
def test_what_counts_more(build_index: Build, name: str, worse_first: bool) -> None:
    better, worse, terms = PREFERENCES[name]
    readers = build_index(*((worse, better) if worse_first else (better, worse)))
    assert order(readers, *terms) == ([2, 1] if worse_first else [1, 2])


def test_a_rare_word_counts_more_than_a_common_one(build_index: Build) -> None:
    readers = build_index(*(Draft("Pump leaks") for _ in range(5)), Draft("Valve leaks"))
    terms = (Term("pump"), Term("valve"))
    matches = match_any(readers, Criteria(parse_query("", TODAY), terms))
    assert Ranking(matches, terms, readers).best(1) == [6]


def test_a_stated_error_looks_for_errors_and_fixes(build_index: Build) -> None:
    readers = build_index(Draft("Pump leaks", FILLING), Draft("Pump leaks", "at night", EntryKind.COMMAND))
    assert order(readers, Term("leaks")) == [2, 1]
    assert order(readers, Term("leaks"), states_error=True) == [1, 2]


def test_the_fourth_hit_of_a_session_comes_after_those_of_others(build_index: Build) -> None:
    day = dt.date(2026, 3, 9)
    drafts = [Draft("Sensor drifts", day=day, session="many") for _ in range(5)]
    readers = build_index(*drafts, Draft("Gauge", "of a sensor in the hall behind"))
    assert order(readers, Term("sensor")) == [5, 4, 3, 6, 2, 1]


def test_an_entry_that_was_deleted_meanwhile_is_left_out(build_index: Build) -> None:
    readers = build_index(Draft("Pump leaks"), Draft("Pump leaks"))
    SearchEntry.objects.filter(pk=2).delete()
    assert order(readers, Term("pump")) == [1]


@pytest.mark.parametrize("states_error", [True, False])
def test_the_parts_of_a_score_make_up_the_score(build_index: Build, states_error: bool) -> None:
    readers = build_index(
        Draft("Pump leaks", "the pump is wet", facets=(WORKED,)),
        Draft("Pumping stops", "a valve leaks at night"),
        Draft("Valve", "leaks pumps", EntryKind.FIX),
        *(Draft("Gauge") for _ in range(20)),
    )
    hits = ranked(readers, Term("pump", is_prefix=True), Term("leaks"), states_error=states_error)
    assert len(hits) == 3
    for hit in hits:
        points = sum(part.points for part in hit.score_parts)
        factors = math.prod(part.factor for part in hit.score_parts if part.factor)
        assert hit.score == pytest.approx(points * factors, abs=0.05 * factors * len(hit.score_parts))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Term("pump"), "“pump” in the title"),
        (Term("pu", is_prefix=True), "a word starting with “pu” in the title"),
        (Term("bump", alternatives=("bump", "pump")), "a word similar to “bump” in the title"),
    ],
)
def test_a_score_is_explained_in_words(build_index: Build, term: Term, text: str) -> None:
    assert ranked(build_index(Draft("Pump leaks")), term)[0].score_parts[0].text == text


def test_pages_follow_one_another(build_index: Build) -> None:
    readers = build_index(*(Draft("Pump leaks") for _ in range(9)), a_segment=4)
    terms = (Term("pump"),)
    ranking = Ranking(matched(readers, *terms), terms, readers, shown=9)
    entries = [told[0].entry.pk for offset in (0, 4, 8) for told in ranking.page(offset, 4)]
    assert entries == ranking.best(20) == [9, 8, 7, 6, 5, 4, 3, 2, 1]


def test_all_matches_are_candidates_if_there_are_few(build_index: Build) -> None:
    readers = build_index(Draft("Pump leaks"), Draft("Pump stops"))
    matches = matched(readers, Term("pump"))
    assert select_candidates(matches, [Term("pump")], 2) is matches


def test_the_best_tiers_are_candidates_first_and_in_each_the_newest(build_index: Build) -> None:
    days = [dt.date(2026, 3, day) for day in range(1, 7)]
    readers = build_index(
        Draft("Pump leaks", facets=(WORKED,), day=days[0]),  # 1: in the title, a fix worked
        Draft("Pump leaks", day=days[1]),  # 2: in the title, an error
        Draft("Pump leaks", kind=EntryKind.COMMAND, day=days[2]),  # 3: in the title
        Draft("Valve", "of a pump", day=days[3]),  # 4: an error
        Draft("Valve", "of a pump", EntryKind.COMMAND, day=days[4]),  # 5
        Draft("Valve", "of a pump", EntryKind.COMMAND, day=days[5]),  # 6
    )
    matches = matched(readers, Term("pump"))
    expected = [{1}, {1, 2}, {1, 2, 3}, {1, 2, 3, 4}, {1, 2, 3, 4, 6}]
    assert [set(select_candidates(matches, [Term("pump")], n).ids()) for n in range(1, 6)] == expected


def test_of_any_word_the_rarest_are_candidates_first(build_index: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.search.results.ranking._MAX_CANDIDATES_ANY", 2)
    readers = build_index(Draft("Valve"), Draft("Pump"), Draft("Pump"), Draft("Pump"))
    terms = [Term("pump"), Term("valve")]
    matches = match_any(readers, Criteria(parse_query("", TODAY), tuple(terms)))
    assert set(select_candidates_any(matches, terms, readers, 1).ids()) == {1, 4}


def test_entries_with_all_words_come_before_near_ones(build_index: Build) -> None:
    seals = [Draft("Seal")] * 2
    drafts = Draft("Pump leaks at the seal"), Draft("Valve"), Draft("Pump leaks badly"), Draft("Pump"), *seals
    readers, terms = build_index(*drafts), [Term("pump"), Term("leaks"), Term("seal")]
    everything = match_all(readers, Criteria(parse_query("type:error", dt.date(2026, 3, 1)), ()))

    def order(words_first: bool) -> list[int]:
        return Ranking(everything, terms, readers, cosines={2: 0.9, 4: 0.8}, words_first=words_first).best(4)

    assert order(words_first=True)[:2] == [1, 3]
    assert order(words_first=False)[0] == 2


def test_common_words_without_the_rare_one_are_not_most_of_them(build_index: Build) -> None:
    common = [Draft("Pump leaks")] * 5
    readers = build_index(Draft("Valve"), Draft("EPIPE in the log"), *common)
    terms = [Term("pump"), Term("leaks"), Term("epipe")]
    everything = match_all(readers, Criteria(parse_query("type:error", dt.date(2026, 3, 1)), ()))
    near = Ranking(everything, terms, readers, cosines={1: 0.9}).best(7)
    assert near[0] == 1
    assert Ranking(everything, terms, readers, cosines={1: 0.9}, named=["epipe"]).best(7)[:2] == [2, 1]


def test_meaning_counts_little_where_words_say_it_all(build_index: Build) -> None:
    readers = build_index(Draft("Pump leaks"), Draft("Valve", "the pump leaks " + "badly " * 40))
    found = matched(readers, Term("pump"), Term("leaks"))

    def best(*, words_suffice: bool) -> int:
        cosines = {1: 0.4, 2: 0.5}
        terms = [Term("pump"), Term("leaks")]
        return Ranking(found, terms, readers, cosines=cosines, words_suffice=words_suffice).best(1)[0]

    assert (best(words_suffice=True), best(words_suffice=False)) == (1, 2)
