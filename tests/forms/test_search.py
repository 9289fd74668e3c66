"""The forms of the search page: any query is valid, and a saved search has its limits."""

from __future__ import annotations

import pytest

from kb.forms.search import MAX_NAME, MAX_QUERY, CompletionForm, PasteForm, SavedSearchForm, SearchForm


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("column total", "column total"),
        ("column ", "column "),  # the space says that the word is complete
        ("col\x00umn", "col umn"),
        ("x" * (MAX_QUERY + 1), "x" * MAX_QUERY),
        (None, ""),
    ],
    ids=["words", "space", "NUL", "too long", "missing"],
)
def test_any_query_is_valid(typed: str | None, text: str) -> None:
    form = SearchForm({} if typed is None else {"q": typed})
    assert form.is_valid()
    assert form.text == text


@pytest.mark.parametrize(("saved", "pk"), [("7", 7), ("0", None), ("-1", None), ("seven", None), ("9" * 30, None)])
def test_a_saved_search_that_cannot_exist_is_ignored(saved: str, pk: int | None) -> None:
    form = SearchForm({"q": "total", "saved": saved})
    form.is_valid()
    assert form.cleaned_data.get("saved") == pk
    assert form.text == "total"


def test_a_paste_and_a_completion_may_be_empty() -> None:
    assert PasteForm({}).is_valid()
    assert CompletionForm({}).is_valid()


@pytest.mark.parametrize(
    ("query", "name", "saved_as"),
    [
        ("status:open", "Open errors", "Open errors"),
        ("status:open", "  ", "status:open"),
        ("x" * MAX_QUERY, "", "x" * MAX_NAME),
    ],
    ids=["named", "unnamed", "long"],
)
def test_a_search_is_saved_under_its_name_or_its_query(query: str, name: str, saved_as: str) -> None:
    form = SavedSearchForm({"q": query, "name": name})
    assert form.is_valid()
    assert form.cleaned_data["name"] == saved_as


@pytest.mark.parametrize(
    ("query", "name", "problem"),
    [
        (" ", "Open errors", "Type a query before you save it."),
        ("x" * (MAX_QUERY + 1), "", "A saved search can have up to 2000 characters."),
        ("total", "x" * (MAX_NAME + 1), "The name of a saved search can have up to 100 characters."),
    ],
    ids=["no query", "long query", "long name"],
)
def test_a_search_that_cannot_be_saved_says_why(query: str, name: str, problem: str) -> None:
    form = SavedSearchForm({"q": query, "name": name})
    assert not form.is_valid()
    assert form.problem == problem
