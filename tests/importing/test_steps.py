"""The three steps of an import: slow work happens before the transaction, and changes in the meantime are noticed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import connection

from kb.importing import Imported, keep, keeping, prepare, read, reading, runs, undoing
from kb.importing.preview import preview_some
from kb.importing.reading import OutdatedError
from kb.importing.staging import Batch
from kb.importing.taught import teach
from kb.models import Import, ImportedFile, ImportOrigin, Issue, TrackedStep
from sessions.models import Log, LogPath, NextStep, Project, SessionLog
from sessions.parsing.pipeline import read_text
from tests.factories import OPEN, log
from tests.importing.conftest import wait_for

Stage = Callable[..., Batch]
Ingest = Callable[..., Imported]
AHEAD = "\n## Ahead\n\n- Weigh the crane\n"


class SlowReading:
    """Reading that waits until it may go on. `work` runs in another thread, with another connection."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began, self.may_go_on = threading.Event(), threading.Event()
        monkeypatch.setattr(reading, "read_text", self._read)

    def _read(self, *args: object) -> object:
        self.began.set()
        assert self.may_go_on.wait(30)
        return read_text(*args)  # type: ignore[arg-type]

    def write_meanwhile(self, work: threading.Thread) -> None:
        """Writes a row on this connection while the other reads; the writing must not wait for it."""
        work.start()
        assert self.began.wait(30)
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA busy_timeout=200")
        try:
            Project.objects.create(name="written meanwhile")
        finally:
            self.may_go_on.set()
            work.join(30)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowReading:
    return SlowReading(monkeypatch)


def in_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return threading.Thread(target=run)


def test_others_write_while_a_log_is_read(transactional_db: None, slow: SlowReading) -> None:
    run = runs.begin(ImportOrigin.COMMAND, None, "logs")
    slow.write_meanwhile(in_thread(lambda: runs.import_content(run, "a.md", log().encode(), "harbor")))
    assert (run.files.get().outcome, Log.objects.count()) == ("new", 1)


TWICE = """# Session

**Date**: 2026-03-{day}

## Errors

- Export of the ledger writes {what} in the night

## Next Steps

- [ ] {step}
"""


