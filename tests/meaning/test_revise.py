"""Reading by meaning with the shipped weights, on what every model must get right."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions.parsing.pipeline import read_log
from sessions.records import SessionRecord
from tests.meaning.conftest import Read

# Logs that tell of a problem, in bold, without a word such as "error", and of something else that was done.
TOLD = sorted((Path(__file__).parent / "told").glob("*.md"))
EXPLICIT = """# Session 2026-03-02

**Status**: complete

## Errors

- **Error**: the upload ends with `KeyError: 'name'`
  **Cause**: the name was empty
  **Fix**: check the name first

## Next Steps

- [ ] P0: Rotate the gateway certificate
- [x] Watch the uploads

## Decisions

- We keep SQLite, because one file is easy to move
"""
QUIET = [
    "# Session 2026-03-02\n\n## Work\n\n- Added a page for tariffs.\n- Wrote the release notes.\n",
    "# Harbour\n\nThe harbour has two cranes and a ferry.\n",
    "# Reading list\n\n- a book on cranes\n- a book on buoys\n",
    "```\nraise KeyError\n```\n",
    "",
]


def session(read: Read, log: str) -> SessionRecord:
    (found,) = read(log).record.sessions
    return found


def test_a_problem_told_without_a_word_for_it_is_found_in_most_languages(read: Read) -> None:
    found = [log for log in TOLD if _finds_the_problem_alone(session(read, log.read_text(encoding="utf-8")), log)]
    assert len(found) >= 5, found
    for log in found:
        assert read_log("a.md", log.read_bytes()).record.sessions[0].errors == ()


def _finds_the_problem_alone(found: SessionRecord, log: Path) -> bool:
    symptom = log.read_text(encoding="utf-8").split("**")[1]
    return [symptom in error.title for error in found.errors] == [True]


PARTS = """# Session: Limiter

**Date**: 2026-03-04

## Errors

### Redis ran out of room
- **Error**: `OOM command not allowed when used memory > 'maxmemory' in limiter`
- **Root cause**: the session store never expires keys
- **Fix**: raised mem_limit to 2g in compose.yml
- **Result**: ✅ Fixed
"""


def test_a_message_tells_neither_the_cause_nor_the_fix_and_nothing_twice(read: Read) -> None:
    (error,) = session(read, PARTS).errors
    assert error.message == "OOM command not allowed when used memory > 'maxmemory' in limiter"


def test_what_meaning_found_says_so(read: Read) -> None:
    errors = session(read, (TOLD[0].parent / "en.md").read_text(encoding="utf-8")).errors
    assert [(error.found_by, error.line, error.mentions) for error in errors] == [("meaning", 5, ((5, 5),))]
    assert all(error.certainty is not None and 0 < error.certainty <= 1 for error in errors)


def test_what_a_log_says_in_so_many_words_stays(read: Read) -> None:
    by_rules = read_log("a.md", EXPLICIT.encode()).record.sessions[0]
    found = session(read, EXPLICIT)
    (error,), (fix,) = found.errors, found.fixes
    assert (error.title, error.root_cause, error.status) == (by_rules.errors[0].title, "the name was empty", "fixed")
    assert (fix.title, fix.errors) == ("check the name first", (error.id,))
    assert [step.text for step in found.next_steps] == [step.text for step in by_rules.next_steps]
    assert [decision.text for decision in found.decisions] == [decision.text for decision in by_rules.decisions]
    how = [(e.found_by, e.certainty) for e in found.errors] + [(s.found_by, s.certainty) for s in found.next_steps]
    assert {found_by for found_by, _certainty in how} == {"rules"}
    assert all(certainty is not None for _found_by, certainty in how)


@pytest.mark.parametrize("log", QUIET)
def test_where_nothing_went_wrong_nothing_is_found(read: Read, log: str) -> None:
    assert not any(found.errors or found.fixes for found in read(log).record.sessions)


def test_what_only_rules_read_is_left_to_them(read: Read) -> None:
    log = EXPLICIT + "\n## Commands\n\n```bash\nmake all\n```\n\n## Learnings\n\n- Cranes are heavy\n"
    by_rules, found = read_log("a.md", log.encode()).record.sessions[0], session(read, log)
    for name in ("commands", "files", "learnings", "commits", "objectives", "metadata", "date", "status", "summary"):
        assert getattr(found, name) == getattr(by_rules, name)


def test_reading_twice_gives_the_same(read: Read) -> None:
    assert read(EXPLICIT).record == read(EXPLICIT).record


def test_ids_are_given_in_order_and_named_by_fixes(read: Read) -> None:
    log = "# 2026-03-02\n\n## Errors\n\n" + "".join(
        f"### Issue {n}: the {part} fails with TimeoutError\n\n- **Fix**: restart the {part}\n\n"
        for n, part in enumerate(("crane", "gateway", "ferry"), start=1)
    )
    found = session(read, log)
    assert [error.id for error in found.errors] == [f"e{n}" for n in range(1, len(found.errors) + 1)]
    assert {error for fix in found.fixes for error in fix.errors} <= {error.id for error in found.errors}


ROWS = """# 2026-03-02

## Incident review

| Id | Problem | What we did | State |
|---|---|---|---|
| P0-1 | invoices went out twice | made the job idempotent | done |
| P0-2 | the map stays grey after zooming | pass the new level on | done |
"""


def test_the_title_of_a_row_is_the_cell_that_tells_it(read: Read) -> None:
    titles = [error.title for error in session(read, ROWS).errors]
    assert titles == ["invoices went out twice", "the map stays grey after zooming"]


def test_a_title_ends_without_a_mark(read: Read) -> None:
    log = "# 2026-03-02\n\n## Bugs found\n\n- the export hangs and fails;\n- the login page crashes with KeyError;\n"
    assert [error.title for error in session(read, log).errors] == [
        "the export hangs and fails",
        "the login page crashes with KeyError",
    ]


def test_a_box_without_a_tick_holds_no_repair(read: Read) -> None:
    (record,) = read(
        "# Session 2026-03-02\n\n**Status**: Complete\n\n## To-Do\n\n"
        "- [ ] Berth list counting twice fix (commit 1a2b3c4) — shipped? See whether the sum is right.\n"
    ).record.sessions
    assert not record.fixes
    assert [error.status for error in record.errors if error.status == "fixed"] == []
    assert len(record.next_steps) == 1


def test_what_a_complete_session_calls_blocked_is_open(read: Read) -> None:
    (record,) = read(
        "# Session 2026-03-02\n\n**Status**: Complete\n\n## Blocked Operations\n\n"
        "- ❌ Tide server - EPERM when it binds its port\n"
    ).record.sessions
    assert [error.status for error in record.errors] == ["open"]
