"""Corrections of stored logs: they change the records, survive what happens to the log, and can be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from kb.corrections.drafting import CannotCorrect, Said
from kb.importing import Imported
from kb.importing.correcting import correct, undo_correction
from kb.importing.runs import begin, reread
from kb.importing.undoing import remove_log, undo_run
from kb.models import Correction, EntryKind, Import, ImportOrigin, Issue, SearchEntry, TrackedStep
from sessions.models import Error, Fix, Log, NextStep, SessionLog

Ingest = Callable[..., Imported]
Kind = Correction.Kind
PATH = "parcels/2026-03-01.md"

LOG = """# Session: Parcel labels

**Date**: 2026-03-01

## Errors

### Issue 1: Label printer refuses the new format
- **Fix**: installed the old driver
- **Result**: ✅ Fixed

### Issue 2: The printer does not take format 2
- **Root Cause**: the driver is from 2019

### Issue 3: Colour of the header was changed

## Notes

The depot list is sorted twice.
Sorting once was enough.

## Next Steps

- [ ] P0: Order more label rolls
- [ ] Everybody was helpful
"""


@pytest.fixture
def session(ingest: Ingest) -> SessionLog:
    return ingest(LOG, PATH, "parcels").log.sessions.get()


def key_of(model: Any, words: str) -> str:
    row = model.objects.get(**{f"{'text' if model is NextStep else 'title'}__contains": words})
    return str(row.key)


def say(session: SessionLog, by: User, kind: Kind, record_kind: str, key: str = "", **more: Any) -> Correction:
    return correct(session, Said(kind, record_kind, key, **more), by)


def titles() -> list[str]:
    return list(Error.objects.order_by("position").values_list("title", flat=True))


def test_what_is_no_error_is_gone_everywhere(session: SessionLog, engineer: User) -> None:
    before = Issue.objects.count()
    made = say(session, engineer, Kind.NOT, "errors", key_of(Error, "Colour"))
    assert not Error.objects.filter(title__contains="Colour").exists()
    assert not SearchEntry.objects.filter(title__contains="Colour", kind=EntryKind.ERROR).exists()
    assert Issue.objects.count() == before - 1
    undo_correction(made)
    assert Error.objects.filter(title__contains="Colour").exists()
    assert Issue.objects.count() == before


def test_a_step_that_is_none_leaves_the_board_and_comes_back(session: SessionLog, engineer: User) -> None:
    made = say(session, engineer, Kind.NOT, "next_steps", key_of(NextStep, "helpful"))
    assert not TrackedStep.objects.filter(text__contains="helpful").exists()
    undo_correction(made)
    assert TrackedStep.objects.filter(text__contains="helpful").exists()


@pytest.mark.parametrize(
    ("model", "kind", "words", "values"),
    [
        (Error, "errors", "Label printer", {"title": "Printer says no", "status": "open", "root_cause": "old driver"}),
        (Fix, "fixes", "old driver", {"outcome": "failed"}),
        (NextStep, "next_steps", "label rolls", {"priority": "P2", "blocker": True, "done": True}),
    ],
)
def test_fields_are_changed_in_place(
    session: SessionLog, engineer: User, model: Any, kind: str, words: str, values: dict[str, Any]
) -> None:
    key = key_of(model, words)
    row = model.objects.get(key=key)
    before = {name: getattr(row, name) for name in values}
    made = say(session, engineer, Kind.CHANGED, kind, key, values=values)
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in values} == values
    assert row.key == key
    undo_correction(made)
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in values} == before


def test_two_errors_are_folded_into_one_with_the_fixes_of_both(session: SessionLog, engineer: User) -> None:
    one, other = key_of(Error, "Label printer"), key_of(Error, "format 2")
    made = say(session, engineer, Kind.FOLDED, "errors", one, other=other)
    kept = Error.objects.get(key=other)
    assert len(kept.mentions) == 2
    assert [fix.title for fix in kept.fixes.all()] == ["installed the old driver"]
    undo_correction(made)
    assert len(titles()) == 3


def test_a_fix_is_given_to_another_error(session: SessionLog, engineer: User) -> None:
    fix, error = key_of(Fix, "old driver"), key_of(Error, "format 2")
    say(session, engineer, Kind.FIX_OF, "fixes", fix, other=error)
    assert [one.key for one in Fix.objects.get(key=fix).errors.all()] == [error]


def test_lines_are_named(session: SessionLog, engineer: User) -> None:
    line = LOG.split("\n").index("The depot list is sorted twice.") + 1
    say(session, engineer, Kind.LINES, "errors", span=(line, line))
    error = Error.objects.get(title__contains="depot list")
    assert (error.found_by, error.line) == ("person", line)
    say(session, engineer, Kind.LINES, "fixes", span=(line + 1, line + 1), other=error.key)
    assert [fix.title for fix in error.fixes.all()] == ["Sorting once was enough."]
    say(session, engineer, Kind.LINES, "", span=(line, line))
    assert not Error.objects.filter(title__contains="depot list").exists()


def test_corrections_survive_an_edit_another_reading_and_a_removal(
    session: SessionLog, engineer: User, ingest: Ingest
) -> None:
    say(session, engineer, Kind.NOT, "errors", key_of(Error, "Colour"))
    say(session, engineer, Kind.CHANGED, "errors", key_of(Error, "Label"), values={"title": "Printer says no"})
    right = titles()
    longer = LOG.replace("**Date**", "**Author**: the depot team\n**Date**").replace("new format", "new formats")
    imported = ingest(longer, PATH, "parcels")
    assert titles() == right
    reread(begin(ImportOrigin.TAUGHT, None, "again"), imported.log)
    assert titles() == right
    remove_log(imported.log)
    assert titles() == []
    ingest(longer, PATH, "parcels")
    assert titles() == right


def test_a_correction_without_its_lines_says_so_until_they_are_back(
    session: SessionLog, engineer: User, ingest: Ingest
) -> None:
    made = say(session, engineer, Kind.NOT, "errors", key_of(Error, "Colour"))
    ingest(LOG.replace("### Issue 3: Colour of the header was changed\n", ""), PATH, "parcels")
    made.refresh_from_db()
    assert made.lost_at is not None
    ingest(LOG, PATH, "parcels")
    made.refresh_from_db()
    assert made.lost_at is None
    assert len(titles()) == 2


def test_corrections_go_with_the_path_that_a_log_keeps(session: SessionLog, engineer: User, ingest: Ingest) -> None:
    say(session, engineer, Kind.NOT, "errors", key_of(Error, "Colour"))
    ingest(LOG, "parcels/renamed.md", "parcels")
    undone = Import.objects.earliest("pk")
    undo_run(undone.pk)
    remove_log(Log.objects.get())
    ingest(LOG, "parcels/renamed.md", "parcels")
    assert not Error.objects.filter(title__contains="Colour").exists()
    ingest(LOG.replace("2026-03-01", "2026-03-05"), PATH, "parcels")
    assert Error.objects.filter(title__contains="Colour").count() == 1


def test_a_log_with_two_paths_takes_its_corrections_to_both(
    session: SessionLog, engineer: User, ingest: Ingest
) -> None:
    ingest(LOG, "parcels/copy.md", "parcels")
    say(session, engineer, Kind.NOT, "errors", key_of(Error, "Colour"))
    ingest(LOG + "\nOne more line.\n", "parcels/copy.md", "parcels")
    assert SessionLog.objects.count() == 2
    assert not Error.objects.filter(title__contains="Colour").exists()
    assert Correction.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(Kind.NOT, "errors", "0" * 32), "not there any more"),
        (Said(Kind.LINES, "errors", span=(900, 901)), "not in this session"),
        (Said(Kind.LINES, "errors", span=(2, 2)), "no words"),
        (Said(Kind.LINES, "errors"), "Select lines"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    session: SessionLog, engineer: User, said: Said, words: str
) -> None:
    with pytest.raises(CannotCorrect, match=words):
        correct(session, said, engineer)
    assert Correction.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "values", "other", "words"),
    [
        (Kind.FOLDED, {}, "itself", "into itself"),
        (Kind.FOLDED, {}, "0" * 32, "other error is not there"),
        (Kind.CHANGED, {"title": " "}, "", "Write what it is called"),
        (Kind.CHANGED, {"status": "great"}, "", "is no status"),
        (Kind.CHANGED, {}, "", "Nothing was changed"),
    ],
)
def test_an_act_on_an_error_that_makes_no_sense_is_refused(
    session: SessionLog, engineer: User, kind: Kind, values: dict[str, str], other: str, words: str
) -> None:
    key = key_of(Error, "Label printer")
    with pytest.raises(CannotCorrect, match=words):
        say(session, engineer, kind, "errors", key, values=values, other=key if other == "itself" else other)