def test_two_imports_at_the_same_time_link_what_is_similar(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Project.objects.create(name="harbor")
    both, linked = threading.Barrier(2), keeping._linked

    def wait_for_the_other(*kept: object, **options: bool) -> object:
        done = linked(*kept, **options)  # type: ignore[arg-type]
        with suppress(threading.BrokenBarrierError):  # the other may be waiting for us
            both.wait(1)
        return done

    monkeypatch.setattr(keeping, "_linked", wait_for_the_other)
    texts = (
        TWICE.format(day="01", what="every line twice", step="Rotate the gateway certificate before it expires"),
        TWICE.format(day="02", what="each line two times", step="Rotate the expiring gateway certificate"),
    )
    threads = [in_thread(partial(_import_log, f"{place}.md", text)) for place, text in enumerate(texts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (Log.objects.count(), Issue.objects.count(), TrackedStep.objects.count()) == (2, 1, 1)


def _import_log(path: str, text: str) -> None:
    runs.import_content(runs.begin(ImportOrigin.COMMAND, None, path), path, text.encode(), "harbor")


def test_others_write_while_a_preview_reads(stage: Stage, slow: SlowReading) -> None:
    batch = stage({"a.md": log()})
    slow.write_meanwhile(in_thread(lambda: preview_some(batch)))
    assert batch.preview(1)["outcome"] == "new"


def test_others_write_while_an_edit_is_undone(
    stage: Stage, owner: User, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(log("2026-03-01"), path="a.md")
    run = wait_for(runs.import_batch(stage({"a.md": log("2026-03-01", OPEN)}), {1}, owner))
    slow = SlowReading(monkeypatch)
    slow.write_meanwhile(in_thread(lambda: undoing.undo_run(run.pk)))
    assert Log.objects.get().text == log("2026-03-01")


def test_others_write_while_a_log_is_read_again(ingest: Ingest, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(log() + AHEAD, path="a.md")
    teach("Ahead", "next steps", owner)
    run = runs.begin(ImportOrigin.TAUGHT, owner, "ahead")
    Import.objects.filter(pk=run.pk).update(heading="ahead")
    slow = SlowReading(monkeypatch)
    slow.write_meanwhile(in_thread(lambda: runs._read_logs_again(run.pk)))
    assert TrackedStep.objects.filter(text="Weigh the crane").exists()


@pytest.mark.parametrize(
    ("path", "text", "outcome", "logs"),
    [
        ("a.md", log("2026-03-01"), "unchanged", 1),  # the same file was imported meanwhile
        ("b.md", log("2026-03-01"), "unchanged", 1),  # the same content, under another path
        ("a.md", log("2026-03-01", OPEN), "updated", 1),  # another state of the same file
    ],
)
def test_what_another_import_did_meanwhile_is_noticed(
    ingest: Ingest, path: str, text: str, outcome: str, logs: int
) -> None:
    parsed = read(prepare("a.md", log("2026-03-01").encode(), "harbor"))
    ingest(text, path=path)
    assert (keep(parsed).outcome, Log.objects.count()) == (outcome, logs)
    assert LogPath.objects.get(path="a.md").log.text == log("2026-03-01")
    assert SessionLog.objects.count() == 1


def test_content_that_was_deleted_meanwhile_is_read(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    ingest(log(), path="a.md")
    keep_known = keeping.keep_known

    def delete_first(path: str, sha256: str) -> Imported | None:
        Log.objects.all().delete()
        return keep_known(path, sha256)

    monkeypatch.setattr(keeping, "keep_known", delete_first)
    assert ingest(log(), path="b.md").outcome == "new"
    assert str(Log.objects.get()) == "b.md"


def test_a_heading_taught_meanwhile_is_heeded(ingest: Ingest, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = read(prepare("a.md", (log() + AHEAD).encode(), "harbor"))
    teach("Ahead", "next steps", owner)
    with pytest.raises(OutdatedError):
        keep(parsed)
    assert not Log.objects.exists()

    def teaching(*args: object) -> object:
        found = read_text(*args)  # type: ignore[arg-type]
        if "aside" not in str(args):
            teach("Aside", "learnings", owner)
            monkeypatch.setattr(reading, "read_text", read_text)
        return found

    monkeypatch.setattr(reading, "read_text", teaching)
    assert ingest(log() + AHEAD + "\n## Aside\n\n- Cranes are heavy\n", path="a.md").outcome == "new"
    assert NextStep.objects.filter(text="Weigh the crane").exists()
    assert SessionLog.objects.get().learning_set.count() == 1


def test_an_edit_that_came_while_a_log_was_read_again_stays(
    ingest: Ingest, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(log() + AHEAD, path="a.md")
    teach("Ahead", "next steps", owner)
    edited = log() + AHEAD + "\n- Weigh the buoy\n"

    def editing(*args: object) -> object:
        monkeypatch.setattr(reading, "read_text", read_text)
        ingest(edited, path="a.md")
        return read_text(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_text", editing)
    run = runs.begin(ImportOrigin.TAUGHT, owner, "ahead")
    Import.objects.filter(pk=run.pk).update(heading="ahead")
    runs._read_logs_again(run.pk)
    assert Log.objects.get().text == edited
    assert ImportedFile.objects.get(run=run).outcome == "unchanged"
    assert TrackedStep.objects.filter(text="Weigh the buoy").exists()


def test_only_the_log_that_the_parser_fails_on_is_refused_in_the_preview(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: str, *rest: object) -> object:
        if path == "a.md":
            raise ZeroDivisionError
        return read_text(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_text", failing)
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")})
    assert preview_some(batch) == 0
    assert [batch.preview(number)["outcome"] for number in (1, 2)] == ["refused", "new"]
    assert "failed with ZeroDivisionError" in batch.preview(1)["reason"]


def test_a_preview_lets_others_write_between_its_groups(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.importing.preview._HOLD", 0.0)
    batch = stage({f"{day}.md": log(f"2026-03-0{day}") for day in (1, 2, 3)})
    assert preview_some(batch) == 0
    assert [batch.preview(number)["issues"][0]["sessions"] for number in (1, 2, 3)] == [1, 1, 1]
