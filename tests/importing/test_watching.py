"""A watched folder: half-written logs wait, renamed ones keep their records, links out are not followed."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings
from watchfiles import Change

from kb.importing import Imported, Refused
from kb.importing.sources.watching import Watched, follow, import_settled
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
def watched(folder: Path, clock: Clock) -> Watched:
    return Watched(folder, settle=1.0, clock=clock)


@pytest.fixture
def tick(watched: Watched, clock: Clock) -> Callable[..., list[str]]:
    """Some changes, then time: what was taken after it."""

    def _tick(seconds: float, *changes: tuple[Change, Path]) -> list[str]:
        watched.notice((change, str(path)) for change, path in changes)
        results = import_settled(watched)
        clock.now += seconds
        return [described(result) for result in (*results, *import_settled(watched))]

    return _tick


def described(result: Imported | Refused) -> str:
    return "refused" if isinstance(result, Refused) else f"{result.outcome} {Path(result.path).name}"


Tick = Callable[..., list[str]]


def test_what_is_there_is_taken_once(folder: Path, watched: Watched, tick: Tick) -> None:
    (folder / "harbor" / "a.md").write_text(log("2026-03-01"))
    watched.add_existing()
    assert tick(2) == ["new a.md"]
    watched.add_existing()
    assert tick(2) == []
    assert Import.objects.get().origin == "watch"
    assert Log.objects.get().sessions.get().project.name == "harbor"


def test_a_log_that_still_grows_is_waited_for(folder: Path, tick: Tick) -> None:
    file = folder / "a.md"
    file.write_text(log("2026-03-01")[:40])
    assert tick(0.6, (Change.added, file)) == []
    file.write_text(log("2026-03-01"))
    assert tick(0.6, (Change.modified, file)) == []
    assert tick(1.2) == ["new a.md"]
    assert Log.objects.get().text == log("2026-03-01")


def test_saving_by_renaming_updates_in_place(folder: Path, tick: Tick) -> None:
    file, fresh = folder / "a.md", folder / ".a.md.swp"
    file.write_text(log("2026-03-01"))
    assert tick(2, (Change.added, file)) == ["new a.md"]
    fresh.write_text(log("2026-03-01", OPEN))
    os.replace(fresh, file)
    assert tick(2, (Change.added, fresh), (Change.deleted, fresh), (Change.added, file)) == ["updated a.md"]
    assert Log.objects.count() == 1


def test_a_renamed_log_keeps_its_records(folder: Path, tick: Tick) -> None:
    old, new = folder / "a.md", folder / "b.md"
    old.write_text(log("2026-03-01"))
    tick(2, (Change.added, old))
    session = Log.objects.get().sessions.get().pk
    old.rename(new)
    assert tick(2, (Change.deleted, old), (Change.added, new)) == ["unchanged b.md"]
    assert list(LogPath.objects.values_list("path", flat=True)) == [str(new)]
    assert Log.objects.get().sessions.get().pk == session


def test_a_deleted_log_stays_here(folder: Path, tick: Tick, clock: Clock) -> None:
    file = folder / "a.md"
    file.write_text(log("2026-03-01"))
    tick(2, (Change.added, file))
    file.unlink()
    assert tick(120, (Change.deleted, file)) == []
    assert Log.objects.count() == 1


def test_a_log_that_goes_before_it_stands_still_is_not_taken(folder: Path, tick: Tick) -> None:
    file = folder / "a.md"
    file.write_text("half")
    tick(0.1, (Change.added, file))
    file.unlink()
    assert tick(2) == []


def test_links_and_other_files_are_left(folder: Path, tmp_path: Path, tick: Tick, watched: Watched) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(log("2026-03-01"))
    inside = folder / "real.md"
    inside.write_text(log("2026-03-02"))
    (folder / "out.md").symlink_to(outside)
    (folder / "in.md").symlink_to(inside)
    (folder / "notes.pdf").write_text("no log")
    watched.add_existing()
    changes = [(Change.added, folder / name) for name in ("out.md", "in.md", "notes.pdf")]
    assert tick(2, *changes) == ["new real.md"]
    assert Log.objects.count() == 1


def test_too_large_a_log_is_refused_and_reported(folder: Path, tick: Tick, settings: pytest.FixtureRequest) -> None:
    settings.LOG_SIZE_LIMIT = 10  # type: ignore[attr-defined]
    file = folder / "a.md"
    file.write_text(log())
    assert tick(2, (Change.added, file)) == ["refused"]


def test_the_files_are_not_touched(folder: Path, tick: Tick) -> None:
    file = folder / "a.md"
    content = (log() + "\r\npassword = hunter2-hunter2-hunter2\r\n").encode()
    file.write_bytes(content)
    before = file.stat()
    tick(2, (Change.added, file))
    after = file.stat()
    assert file.read_bytes() == content
    assert (before.st_mtime_ns, before.st_mode) == (after.st_mtime_ns, after.st_mode)


def followed(watched: Watched, act: Callable[[], object], wanted: int) -> list[str]:
    """What is imported while real events of the file system come in, until that much is or half a minute is over."""
    stop, results = threading.Event(), list[str]()
    timer = threading.Timer(30, stop.set)
    starter = threading.Timer(1, act)
    for one in (timer, starter):
        one.start()
    for result in follow(watched, stop):
        results.append(described(result))
        if len(results) == wanted:
            break
    timer.cancel()
    return sorted(results)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A folder with two logs, outside the watched one."""
    folder = tmp_path / "harbour"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.md").write_text(log("2026-03-01"))
    (folder / "deep" / "b.md").write_text(log("2026-03-02"))
    return folder


def test_a_folder_that_is_moved_here_is_taken(folder: Path, harbour: Path) -> None:
    watched = Watched(folder, settle=0.2)
    assert followed(watched, lambda: harbour.rename(folder / "moved"), 2) == ["new a.md", "new b.md"]
    assert {str(path) for path in LogPath.objects.all()} == {
        str(folder / "moved" / "a.md"),
        str(folder / "moved" / "deep" / "b.md"),
    }


def test_a_renamed_folder_keeps_its_records(folder: Path, harbour: Path, tick: Tick) -> None:
    old, new = folder / "old", folder / "new"
    harbour.rename(old)
    assert sorted(tick(2, (Change.added, old))) == ["new a.md", "new b.md"]
    sessions = set(Log.objects.values_list("sessions", flat=True))
    old.rename(new)
    assert sorted(tick(2, (Change.deleted, old), (Change.added, new))) == ["unchanged a.md", "unchanged b.md"]
    assert {str(path) for path in LogPath.objects.all()} == {str(new / "a.md"), str(new / "deep" / "b.md")}
    assert set(Log.objects.values_list("sessions", flat=True)) == sessions


def test_hidden_folders_and_libraries_are_left(folder: Path, harbour: Path, tick: Tick, settings: Settings) -> None:
    changes = []
    for name in (".git", "node_modules", ".claude"):
        shutil.copytree(harbour, folder / name)
        changes += [(Change.added, folder / name), (Change.added, folder / name / "a.md")]
    assert tick(2, *changes) == []
    settings.INCLUDE_FOLDERS = frozenset({".claude"})
    assert sorted(tick(2, *changes)) == ["new a.md", "new b.md"]
