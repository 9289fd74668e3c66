"""Every kind of record has a model, and its values fit the columns."""

from __future__ import annotations

import dataclasses

import pytest

from sessions.models import Error
from sessions.records import ErrorRecord, FileRecord, SessionRecord
from sessions.storing.rows import RECORD_ROWS, RecordRows
from tests.storing.conftest import Store

ROWS = {rows.name: rows for rows in RECORD_ROWS}
TWO_ERRORS = "# Cranes\n\n## Errors\n\n- **Error**: `KeyError: crane_7`\n- **Error**: `TimeoutError: tug_2`\n"


def test_every_list_of_a_session_has_rows() -> None:
    lists = {field.name for field in dataclasses.fields(SessionRecord) if "Record" in str(field.type)}
    assert set(ROWS) == lists


@pytest.mark.parametrize("rows", RECORD_ROWS, ids=lambda rows: rows.name)
def test_every_column_is_a_field_of_its_model(rows: RecordRows) -> None:
    fields = {field.name for field in rows.model._meta.get_fields()}
    assert {*rows.columns, "line", "first_line", "last_line"} <= fields


def test_values_are_cut_to_their_column() -> None:
    values = ROWS["files"].values(FileRecord("x" * 2000, 7))
    assert (len(values["path"]), values["action"]) == (1000, "")
    assert (values["line"], values["first_line"], values["last_line"]) == (7, 7, 7)


def test_an_error_spans_the_mention_that_has_its_line() -> None:
    values = ROWS["errors"].values(ErrorRecord("e1", "The crane stops", 12, ((3, 4), (10, 15))))
    assert (values["line"], values["first_line"], values["last_line"]) == (12, 10, 15)
    assert values["mentions"] == [[3, 4], [10, 15]]
    assert values["in_log"] is True


def test_only_rows_that_are_still_in_their_log_are_stated(store: Store) -> None:
    (session,) = store(TWO_ERRORS).sessions
    assert ROWS["errors"].stated_in([session]).count() == 2
    Error.objects.filter(title__contains="tug").update(in_log=False)
    assert ROWS["errors"].stated_in([session]).count() == 1
