"""Completion: the filters there are, and the values that entries have."""

from __future__ import annotations

import pytest

from kb.search.index.facet_tokens import facet_token
from kb.search.index.writing import remove_entries
from kb.search.language.completion import filter_names, filter_values
from kb.search.language.filters import DATE_FILTERS, FILTERS
from sessions.models import Project
from tests.search.conftest import Build, Draft


def test_every_filter_is_named_with_its_meaning() -> None:
    assert filter_names().keys() == {*FILTERS, *DATE_FILTERS}
    assert all(filter_names().values())


@pytest.mark.parametrize(
    ("name", "prefix", "values"),
    [
        ("is", "re", ["recurring", "regressed"]),
        ("is", "RE", ["recurring", "regressed"]),
        ("p", "", ["0", "1", "2", "3"]),
        ("meaning", "o", ["off", "on"]),
        ("after", "1", ["1d", "1m", "1y"]),
        ("before", "x", []),
        ("nonsense", "", []),
    ],
)
def test_values_that_are_always_the_same(name: str, prefix: str, values: list[str]) -> None:
    assert filter_values(name, prefix) == values


def test_projects_are_those_there_are(db: None) -> None:
    for name in ("harbor", "Hangar", "lumen"):
        Project.objects.create(name=name)
    assert filter_values("project", "ha") == ["Hangar", "harbor"]


def index_exceptions(build_index: Build, *names: str) -> None:
    build_index(*(Draft("Pump leaks", facets=(facet_token("exception", name),)) for name in names))


def test_values_are_those_of_entries_the_shortest_first(build_index: Build) -> None:
    index_exceptions(build_index, "KeyError", "KeyboardInterrupt", "Key", "ValueError")
    assert filter_values("exception", "key") == ["key", "keyerror", "keyboardinterrupt"]
    assert filter_values("exception", "KeyE") == ["keyerror"]
    assert len(filter_values("exception", "")) == 4
    assert filter_values("exception", " ") == []


def test_a_dozen_values_are_enough(build_index: Build) -> None:
    index_exceptions(build_index, *(f"E{number}" for number in range(100, 140)))
    assert filter_values("exception", "e1") == [f"e{number}" for number in range(100, 112)]


def test_values_of_removed_entries_are_not_offered(build_index: Build) -> None:
    index_exceptions(build_index, "KeyError", "KeyboardInterrupt")
    remove_entries([1])
    assert filter_values("exception", "key") == ["keyboardinterrupt"]
