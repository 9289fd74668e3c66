"""A watched folder: half-written logs wait, renamed ones keep their records, links out are not followed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from kb.importing import Imported, Refused
from kb.importing.sources.following import Event, Watcher
from kb.importing.sources.kept_folders import keep_folder
from kb.models import Import
from sessions.models import Log, LogPath
from tests.factories import OPEN, log


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    (tmp_path / "logs" / "harbor").mkdir(parents=True)
    return tmp_path / "logs"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watcher(folder: Path, clock: Clock) -> Watcher:
    keep_folder(folder)
    return Watcher(settle=1.0, clock=clock)


@pytest.fixture
def tick(watcher: Watcher, clock: Clock) -> Callable[[float], list[str]]:
    """A look, then time, then another look: what was imported by both."""

    def _tick(seconds: float) -> list[str]:
        results = list(watcher.round())
        clock.now += seconds
        results += watcher.round()
        clock.now += 0.5  # until it is time to look again
        return [described(event) for event in results if isinstance(event, Imported | Refused)]

    return _tick


def described(event: Event) -> str:
    return f"{event.outcome} {Path(event.path).name}" if isinstance(event, Imported) else "refused"


Tick = Callable[[float], list[str]]


def test_what_is_there_is_taken_once(folder: Path, tick: Tick) -> None:
    (folder / "harbor" / "a.md").write_text(log("2026-03-01"))
    assert tick(2) == ["new a.md"]
    (folder / "harbor" / "a.md").touch()
    assert tick(2) == []
    run = Import.objects.get()
    assert (run.origin, run.state, run.total, run.label) == ("watch", "done", 1, str(folder))
    assert Log.objects.get().sessions.get().project.name == "harbor"


def test_what_was_imported_before_is_no_news(folder: Path, clock: Clock, tick: Tick) -> None:
    (folder / "a.md").write_text(log("2026-03-01"))
    tick(2)
    again = Watcher(settle=1.0, clock=clock)
    list(again.round())
    clock.now += 2
    assert list(again.round()) == []
    assert Import.objects.count() == 1


def test_a_log_that_still_grows_is_waited_for(folder: Path, tick: Tick) -> None:
    file = folder / "a.md"
    file.write_text(log("2026-03-01")[:40])
    assert tick(0.6) == []
    file.write_text(log("2026-03-01"))
    assert tick(0.6) == []
    assert tick(1.2) == ["new a.md"]
    assert Log.objects.get().text == log("2026-03-01")


def test_a_changed_log_is_taken_again(folder: Path, tick: Tick) -> None:
    file = folder / "a.md"
    file.write_text(log("2026-03-01"))
    assert tick(2) == ["new a.md"]
    file.write_text(log("2026-03-01", OPEN))
    assert tick(0.6) == []
    assert tick(2) == ["updated a.md"]
    assert tick(2) == []


def test_saving_by_renaming_updates_in_place(folder: Path, tick: Tick) -> None:
    file, fresh = folder / "a.md", folder / ".a.md.swp"
    file.write_text(log("2026-03-01"))
    assert tick(2) == ["new a.md"]
    fresh.write_text(log("2026-03-01", OPEN))
    os.replace(fresh, file)
    assert tick(2) == ["updated a.md"]
    assert Log.objects.count() == 1


@pytest.mark.parametrize("pause", [0, 5])
def test_a_renamed_log_keeps_its_records(folder: Path, tick: Tick, pause: float) -> None:
    """Whether it is renamed at once, or first copied and then deleted."""
    old, new = folder / "a.md", folder / "b.md"
    old.write_text(log("2026-03-01"))
    tick(2)
    session = Log.objects.get().sessions.get().pk
    shutil.copy(old, new)
    if pause:
        assert tick(pause) == ["unchanged b.md"]
    old.unlink()
    assert tick(2) == ([] if pause else ["unchanged b.md"])
    assert list(LogPath.objects.values_list("path", flat=True)) == [str(new)]
    assert Log.objects.get().sessions.get().pk == session


def test_a_deleted_log_stays_here(folder: Path, tick: Tick) -> None:
    file = folder / "a.md"
    file.write_text(log("2026-03-01"))
    tick(2)
    file.unlink()
    assert tick(120) == []
    assert Log.objects.count() == 1


def test_a_deleted_copy_stays_a_path_of_its_log(folder: Path, tick: Tick) -> None:
    for name in ("a.md", "b.md"):
        (folder / name).write_text(log("2026-03-01"))
    tick(2)
    tick(120)
    (folder / "a.md").unlink()
    tick(120)
    assert LogPath.objects.count() == 2


def test_a_log_that_goes_before_it_stands_still_is_not_taken(folder: Path, tick: Tick) -> None:
    file = folder / "a.md"
    file.write_text("half")
    tick(0.1)
    file.unlink()
    assert tick(2) == []


def test_links_and_other_files_are_left(folder: Path, tmp_path: Path, tick: Tick) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(log("2026-03-01"))
    inside = folder / "real.md"
    inside.write_text(log("2026-03-02"))
    (folder / "out.md").symlink_to(outside)
    (folder / "in.md").symlink_to(inside)
    (folder / "all").symlink_to(tmp_path)
    (folder / "notes.pdf").write_text("no log")
    assert tick(2) == ["new real.md"]
    assert Log.objects.count() == 1


def test_too_large_a_log_is_refused_once(folder: Path, tick: Tick, settings: Settings) -> None:
    settings.LOG_SIZE_LIMIT = 10
    (folder / "a.md").write_text(log())
    assert tick(2) == ["refused"]
    assert tick(2) == []


def test_the_files_are_not_touched(folder: Path, tick: Tick) -> None:
    file = folder / "a.md"
    content = (log() + "\r\npassword = hunter2-hunter2-hunter2\r\n").encode()
    file.write_bytes(content)
    before = file.stat()
    tick(2)
    after = file.stat()
    assert file.read_bytes() == content
    assert (before.st_mtime_ns, before.st_mode) == (after.st_mtime_ns, after.st_mode)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A folder with two logs, outside the watched one."""
    folder = tmp_path / "harbour"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.md").write_text(log("2026-03-01"))
    (folder / "deep" / "b.md").write_text(log("2026-03-02"))
    return folder


