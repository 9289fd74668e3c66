"""Logs as rows: sessions keep theirs when a log is edited, and paths lead to the log whose content they have."""

from __future__ import annotations

import pytest

from sessions.models import Attempt, Error, Log, LogPath, SessionLog
from sessions.storing.store import assign_path, delete_log
from tests.storing.conftest import Store, everything, nothing

ROLLING = """# Log

## 2026-03-02: Buoys

- Painted the northern buoy

## 2026-02-01: Tugs

- Tied up a tug

## 2026-03-01: Cranes

### Errors

#### The crane stops
- **Error**: `TimeoutError: crane_7 gave no answer`
- **Fix**: oiled the winch
- **Result**: ❌ did not help
- **Fix**: replaced the relay
- **Result**: ✅ Fixed
"""


def titles() -> dict[str, int]:
    return dict(SessionLog.objects.values_list("title", "pk"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Log\n", "# Log\n\n## 2026-03-09: Tugs\n\n- Tied up the tug\n"),  # a session was added on top
        ("Buoys", "Buoys and beacons"),
        ("- Painted the northern buoy", "- Painted both buoys\n- Washed the brush"),
    ],
)
def test_edited_sessions_keep_their_rows(store: Store, before: str, after: str) -> None:
    sessions = {session.pk for session in store(ROLLING).sessions}
    edited = store(ROLLING.replace(before, after))
    assert not edited.is_new
    assert sessions <= {session.pk for session in edited.sessions}
    assert edited.changes.removed == 0


def test_sessions_that_swap_their_titles_keep_their_rows(store: Store) -> None:
    store(ROLLING)
    before = titles()
    store(ROLLING.replace("02: Buoys", "02: *").replace("01: Cranes", "02: Buoys").replace("02: *", "01: Cranes"))
    assert titles() == before


def test_a_vanished_session_is_deleted_unless_a_person_acted_on_its_errors(store: Store) -> None:
    store(ROLLING)
    without = ROLLING[: ROLLING.index("## 2026-03-01")]
    kept = store(without, touched=everything)
    assert [session.title for session in kept.kept] == ["2026-03-01: Cranes"]
    assert not SessionLog.objects.get(title="2026-03-01: Cranes").in_log
    store(without + "\n")
    assert set(titles()) == {"2026-03-02: Buoys", "2026-02-01: Tugs"}


def test_the_attempts_at_an_error_are_in_the_order_of_the_log(store: Store) -> None:
    store(ROLLING)
    store(ROLLING + "\n")  # an edit replaces them and adds none
    ladder = Attempt.objects.order_by("position").values_list("fix__title", "position")
    assert list(ladder) == [("oiled the winch", 0), ("replaced the relay", 1)]


def test_an_edited_copy_becomes_a_log_of_its_own(store: Store) -> None:
    log = store(ROLLING).log
    assign_path(log, "copy.md", nothing)
    copy = store(ROLLING + "\n- More\n", path="copy.md")
    assert copy.is_new
    assert {path.path: path.log_id for path in LogPath.objects.all()} == {"a.md": log.pk, "copy.md": copy.log.pk}


@pytest.mark.parametrize("touched", [nothing, everything])
def test_a_path_leads_to_the_log_whose_content_it_has(store: Store, touched: object) -> None:
    store(ROLLING)
    other = store("# Tugs\n\n**Date**: 2026-04-01\n", path="b.md").log
    kept = assign_path(other, "a.md", touched)  # type: ignore[arg-type]
    assert set(other.paths.values_list("path", flat=True)) == {"a.md", "b.md"}
    assert len(kept) == (1 if touched is everything else 0)
    assert Log.objects.count() == 1 + len(kept)
    assert not assign_path(other, "a.md", nothing)


def test_what_is_kept_of_a_deleted_log_has_no_path_and_no_digest(store: Store) -> None:
    log = store(ROLLING).log
    (session,) = delete_log(log, "a.md", everything)
    log.refresh_from_db()
    assert (log.sha256, log.was_at, log.paths.count()) == (None, "a.md", 0)
    assert (session.title, Error.objects.get().in_log) == ("2026-03-01: Cranes", False)
    assert store(ROLLING).is_new
