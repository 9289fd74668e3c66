"""How a record was found, as the page of a session says it."""

from __future__ import annotations

import pytest
from django.utils.html import strip_tags

from kb.templatetags.found import how_found
from sessions.models import Decision, Error


@pytest.mark.parametrize(
    ("found_by", "certainty", "said", "explained"),
    [
        ("rules", None, "", ""),
        ("rules", 0.97, "", ""),
        ("rules", 0.5, "", ""),
        ("rules", 0.314, "doubtful, 0.31", "only 31 %"),
        ("meaning", 0.71, "by meaning, 0.71", "of 71 %"),
        ("meaning", 1.0, "by meaning, 1.00", "of 100 %"),
    ],
)
def test_a_page_says_how_a_record_was_found(found_by: str, certainty: float | None, said: str, explained: str) -> None:
    for record in (Error(found_by=found_by, certainty=certainty), Decision(found_by=found_by, certainty=certainty)):
        html = how_found(record)
        assert strip_tags(html) == said
        assert explained in html