def test_a_folder_that_is_moved_here_is_taken(folder: Path, harbour: Path, tick: Tick) -> None:
    tick(2)
    harbour.rename(folder / "moved")
    assert sorted(tick(2)) == ["new a.md", "new b.md"]
    assert {str(path) for path in LogPath.objects.all()} == {
        str(folder / "moved" / "a.md"),
        str(folder / "moved" / "deep" / "b.md"),
    }


def test_a_renamed_folder_keeps_its_records(folder: Path, harbour: Path, tick: Tick) -> None:
    old, new = folder / "old", folder / "new"
    harbour.rename(old)
    assert sorted(tick(2)) == ["new a.md", "new b.md"]
    sessions = set(Log.objects.values_list("sessions", flat=True))
    old.rename(new)
    assert sorted(tick(2)) == ["unchanged a.md", "unchanged b.md"]
    assert {str(path) for path in LogPath.objects.all()} == {str(new / "a.md"), str(new / "deep" / "b.md")}
    assert set(Log.objects.values_list("sessions", flat=True)) == sessions


def test_hidden_folders_and_libraries_are_left(folder: Path, harbour: Path, tick: Tick, settings: Settings) -> None:
    for name in (".git", "node_modules", ".claude"):
        shutil.copytree(harbour, folder / name)
    assert tick(2) == []
    settings.INCLUDE_FOLDERS = frozenset({".claude"})
    assert sorted(tick(2)) == ["new a.md", "new b.md"]


def test_decomposed_names_are_one_log(folder: Path, tick: Tick) -> None:
    (folder / "Anderung.md".replace("A", "A\u0308")).write_text(log("2026-03-01"))
    assert tick(2) == ["new Änderung.md"]
    assert tick(2) == []
