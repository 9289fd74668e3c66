"""Facets: exact counts, and queries that switch a value on or off."""

from __future__ import annotations

import datetime as dt

import pytest

from kb.models import EntryKind
from kb.search.index.facet_tokens import facet_token
from kb.search.language.query import parse_query
from kb.search.results.counting import FacetValue, count_facets
from kb.search.results.matching import Criteria, Term, match_all
from sessions.models import Error, FileChange, Project, SessionLog
from tests.search.conftest import Build, Draft

TODAY = dt.date(2026, 4, 1)
DRAFTS = (
    Draft("Pump leaks", facets=(facet_token("status", "in_progress"), facet_token("project", "my shop"))),
    Draft("Pump stops", facets=(facet_token("status", "fixed"), facet_token("project", "harbor"))),
    Draft("Pump", kind=EntryKind.NEXT_STEP, facets=(facet_token("p", "0"),), day=dt.date(2026, 3, 1)),
    Draft("Valve", kind=EntryKind.FIX),
)


def facets(build_index: Build, text: str, *drafts: Draft) -> dict[str, list[FacetValue]]:
    readers, query = build_index(*(drafts or DRAFTS), a_segment=4), parse_query(text, TODAY)
    matches = match_all(readers, Criteria(query, tuple(Term(word) for word in query.terms)))
    return {facet.name: list(facet.values) for facet in count_facets(text, query, matches, list(matches.ids()))}


def test_counts_are_those_of_the_matches(build_index: Build) -> None:
    counts = {name: {v.value: v.count for v in values} for name, values in facets(build_index, "pump").items()}
    assert counts == {
        "type": {"error": 2, "step": 1},
        "status": {"fixed": 1, "in_progress": 1},
        "p": {"0": 1},
        "project": {"harbor": 1},
        "year": {"2026": 1},
    }


@pytest.mark.parametrize(
    ("text", "facet", "value", "label", "toggled"),
    [
        ("pump", "type", "step", "next step", "pump type:step"),
        ("pump", "p", "0", "P0", "pump p:0"),
        ("pump", "status", "in_progress", "in progress", "pump status:in_progress"),
        ("pump ", "year", "2026", "2026", "pump year:2026"),
        ("type:error pump", "type", "error", "error", "pump"),  # off again
        ("type:error", "type", "error", "error", ""),
    ],
)
def test_a_value_has_a_label_and_a_query_that_toggles_it(
    build_index: Build, text: str, facet: str, value: str, label: str, toggled: str
) -> None:
    found = next(v for v in facets(build_index, text)[facet] if v.value == value)
    assert (found.label, found.query, found.is_selected) == (label, toggled, f"{facet}:{value}" in text)


def test_values_with_spaces_are_quoted(build_index: Build) -> None:
    Project.objects.create(name="my shop")
    values = facets(build_index, "pump")["project"]
    assert [(value.value, value.query) for value in values] == [
        ("harbor", "pump project:harbor"),
        ("my shop", 'pump project:"my shop"'),
    ]


def test_a_selected_value_is_first_and_stays_without_matches(build_index: Build) -> None:
    values = facets(build_index, "pump type:step type:fix")["type"]
    assert [(value.value, value.count, value.is_selected) for value in values] == [("step", 1, True), ("fix", 0, True)]


def test_the_most_common_values_are_first_and_eight_are_shown(build_index: Build) -> None:
    languages = ["sql", *"abcdefgh", "sql"]
    drafts = (Draft("run", kind=EntryKind.COMMAND, facets=(facet_token("lang", name),)) for name in languages)
    values = facets(build_index, "run", *drafts)["lang"]
    assert [(value.value, value.count) for value in values] == [("sql", 2), *((name, 1) for name in "abcdefg")]


def test_exceptions_and_files_are_those_of_the_best_entries(build_index: Build) -> None:
    indexed = tuple(facet_token(name, value) for name, value in (("exception", "LeakError"), ("file", "pump.py")))
    others = tuple(facet_token(name, value) for name, value in (("exception", "KeyError"), ("file", "valve.py")))
    readers = build_index(*(Draft("Pump leaks", facets=names) for names in (indexed, indexed, others)))
    place = {"key": "k", "position": 0, "line": 1, "first_line": 1, "last_line": 1}
    session = SessionLog.objects.get(search_entries=1)
    Error.objects.create(pk=1, session=session, title="", exception="orm.errors.LeakError", **place)
    FileChange.objects.create(session=session, path="src/pump.py", **place)
    query = parse_query("pump", TODAY)
    matches = match_all(readers, Criteria(query, (Term("pump"),)))
    counts = {facet.name: [(v.value, v.count) for v in facet.values] for facet in count_facets("", query, matches, [1])}
    assert counts["exception"] == [("LeakError", 2)]
    assert counts["file"] == [("pump.py", 2)]
