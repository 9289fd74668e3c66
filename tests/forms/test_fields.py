"""Fields that several pages share."""

from __future__ import annotations

import pytest

from kb.forms.fields import FilterForm, KeysField, LocalAddressField
from kb.forms.issues import IssueFilterForm


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        (["3", "1"], [3, 1]),
        (["3 1", "2"], [3, 1, 2]),
        (["3", "3"], [3]),
        (["3", "x", "-1", "1.5", "٣", ""], [3]),
        (["9" * 15, "9" * 16], [int("9" * 15)]),
        ([], []),
        (None, []),
    ],
)
def test_keys_are_read_and_anything_else_is_left_out(sent: list[str] | None, keys: list[int]) -> None:
    assert KeysField(required=False).clean(sent) == keys


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/next-steps/?priority=P0#top", "/next-steps/?priority=P0#top"),
        ("/next-steps/7/", "/next-steps/7/"),
        ("https://example.com/", ""),
        ("//example.com/", ""),
        ("/\\example.com", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_address_of_another_site_is_left_out(address: str | None, kept: str) -> None:
    assert LocalAddressField(required=False).clean(address) == kept


@pytest.mark.parametrize(
    ("sent", "filters"),
    [
        ({}, {}),
        ({"state": "held", "words": " ledger "}, {"state": "held", "words": "ledger"}),
        ({"state": "nonsense", "sort": "nonsense", "words": "ledger"}, {"words": "ledger"}),
        ({"words": "x" * 201, "project": "harbor"}, {"project": "harbor"}),
        ({"unknown": "x"}, {}),
    ],
)
def test_a_filter_that_means_nothing_is_left_out(sent: dict[str, str], filters: dict[str, str]) -> None:
    form: FilterForm = IssueFilterForm(sent)
    assert form.filters() == filters


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        ({}, 0),
        ({"project": "quay", "words": "crane"}, 2),
        ({"state": "open", "sort": "latest"}, 1),
        ({"words": " "}, 0),
    ],
)
def test_filters_are_counted_if_they_leave_something_out(db: None, sent: dict[str, str], count: int) -> None:
    assert IssueFilterForm(sent).count_on == count
