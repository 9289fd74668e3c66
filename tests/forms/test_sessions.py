"""What the address of a session may ask for."""

from __future__ import annotations

import pytest

from kb.forms.sessions import LogViewForm
from sessions.records import Span


@pytest.mark.parametrize(
    ("lines", "spans"),
    [("", []), ("90", [(90, 90)]), ("90-93", [(90, 93)]), ("x", []), ("1-2-3", []),
     ("90-", []), ("12345678", [])],
)  # fmt: skip
def test_lines_are_marked_or_left_alone(lines: str, spans: list[Span]) -> None:
    assert LogViewForm({"lines": lines}).marked_spans() == spans


@pytest.mark.parametrize(("view", "is_raw"), [("raw", True), ("", False), ("nonsense", False)])
def test_a_log_is_rendered_unless_it_is_asked_for_raw(view: str, is_raw: bool) -> None:
    assert LogViewForm({"view": view}).is_raw is is_raw


def test_a_wrong_field_leaves_the_other_alone() -> None:
    form = LogViewForm({"view": "raw", "lines": "x"})
    assert form.is_raw
    assert form.marked_spans() == []
