"""The list of extractors."""

from __future__ import annotations

from dataclasses import fields

from sessions.parsing.metadata.extract import Header
from sessions.parsing.pipeline import EXTRACTORS
from sessions.records import SessionRecord


def test_every_field_of_a_session_is_filled_once() -> None:
    header = [field.name for field in fields(Header)]
    assert sorted([*header, *EXTRACTORS, "lines", "errors", "fixes"]) == sorted(f.name for f in fields(SessionRecord))
