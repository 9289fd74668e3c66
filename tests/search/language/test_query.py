"""The query language: what each kind of part becomes, and help with mistyped filters. Any text is a query."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.search.index.facet_tokens import facet_token
from kb.search.language.query import Query, parse_query

TODAY = dt.date(2026, 4, 1)


def without_parts(query: Query) -> dict[str, object]:
    """The fields that are not as in an empty query, apart from the text of the parts."""
    fields = {name: getattr(query, name) for name in Query.__dataclass_fields__ if name not in ("parts", "problems")}
    return {name: value for name, value in fields.items() if value != getattr(Query(), name)}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", {}),
        ("Column total column", {"words": ("column", "total")}),
        ("-flaky total", {"words": ("total",), "excluded": ("flaky",)}),
        ("--no-input", {"words": ("no-input",)}),
        ('"failed to  fetch"', {"phrases": (("failed", "to", "fetch"),), "quoted": ("failed to fetch",)}),
        ('"no closing quote', {"phrases": (("no", "closing", "quote"),), "quoted": ("no closing quote",)}),
        ("type:error", {"facets": (facet_token("type", "error"),)}),
        ("TYPE:Error", {"facets": (facet_token("type", "error"),)}),
        ("-type:file", {"excluded_facets": (facet_token("type", "file"),)}),
        ('project:"my shop"', {"facets": (facet_token("project", "my shop"),)}),
        ("after:2026-03-01", {"after": dt.date(2026, 3, 1)}),
        ("after:7d before:1m", {"after": dt.date(2026, 3, 25), "before": dt.date(2026, 3, 2)}),
        ("handler.py:313", {"words": ("handler.py:313",)}),
        ("std:vector", {"words": ("std:vector",)}),
        ("meaning:off", {"meaning": False}),
        ("MEANING:OFF meaning:on", {}),
        ("-meaning:on", {"meaning": False}),
        ("-meaning:off", {}),
        ("total meaning:off", {"words": ("total",), "meaning": False}),
    ],
)
def test_a_query_is_parsed(text: str, fields: dict[str, object]) -> None:
    query = parse_query(text, TODAY)
    assert without_parts(query) == fields
    assert query.is_empty == (fields.keys() <= {"excluded_facets", "meaning"})


@pytest.mark.parametrize(
    ("text", "typing"),
    [
        ("total col", "col"),
        ("total col ", ""),  # the space says that the word is complete
        ("total type:error", ""),
        ("t", "t"),
        ("库", "库"),
        ("total 库", "库"),
        ("total column total", "total"),
        ("total wit", "wit"),
        ("how to", "to"),
        ("how to ", ""),
        ("total -fl", ""),  # what is left out is not what is looked for
        ('total "failed to', ""),
    ],
)
def test_the_last_word_is_a_prefix_while_it_is_typed(text: str, typing: str) -> None:
    assert parse_query(text, TODAY, typing=True).typing == typing
    assert parse_query(text, TODAY).typing == ""


def test_a_first_letter_of_another_word_waits_for_the_next() -> None:
    assert parse_query("total c", TODAY, typing=True).words == ("total",)


@pytest.mark.parametrize(
    ("text", "suggestion", "sentence"),
    [
        ("typ:error", "type:error", "There is no filter “typ:”, so it is searched for as a word."),
        ("is:opne", "is:open", "“is:” accepts open, done, blocker, recurring, regressed, held."),
        ("status:fixd", "status:fixed", "“status:” accepts "),
        ("p:7", "", "“p:” accepts 0, 1, 2, 3."),
        ("meaning:of", "meaning:off", "“meaning:” accepts off, on."),
        ("meening:off", "meaning:off", "There is no filter “meening:”, so it is searched for as a word."),
        ("before:9999y", "", "“9999y” is not a date."),
        ("after:soon", "", "“soon” is not a date. Write 2026-02-01, or 7d for seven days ago."),
    ],
)
def test_a_mistyped_filter_is_explained(text: str, suggestion: str, sentence: str) -> None:
    (problem,) = parse_query(text, TODAY).problems
    assert (problem.text, problem.suggestion) == (text, suggestion)
    assert problem.sentence.startswith(sentence)


@pytest.mark.parametrize("text", ["total type:error", "http://x", "std:vector", "handler.py:313", "a:b"])
def test_a_word_with_a_colon_is_not_a_problem(text: str) -> None:
    assert parse_query(text, TODAY).problems == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", ""),
        ("How does the  invoice fail?", "How does the invoice fail?"),
        ('why "failed to fetch" type:error', "why failed to fetch"),
        ("total -flaky meaning:off after:7d", "total"),
        ("total typ:error is:opne", "total"),
        ("std:vector handler.py:313", "std:vector handler.py:313"),
        ("怎么删 project:harbor", "怎么删"),
    ],
)
def test_what_a_query_says_is_without_filters_and_exclusions(text: str, sentence: str) -> None:
    assert parse_query(text, TODAY).sentence == sentence


def test_the_filter_for_meaning_is_shown_and_filters_nothing() -> None:
    query = parse_query("total meaning:off", TODAY)
    assert [(part.text, part.facet) for part in query.parts if part.is_filter] == [("meaning:off", "")]
    assert query.facets == query.excluded_facets == ()


def test_a_part_can_be_taken_out() -> None:
    query = parse_query('total type:error "failed to fetch" -flaky', TODAY)
    assert [query.without(part) for part in query.parts] == [
        'type:error "failed to fetch" -flaky',
        'total "failed to fetch" -flaky',
        "total type:error -flaky",
        'total type:error "failed to fetch"',
    ]


def test_a_query_has_at_most_32_parts() -> None:
    assert len(parse_query("x" + " word" * 100, TODAY).parts) == 32


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_any_text_is_a_query(text: str) -> None:
    for typing in (True, False):
        query = parse_query(text, TODAY, typing=typing)
        assert all(query.terms)
        assert not query.typing or query.typing in query.words
        assert not set(query.words) & set(query.fillers)
        assert query.words or query.phrases or not query.fillers
