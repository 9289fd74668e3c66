"""Keys: unique within a session, and the same after a log was edited around a record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.records import (
    CommandRecord,
    CommitRecord,
    ErrorRecord,
    FileRecord,
    FixRecord,
    LearningRecord,
    NextStepRecord,
    SessionRecord,
)
from sessions.storing.keys import AnyRecord, identity, keyed, session_identity

HERE = (1, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ErrorRecord("e1", "The Crane stops", 3, (HERE,)), ErrorRecord("e9", "the crane stops", 70, (), status="open")),
        (FixRecord("f1", "Oiled it", 3, HERE), FixRecord("f2", "oiled it", 9, HERE, outcome="failed")),
        (FileRecord("src/crane.py", 3), FileRecord("src/crane.py", 9, "deleted")),
        (CommitRecord("3fa8c21", "Oil the crane", 3), CommitRecord("3fa8c21", "oil it", 9)),
        (CommandRecord("pytest -k crane", 3, HERE), CommandRecord("pytest -k crane", 9, HERE, purpose="check")),
        (NextStepRecord("Weigh the crane", 3, HERE), NextStepRecord("weigh the crane", 9, HERE, priority="P0")),
        (LearningRecord("Cranes are heavy", 3, HERE), LearningRecord("cranes are HEAVY", 9, HERE)),
    ],
)
def test_only_what_a_record_says_identifies_it(one: AnyRecord, other: AnyRecord) -> None:
    assert identity(one) == identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CommandRecord("ls -L", 3, HERE), CommandRecord("ls -l", 3, HERE)),
        (FileRecord("README", 3), FileRecord("readme", 3)),
        (CommitRecord("", "Oil the crane", 3), CommitRecord("", "Oil the winch", 3)),
    ],
)
def test_case_counts_where_it_means_something(one: AnyRecord, other: AnyRecord) -> None:
    assert identity(one) != identity(other)


def test_sessions_are_identified_by_day_and_title() -> None:
    monday = SessionRecord("Cranes", (1, 9), date="2026-03-02")
    assert session_identity(monday) == session_identity(SessionRecord("CRANES", (20, 40), date="2026-03-02"))
    assert session_identity(monday) != session_identity(SessionRecord("Cranes", (1, 9), date="2026-03-03"))


@given(st.lists(st.text(max_size=3), max_size=8))
def test_keys_are_unique(texts: list[str]) -> None:
    keys = [key for key, _ in keyed(texts, str)]
    assert len(set(keys)) == len(texts)
    assert all(len(key) == 32 for key in keys)


@given(st.lists(st.sampled_from("abc"), max_size=8), st.integers(0, 8))
def test_keys_stay_when_something_else_is_inserted(texts: list[str], position: int) -> None:
    before = dict(keyed(texts, str))
    edited = [*texts[:position], "inserted", *texts[position:]]
    assert before.items() <= dict(keyed(edited, str)).items()


def test_lone_surrogates_have_keys() -> None:
    assert len(list(keyed(["\ud800"], str))) == 1
