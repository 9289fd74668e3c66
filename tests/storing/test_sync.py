"""Rows are paired with the records of an edited log: by key, else by likeness, and none twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.models import Error, NextStep
from sessions.parsing.pipeline import Revise
from sessions.parsing.reading import Reading
from sessions.records import SessionRecord
from sessions.storing import sync
from sessions.storing.sync import RecordChanges, pair_rows
from tests.storing.conftest import Store, everything

Words = dict[str, str]
LOG = """# Session: Cranes

**Date**: 2026-03-01

## Errors

- **Error**: `TimeoutError: crane_7 gave no answer`

## Next Steps

- [ ] Weigh the northern crane
- [ ] Paint the southern buoy
"""


def paired(old: Words, new: Words, alike: int = 70) -> dict[str, str | None]:
    return {key: row for key, row, _ in pair_rows(old, new, str, str, alike)}


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ({"1": "weigh the crane"}, {"1": "weigh the crane"}, {"1": "weigh the crane"}),
        ({"1": "weigh the crane"}, {"2": "weigh the cranes"}, {"2": "weigh the crane"}),
        ({"1": "weigh the crane"}, {"2": "paint a buoy"}, {"2": None}),
        # the same key wins over a closer likeness
        ({"1": "weigh the crane"}, {"1": "paint a buoy", "2": "weigh the crane"}, {"1": "weigh the crane", "2": None}),
        # the closest pair is made first, whatever the order
        (
            {"1": "weigh the crane"},
            {"2": "weigh a crane", "3": "weigh the crane."},
            {"2": None, "3": "weigh the crane"},
        ),
        ({}, {"1": "weigh the crane"}, {"1": None}),
        ({"1": "weigh the crane"}, {}, {}),
    ],
)
def test_rows_are_paired_by_key_then_by_likeness(old: Words, new: Words, pairs: dict[str, str | None]) -> None:
    assert paired(old, new) == pairs


def test_too_many_rows_are_paired_by_key_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "_MOST_COMPARED", 0)
    old, new = {"1": "weigh the crane", "2": "paint the buoy"}, {"3": "weigh the cranes", "2": "paint the buoys"}
    assert paired(old, new) == {"3": None, "2": "paint the buoy"}


words = st.dictionaries(st.sampled_from("abcdef"), st.text("xyz ", max_size=6), max_size=6)


@given(words, words, st.integers(0, 100))
def test_no_row_is_paired_twice(old: Words, new: Words, alike: int) -> None:
    pairs = pair_rows({key: (key, text) for key, text in old.items()}, new, lambda row: row[1], str, alike)
    assert [key for key, _, _ in pairs] == list(new)
    rows = [row for _, row, _ in pairs if row is not None]
    assert len(set(rows)) == len(rows)
    assert all(row == (key, old[key]) for key, row, _ in pairs if key in old)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("", "", RecordChanges()),
        ("northern crane", "northern cranes", RecordChanges(changed=1)),
        ("[ ] Paint", "[x] Paint", RecordChanges(changed=1)),
        ("- [ ] Paint the southern buoy\n", "", RecordChanges(removed=1)),
        ("- [ ] Paint", "- [ ] Oil the winch of the old tug\n- [ ] Paint", RecordChanges(added=1, changed=1)),
        ("Weigh the northern crane", "Repair the lighthouse", RecordChanges(added=1, removed=1)),
        ("## Errors", "A word before.\n\n## Errors", RecordChanges(changed=3)),  # the lines moved
    ],
)
def test_an_edit_changes_only_what_it_touches(store: Store, before: str, after: str, changes: RecordChanges) -> None:
    store(LOG)
    errors, steps = set(Error.objects.values_list("pk", flat=True)), set(NextStep.objects.values_list("pk", flat=True))
    stored = store(LOG.replace(before, after))
    assert stored.changes == changes
    assert set(Error.objects.values_list("pk", flat=True)) == errors
    assert len(steps - set(NextStep.objects.values_list("pk", flat=True))) == changes.removed


def test_records_that_swap_their_words_keep_their_rows(store: Store) -> None:
    store(LOG)
    keys = dict(NextStep.objects.values_list("text", "pk"))
    weigh, paint = "Weigh the northern crane", "Paint the southern buoy"
    store(LOG.replace(weigh, "*").replace(paint, weigh).replace("*", paint))
    assert dict(NextStep.objects.values_list("text", "pk")) == keys
    assert NextStep.objects.values_list("text", flat=True)[0] == "Paint the southern buoy"


def test_a_vanished_error_that_a_person_acted_on_is_kept_and_comes_back(store: Store) -> None:
    store(LOG)
    error = Error.objects.get()
    without = LOG.replace("- **Error**: `TimeoutError: crane_7 gave no answer`", "None.")
    assert store(without, touched=everything).changes == RecordChanges(changed=0, kept=1)
    error.refresh_from_db()
    assert not error.in_log
    assert store(without + "\n", touched=everything).changes == RecordChanges()
    store(LOG)
    error.refresh_from_db()
    assert error.in_log
    assert Error.objects.count() == 1


def test_how_a_record_was_found_is_updated_and_counts_as_no_change(store: Store) -> None:
    def judged(certainty: float) -> Revise:
        """Returns a reader by meaning that is equally certain of everything, and finds every step by meaning."""

        def revise(_reading: Reading, session: SessionRecord) -> SessionRecord:
            errors = tuple(replace(error, certainty=certainty) for error in session.errors)
            steps = tuple(replace(step, certainty=certainty, found_by="meaning") for step in session.next_steps)
            return replace(session, errors=errors, next_steps=steps)

        return revise

    store(LOG)
    assert store(LOG, revise=judged(0.81)).changes == RecordChanges()
    assert list(NextStep.objects.values_list("found_by", "certainty")) == [("meaning", 0.81)] * 2
    assert store(LOG, revise=judged(0.32)).changes == RecordChanges()
    assert list(Error.objects.values_list("found_by", "certainty")) == [("rules", 0.32)]
    assert store(LOG).changes == RecordChanges()
    assert list(NextStep.objects.values_list("found_by", "certainty")) == [("rules", None)] * 2
