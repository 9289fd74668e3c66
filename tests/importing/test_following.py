"""Several sources at once: what went away is said and kept, people's changes take effect, and failures pass."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from pytest_django import Settings

from kb.importing import Imported
from kb.importing.runs import begin
from kb.importing.sources import following
from kb.importing.sources.following import Event, Idle, Watcher, follow
from kb.importing.sources.kept_folders import keep_folder, pause, remove, restore, resume, watched_folders
from kb.importing.sources.watching import Watched
from kb.models import Import, ImportOrigin, WatchedFolder
from sessions.models import Log, LogPath
from tests.closed_folders import as_nobody, shared_folder
from tests.factories import OPEN, log
from tests.importing.test_watching import Clock, described


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.md").write_text(log("2026-03-01"))
    return folder


def watched(watcher: Watcher, clock: Clock) -> list[str]:
    """What comes of two looks, two seconds apart; logs by outcome and name."""
    events = list(watcher.round())
    clock.now += 2
    events += watcher.round()
    clock.now += 2
    return [event if isinstance(event, str) else described(event) for event in events if not isinstance(event, Idle)]


def the_row() -> WatchedFolder:
    return WatchedFolder.objects.get()


def test_a_folder_that_went_away_is_said_and_kept(folder: Path, clock: Clock) -> None:
    keep_folder(folder)
    watcher = Watcher(clock=clock)
    assert watched(watcher, clock) == ["new a.md"]
    folder.rename(folder.with_name("elsewhere"))
    (said,) = watched(watcher, clock)
    assert said.startswith(f"{folder}: is not there just now. What was imported from it stays")
    assert watched(watcher, clock) == []
    row = the_row()
    assert (row.state, row.logs, f"{folder}: {row.problem}") == ("away", 1, said)
    assert LogPath.objects.get().path == str(folder / "a.md")
    folder.with_name("elsewhere").rename(folder)
    (folder / "b.md").write_text(log("2026-03-02"))
    assert watched(watcher, clock) == [f"{folder}: is back, and watched again.", "new b.md"]
    assert (the_row().state, the_row().problem, the_row().logs) == ("watched", "", 2)


def test_a_drive_that_is_not_mounted_leaves_an_empty_folder(folder: Path, clock: Clock) -> None:
    keep_folder(folder)
    watched(Watcher(clock=clock), clock)
    (folder / "a.md").rename(folder.with_name("a.md"))
    again = Watcher(clock=clock)  # another process knows it too
    (said,) = watched(again, clock)
    assert "is empty now. What was imported from it stays" in said
    folder.with_name("a.md").rename(folder / "a.md")
    assert watched(again, clock) == [f"{folder}: is back, and watched again."]
    assert Log.objects.count() == 1


@pytest.mark.parametrize("mode", [0o444, 0o000])
def test_a_folder_that_may_not_be_looked_into_ends_no_other(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    look = Watched.look

    def look_as_nobody(place: Watched) -> list[str]:
        with as_nobody():
            return look(place)

    monkeypatch.setattr(Watched, "look", look_as_nobody)
    with shared_folder() as root:
        for name in ("closed", "half/closed", "open"):
            (root / name).mkdir(parents=True)
            (root / name / f"{Path(name).parts[0]}.md").write_text(log(f"2026-03-0{len(name)}"))
        (root / "half" / "half.md").write_text(log("2026-03-09"))
        for name in ("closed", "half/closed"):
            (root / name).chmod(mode)
        for name in ("closed", "half", "open"):
            keep_folder(root / name)
        watcher = Watcher(clock=clock)
        said = watched(watcher, clock)
        assert sorted(event for event in said if event.startswith("new")) == ["new half.md", "new open.md"]
        assert f"{root}/half/closed: may not be looked into, and is skipped." in said
        assert any(event.startswith(f"{root}/closed: ") for event in said)
        assert watched(watcher, clock) == []


def test_a_folder_that_leads_in_a_circle_ends_no_other(folder: Path, clock: Clock, tmp_path: Path) -> None:
    circle = tmp_path / "circle"
    circle.mkdir()
    keep_folder(circle)
    keep_folder(folder)
    circle.rmdir()
    circle.symlink_to(circle)
    circled, new = sorted(watched(Watcher(clock=clock), clock))
    assert circled.startswith(f"{circle}: leads in a circle now.")
    assert new == "new a.md"


def test_a_folder_that_has_become_a_link_is_not_followed(folder: Path, clock: Clock) -> None:
    keep_folder(folder)
    watcher = Watcher(clock=clock)
    secret = folder.with_name("private")
    folder.rename(secret)
    folder.symlink_to(secret)
    (said,) = watched(watcher, clock)
    assert f"leads to {secret} now" in said
    assert not Log.objects.exists()


def test_a_folder_of_the_page_is_watched_only_where_it_is_allowed(
    folder: Path, clock: Clock, settings: Settings, engineer: User
) -> None:
    settings.IMPORT_FOLDERS = [folder.parent]
    keep_folder(folder, engineer)
    watcher = Watcher(clock=clock)
    assert watched(watcher, clock) == ["new a.md"]
    settings.IMPORT_FOLDERS = []
    (said,) = watched(watcher, clock)
    assert "IMPORT_FOLDERS has changed" in said
    keep_folder(folder)  # named in the terminal too
    watcher = Watcher(clock=clock)
    assert watched(watcher, clock) == []
    assert the_row().state == "watched"


def test_people_pause_remove_and_put_back(folder: Path, clock: Clock) -> None:
    row, is_new = keep_folder(folder)
    assert is_new
    watcher = Watcher(clock=clock)
    watched(watcher, clock)
    (folder / "b.md").write_text(log("2026-03-02"))
    assert pause(row)
    assert watched(watcher, clock) == [f"{folder}: is not watched any more."]
    assert (the_row().state, pause(row)) == ("paused", False)
    assert resume(row)
    assert watched(watcher, clock) == [f"{folder}: is watched from now on.", "new b.md"]
    assert remove(row)
    assert watched(watcher, clock) == [f"{folder}: is not watched any more."]
    assert (resume(row), pause(row), remove(row)) == (False, False, False)
    assert restore(row)
    assert watched(watcher, clock) == [f"{folder}: is watched from now on."]
    assert Log.objects.count() == 2


def test_a_folder_is_kept_once(folder: Path) -> None:
    row, _ = keep_folder(folder)
    assert keep_folder(folder / ".." / "logs") == (row, False)
    pause(row)
    assert keep_folder(folder) == (row, True)
    remove(row)
    assert keep_folder(folder)[1]
    assert not restore(row)
    assert WatchedFolder.objects.filter(removed_at=None).count() == 1


def test_files_and_patterns_are_watched_too(folder: Path, clock: Clock) -> None:
    (folder / "b.md").write_text(log("2026-03-02"))
    watcher = Watcher([str(folder / "a.md"), str(folder / "quay-*.md")], clock=clock)
    assert watched(watcher, clock) == ["new a.md"]
    (folder / "quay-1.md").write_text(log("2026-03-03"))
    (folder / "a.md").write_text(log("2026-03-01", OPEN))
    assert watched(watcher, clock) == ["updated a.md", "new quay-1.md"]
    (folder / "a.md").unlink()
    assert watched(watcher, clock) == [f"{folder}/a.md: is not there any more. What was imported from it stays."]
    assert not WatchedFolder.objects.exists()
    assert Log.objects.count() == 2


def test_a_folder_with_much_to_import_lets_others_have_their_turn(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_TURN", -1.0)  # a turn is over after one log
    (folder / "b.md").write_text(log("2026-03-02"))
    other = folder.with_name("other")
    other.mkdir()
    (other / "c.md").write_text(log("2026-03-03"))
    for kept in (folder, other):
        keep_folder(kept)
    watcher = Watcher(clock=clock)
    assert watched(watcher, clock) == ["new a.md", "new c.md"]
    assert watched(watcher, clock) == ["new b.md"]
    assert sorted(Import.objects.values_list("state", "total")) == [("done", 1), ("done", 2)]


def test_an_import_of_a_watcher_that_was_killed_is_ended_by_the_next(folder: Path, clock: Clock) -> None:
    run = begin(ImportOrigin.WATCH, None, str(folder))
    watcher = Watcher(clock=clock)
    watched(watcher, clock)
    assert Import.objects.get().state == "running"  # it may be at work
    Import.objects.filter(pk=run.pk).update(heartbeat_at="2026-01-01T00:00Z")
    clock.now += 60
    watched(watcher, clock)
    assert Import.objects.get().state == "done"


def events_of(watcher: Watcher, clock: Clock, rounds: int) -> Iterator[Event]:
    """Follows for some rounds, two seconds apart."""
    left = iter(range(rounds))

    def wait(_seconds: float) -> None:
        clock.now += 2

    return follow(watcher, lambda: next(left, None) is not None, wait)


@pytest.mark.usefixtures("transactional_db")
def test_a_database_that_is_away_is_tried_again(folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_folder(folder)
    watcher = Watcher(clock=clock)
    faults = [OperationalError("the server is gone")] * 2

    def fail_twice() -> object:
        if faults:
            raise faults.pop()
        return watched_folders()

    monkeypatch.setattr(following, "watched_folders", fail_twice)
    said, taken, idle = [*events_of(watcher, clock, 8)]
    assert said == "The database cannot be used just now (the server is gone). Trying again until it can."
    assert isinstance(taken, Imported)
    assert isinstance(idle, Idle)


@pytest.mark.usefixtures("transactional_db")
def test_it_stops_between_two_logs_and_says_that_nobody_watches(folder: Path, clock: Clock) -> None:
    (folder / "b.md").write_text(log("2026-03-02"))
    keep_folder(folder)
    stop = threading.Event()

    def wait(_seconds: float) -> None:
        clock.now += 2

    for event in follow(Watcher(clock=clock), lambda: not stop.is_set(), wait):
        assert isinstance(event, Imported)
        assert the_row().state == "watched"
        stop.set()
    assert Log.objects.count() == 1
    assert Import.objects.get().state == "done"
    assert the_row().state == "idle"
