"""Compiled queries: whatever was asked before, they return what the query itself returns, as Django converts it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from kb.models import SearchEntry, Segment
from kb.search.index.compiled import CompiledQuery
from tests.search.conftest import Build, Draft


@pytest.fixture
def entries(build_index: Build) -> None:
    build_index(*(Draft(f"Pump {n}", day=dt.date(2026, 3, n) if n % 2 else None) for n in range(1, 21)))


def by_keys(keys: Sequence[int]) -> QuerySet[SearchEntry, tuple[int, str, dt.date | None]]:
    found = SearchEntry.objects.filter(kind__lt=100, pk__in=keys, line__lt=50).order_by("-pk")
    return found.values_list("pk", "title", "session__date")


@pytest.mark.usefixtures("entries")
def test_rows_are_those_of_the_query() -> None:
    compiled = CompiledQuery(by_keys)
    for keys in ([3], [], [20, 1, 3], list(range(1, 8)), [99, 5], [4, 4], list(range(1, 300)), list(range(1, 21))) * 2:
        assert compiled.rows(keys) == list(by_keys(keys))
    assert compiled.rows([3]) == [(3, "Pump 3", dt.date(2026, 3, 3))]


@pytest.mark.usefixtures("entries")
def test_a_query_without_keys() -> None:
    segments = CompiledQuery(lambda _: Segment.objects.order_by("first").values_list("id", "size"))
    assert segments.rows() == list(Segment.objects.order_by("first").values_list("id", "size"))


@pytest.mark.usefixtures("entries")
def test_numbers_of_keys_share_few_statements() -> None:
    compiled = CompiledQuery(by_keys)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for count in range(1, 400):
            compiled.rows(list(range(count)))
    shapes = {query["sql"].count(",") for query in asked}
    assert len(asked) == 399
    assert len(shapes) <= 11
