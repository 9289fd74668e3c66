"""`manage.py watch`: what it says while it imports, and when it stops."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kb.conf.meaning import NOTICE
from kb.importing import Refused
from kb.importing.sources.following import Event, Idle, Watcher
from kb.importing.sources.kept_folders import keep_folder
from kb.management.commands import watch
from kb.models import WatchedFolder
from tests.factories import log

Follow = Callable[[Watcher, Callable[[], bool], object], Iterator[Event]]


def watched(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("watch", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def following(monkeypatch: pytest.MonkeyPatch) -> Callable[[Follow], None]:
    return lambda follow: monkeypatch.setattr(watch, "follow", follow)


def one_round(watcher: Watcher, _keeps_on: Callable[[], bool], _wait: object) -> Iterator[Event]:
    yield from watcher.round()
    yield Refused("b.md", "b.md: is too large.")


def test_it_says_what_became_of_each_log(db: None, tmp_path: Path, following: Callable[[Follow], None]) -> None:
    (tmp_path / "a.md").write_text(log("2026-03-01"), encoding="utf-8")
    (tmp_path / "node_modules").mkdir()
    following(one_round)
    assert watched(str(tmp_path), "--settle", "0") == [
        NOTICE,
        "Skipped 1 folder of libraries and tools.",
        "Watching 1 folder for new and changed logs; Ctrl-C stops.",
        f"new: {tmp_path.resolve() / 'a.md'}",
        "refused: b.md: is too large.",
        "Stopped.",
    ]
    assert WatchedFolder.objects.get().path == str(tmp_path.resolve())


def test_it_watches_what_is_kept_and_what_is_named(
    db: None, tmp_path: Path, following: Callable[[Follow], None]
) -> None:
    following(lambda *_: iter(()))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "a.md").write_text(log(), encoding="utf-8")
    keep_folder(tmp_path / "one")
    said = watched(str(tmp_path / "two"), str(tmp_path / "a.md"), str(tmp_path / "*.txt"))
    assert "Watching 2 folders, 1 file and 1 pattern for new and changed logs; Ctrl-C stops." in said
    assert "Watching 2 folders for new and changed logs; Ctrl-C stops." in watched()


def test_without_a_folder_it_waits_for_one(db: None, following: Callable[[Follow], None]) -> None:
    following(lambda *_: iter(()))
    assert "No folder is watched yet: add one on the Import page" in watched()[1]
    assert watched("--while-child-of", str(os.getppid())) == []


def test_many_logs_are_counted(db: None, following: Callable[[Follow], None]) -> None:
    many = [Refused("a.md", f"{number}.md: is too large.") for number in range(25)]
    events: list[Event] = [*many, Idle(), many[0]]
    following(lambda *_: iter(events))
    said = watched()
    assert said.index("… and 5 more: see the Import page.") == said.index("refused: 19.md: is too large.") + 1
    assert said[-2:] == ["refused: 0.md: is too large.", "Stopped."]


def test_what_is_not_there_is_refused(db: None, tmp_path: Path, following: Callable[[Follow], None]) -> None:
    for wrong in (str(tmp_path / "missing"), "~nosuchuser/logs"):
        with pytest.raises(CommandError, match="is not a folder"):
            watched(wrong)
    following(lambda *_: iter(()))
    (tmp_path / "logs").mkdir()
    missing = ["--while-child-of", str(os.getppid()), str(tmp_path / "missing"), "~nosuchuser/logs"]
    assert watched(*missing, str(tmp_path / "logs")) == ["Watching 1 folder for new and changed logs; Ctrl-C stops."]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_it_is_asked_to(transactional_db: None, tmp_path: Path, number: signal.Signals) -> None:
    """With the handlers as they were, and no process that seems to watch."""
    before = signal.getsignal(number)
    (tmp_path / "a.md").write_text(log(), encoding="utf-8")
    keep_folder(tmp_path)

    class Asked(StringIO):
        def write(self, text: str) -> int:
            if text.startswith("new: "):
                os.kill(os.getpid(), number)
            return super().write(text)

    out = Asked()
    call_command("watch", "--settle", "0.1", stdout=out)
    assert out.getvalue().splitlines()[-2:] == [f"new: {tmp_path.resolve() / 'a.md'}", "Stopped."]
    assert signal.getsignal(number) == before
    assert WatchedFolder.objects.get().state == "idle"


def test_it_ends_with_the_process_that_started_it(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with one that ended before it began."""
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(log(text=f"# {name}\n\nNo more.\n"), encoding="utf-8")
    keep_folder(tmp_path)
    parents = iter([1234] * 12 + [1] * 100)
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    monkeypatch.setattr(watch, "_NAMED", 0)
    assert watched("--while-child-of", "1234", "--settle", "0")[0].startswith("Watching 1 folder")
    assert watched("--while-child-of", "99") == ["Watching 1 folder for new and changed logs; Ctrl-C stops."]
