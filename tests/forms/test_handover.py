"""The days that a handover is about: those asked for, else the last week with sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from kb.forms.handover import HandoverForm
from kb.importing import Imported
from tests.factories import log


@pytest.fixture
def harbor(ingest: Callable[..., Imported]) -> None:
    ingest(log("2026-03-20"))


@pytest.mark.parametrize(
    ("sent", "first", "last"),
    [
        ({}, dt.date(2026, 3, 14), dt.date(2026, 3, 20)),
        ({"to": "2026-03-10"}, dt.date(2026, 3, 4), dt.date(2026, 3, 10)),
        ({"from": "2026-01-01"}, dt.date(2026, 1, 1), dt.date(2026, 3, 20)),
        ({"from": "2026-01-01", "to": "2026-01-01"}, dt.date(2026, 1, 1), dt.date(2026, 1, 1)),
        ({"to": "0001-01-03"}, dt.date(1, 1, 1), dt.date(1, 1, 3)),
    ],
)
def test_days_left_out_are_the_last_week(harbor: None, sent: dict[str, str], first: dt.date, last: dt.date) -> None:
    form = HandoverForm({"project": "harbor", **sent})
    assert form.is_valid()
    assert form.cleaned_data == {"project": "harbor", "first": first, "last": last}


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"project": "nowhere"}, "There is no project called “nowhere”."),
        ({"from": "soon"}, "Write days as 2026-01-31."),
        ({"from": "2026-03-09", "to": "2026-03-01"}, "The span ends (2026-03-01) before it begins (2026-03-09)."),
    ],
)
def test_a_span_that_cannot_be_is_said(harbor: None, sent: dict[str, str], problem: str) -> None:
    assert HandoverForm({"project": "harbor", **sent}).problem == problem


def test_without_a_project_nothing_is_wrong(harbor: None) -> None:
    assert HandoverForm({}).problem == ""
