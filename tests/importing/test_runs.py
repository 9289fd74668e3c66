"""Imports in the background: progress, stopping, resuming, history, and undoing."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from kb.importing import Refused, keeping, runs, sets, undoing
from kb.importing.staging import Batch, UnknownBatch, open_batch
from kb.importing.taught import teach
from kb.linking.deciding import comment
from kb.models import Import, ImportedFile, ImportOrigin, Issue, TrackedStep
from kb.search.index import index_sessions
from kb.search.index.texts import SessionTexts
from kb.search.results.find import search
from sessions.models import Error, Log, LogPath, SessionLog
from sessions.sources import SourceError
from tests.factories import OPEN, log
from tests.importing.conftest import wait_for

Stage = Callable[..., Batch]
Ingest = Callable[..., object]


def import_all(batch: Batch, owner: User) -> Import:
    return wait_for(runs.import_batch(batch, set(batch.numbers()), owner))


def outcomes(run: Import) -> list[tuple[str, str]]:
    return list(run.files.values_list("path", "outcome"))


def test_a_batch_is_imported_and_recorded(stage: Stage, owner: User) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-01"), "c.md": log("2026-03-02")})
    batch.refuse("d.png", "d.png: is not a log.")
    run = import_all(batch, owner)
    assert (run.state, run.by, run.total) == ("done", owner, 4)
    assert outcomes(run) == [("d.png", "refused"), ("a.md", "new"), ("b.md", "unchanged"), ("c.md", "new")]
    assert run.files.get(path="a.md").added == 5
    assert not batch.folder.exists()


def test_only_selected_logs_are_imported(stage: Stage, owner: User) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")})
    assert outcomes(wait_for(runs.import_batch(batch, {2}, owner))) == [("b.md", "new")]


def test_a_run_can_be_stopped_and_an_interrupted_one_goes_on(stage: Stage, owner: User) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")})
    run = runs.begin(ImportOrigin.UPLOAD, owner, "two logs", total=2)
    Import.objects.filter(pk=run.pk).update(batch=batch.token, heartbeat_at=timezone.now() - dt.timedelta(minutes=5))
    run.refresh_from_db()
    assert runs.is_interrupted(run)
    runs.resume(run)
    assert (wait_for(run).state, Log.objects.count()) == ("done", 2)

    batch = stage({"c.md": log("2026-03-03")})
    run = runs.begin(ImportOrigin.UPLOAD, owner, "one log", total=1)
    Import.objects.filter(pk=run.pk).update(batch=batch.token)
    runs.cancel(run)
    runs.in_background(runs._import_batch, run.pk)
    assert (wait_for(run).state, Log.objects.count()) == ("cancelled", 2)


def fall_silent(run: Import) -> Import:
    """As a run looks whose site was stopped a while ago."""
    Import.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - dt.timedelta(minutes=5))
    run.refresh_from_db()
    return run


def test_reading_again_and_undoing_go_on_after_an_interruption(stage: Stage, owner: User) -> None:
    texts = {f"{day}.md": log(f"2026-03-0{day}") + "\n## Ahead\n\n- Weigh the crane\n" for day in (1, 2)}
    first_run = import_all(stage(texts), owner)
    teach("Ahead", "next steps", owner)
    again = runs.begin(ImportOrigin.TAUGHT, owner, "heading “ahead”", total=2)
    Import.objects.filter(pk=again.pk).update(heading="ahead")
    ImportedFile.objects.create(run=again, path="1.md", outcome="updated", log=Log.objects.get(paths__path="1.md"))
    runs.resume(fall_silent(again))
    assert (wait_for(again).state, outcomes(again)) == ("done", [("1.md", "updated"), ("2.md", "updated")])
    assert TrackedStep.objects.filter(text="Weigh the crane").exists()

    run = import_all(stage({"c.md": log("2026-04-03"), "d.md": log("2026-04-04")}), owner)
    run.files.filter(path="d.md").update(undo_result="removed")
    Import.objects.filter(pk=run.pk).update(state="undoing")
    undoing.resume_undo(fall_silent(run))
    assert (wait_for(run).state, run.files.get(path="c.md").undo_result) == ("undone", "removed")
    assert first_run.state == "done"


def test_what_two_continue_at_once_is_done_once(stage: Stage, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    for module in (runs, undoing):
        monkeypatch.setattr(module, "in_background", lambda _work, pk: begun.append(pk))
    run = runs.begin(ImportOrigin.UPLOAD, owner, "a.md", total=1)
    Import.objects.filter(pk=run.pk).update(batch=stage({"a.md": log()}).token)
    undone = runs.begin(ImportOrigin.UPLOAD, owner, "b.md", total=1)
    Import.objects.filter(pk=undone.pk).update(state="undoing")
    for interrupted, go_on in ((run, runs.resume), (undone, undoing.resume_undo)):
        one, other = fall_silent(interrupted), Import.objects.get(pk=interrupted.pk)
        go_on(one)
        go_on(other)
    assert begun == [run.pk, undone.pk]


def test_an_interrupted_import_of_the_terminal_is_closed_and_can_be_undone(owner: User) -> None:
    run = runs.begin(ImportOrigin.COMMAND, None, "logs", total=2)
    runs.import_content(run, "a.md", log().encode(), "harbor")
    runs.resume(run)
    run.refresh_from_db()
    assert run.state == "running"  # it is at work, as far as anybody knows
    runs.resume(fall_silent(run))
    assert run.state == "cancelled"
    undoing.start_undo(run)
    assert (wait_for(run).state, Log.objects.count()) == ("undone", 0)


def test_a_log_that_our_own_fault_keeps_out_does_not_stop_the_others(
    stage: Stage, owner: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails_once(sessions: list[SessionLog], texts: Mapping[int, SessionTexts]) -> int:
        if any("2026-03-01" in str(session.date) for session in sessions):
            raise ZeroDivisionError("by zero")
        return index_sessions(sessions, texts)

    monkeypatch.setattr(keeping, "index_sessions", fails_once)
    run = import_all(stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")}), owner)
    assert (run.state, outcomes(run)) == ("done", [("a.md", "refused"), ("b.md", "new")])
    assert "a.md: failed with ZeroDivisionError" in run.files.get(path="a.md").reason
    assert "by zero" in caplog.text
    assert Log.objects.get().paths.get().path == "b.md"


def test_undoing_that_fails_with_a_file_can_be_done_once_more(
    stage: Stage, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    run = import_all(stage({"a.md": log("2026-03-01")}), owner)
    with monkeypatch.context() as patched:
        patched.setattr(undoing, "delete_log", fails)
        undoing.undo_run(run.pk)
    run.refresh_from_db()
    assert (run.state, Log.objects.count()) == ("done", 1)
    assert "failed with ZeroDivisionError" in run.files.get().reason
    undoing.undo_run(run.pk)
    assert Log.objects.count() == 0


def test_what_people_dealt_with_outlives_a_file_that_becomes_another_log(
    stage: Stage, owner: User, ingest: Ingest
) -> None:
    ingest(log("2026-03-01", OPEN), path="a.md")
    ingest(log("2026-04-01"), path="b.md")
    error = Error.objects.get(session__date="2026-03-01")
    comment(error.occurrence.issue, "the vendor knows", owner)
    run = import_all(stage({"a.md": log("2026-04-01")}), owner)
    error.refresh_from_db()
    assert (error.in_log, error.session.in_log, str(error.session.log)) == (False, False, "a.md")
    assert search("restarted").total == 0
    undoing.undo_run(run.pk)
    back = Error.objects.get(session__date="2026-03-01", in_log=True)
    assert back.occurrence.issue.events.get().text == "the vendor knows"
    assert Log.objects.get(paths__path="a.md").text == log("2026-03-01", OPEN)


def test_what_people_dealt_with_outlives_undoing_the_import_that_brought_it(stage: Stage, owner: User) -> None:
    run = import_all(stage({"a.md": log("2026-03-01")}), owner)
    comment(Issue.objects.get(), "the vendor knows", owner)
    undoing.undo_run(run.pk)
    assert run.files.get().undo_result == "removed, except for errors that somebody has acted on"
    assert Issue.objects.get().events.get().text == "the vendor knows"
    assert (LogPath.objects.count(), search("total").total) == (0, 0)
    import_all(stage({"a.md": log("2026-03-01")}), owner)  # the same file once more is read anew
    assert Error.objects.filter(in_log=True).get().occurrence.issue == Issue.objects.get()


def test_a_run_whose_logs_were_swept_says_how_many_are_left(stage: Stage, owner: User) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")})
    run = runs.begin(ImportOrigin.UPLOAD, owner, "two logs", total=2)
    Import.objects.filter(pk=run.pk).update(batch=batch.token)
    runs.import_content(run, "a.md", log("2026-03-01").encode(), "harbor")
    batch.discard()
    runs.resume(fall_silent(run))
    assert wait_for(run).state == "incomplete"
    undoing.start_undo(run)
    assert (wait_for(run).state, Log.objects.count()) == ("undone", 0)


def test_logs_that_are_discarded_while_their_run_goes_on_are_left(
    stage: Stage, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")})

    def discarding(sessions: list[SessionLog], texts: Mapping[int, SessionTexts]) -> int:
        batch.discard()
        return index_sessions(sessions, texts)

    monkeypatch.setattr(keeping, "index_sessions", discarding)
    monkeypatch.setattr(sets, "MOST_LOGS", 1)
    run = import_all(batch, owner)
    assert (run.state, outcomes(run)) == ("incomplete", [("a.md", "new")])


def test_a_batch_belongs_to_its_owner(stage: Stage, owner: User) -> None:
    batch = stage({"a.md": log()})
    assert open_batch(batch.token, owner.pk).numbers() == [1]
    for token, person in ((batch.token, owner.pk + 1), ("0" * 32, owner.pk), ("..", owner.pk)):
        with pytest.raises(UnknownBatch):
            open_batch(token, person)


def test_undoing_removes_what_was_new(stage: Stage, owner: User, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    before = (Error.objects.count(), TrackedStep.objects.count(), Issue.objects.count(), search("total").total)
    run = import_all(stage({"a.md": log("2026-03-01"), "copy.md": log("2026-03-01"), "b.md": log("2026-04-01")}), owner)
    assert LogPath.objects.count() == 3
    undoing.start_undo(run)
    assert wait_for(run).state == "undone"
    assert list(LogPath.objects.values_list("path", flat=True)) == ["a.md"]
    assert (Error.objects.count(), TrackedStep.objects.count(), Issue.objects.count(), search("total").total) == before
    results = dict(run.files.values_list("path", "undo_result"))
    assert results["b.md"] == "removed"
    assert results["copy.md"].startswith("path removed")
    assert results["a.md"] == "nothing to do, it was already here"


def test_undoing_an_edit_brings_back_what_was(stage: Stage, owner: User, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    key = Error.objects.get().pk
    run = import_all(stage({"a.md": log("2026-03-01", OPEN)}), owner)
    assert Error.objects.get().status == "open"
    undoing.undo_run(run.pk)
    error = Error.objects.get()
    assert (error.pk, error.status) == (key, "fixed")
    assert Log.objects.get().text == log("2026-03-01")


def test_undoing_brings_back_a_log_that_gave_way_to_another(stage: Stage, owner: User, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-04-01"), path="b.md")
    run = import_all(stage({"a.md": log("2026-04-01")}), owner)  # the file now holds what another holds
    assert [str(day) for day in SessionLog.objects.values_list("date", flat=True)] == ["2026-04-01"]
    undoing.undo_run(run.pk)
    assert {str(path.log.sessions.get().date): path.path for path in LogPath.objects.all()} == {
        "2026-03-01": "a.md",
        "2026-04-01": "b.md",
    }


def test_undoing_an_edited_copy_gives_its_path_back(stage: Stage, owner: User, ingest: Ingest) -> None:
    for path in ("a.md", "copy.md"):
        ingest(log("2026-03-01"), path=path)
    run = import_all(stage({"copy.md": log("2026-03-01", OPEN)}), owner)
    assert Log.objects.count() == 2
    undoing.undo_run(run.pk)
    assert set(Log.objects.get().paths.values_list("path", flat=True)) == {"a.md", "copy.md"}


def test_undoing_leaves_what_a_later_import_changed(stage: Stage, owner: User, ingest: Ingest) -> None:
    run = import_all(stage({"a.md": log("2026-03-01")}), owner)
    ingest(log("2026-03-01", OPEN), path="a.md")
    undoing.undo_run(run.pk)
    assert Error.objects.get().status == "open"
    assert "a later import changed it" in ImportedFile.objects.get(run=run).undo_result


def test_what_people_said_outlives_undoing_an_edit(stage: Stage, owner: User, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    comment(Issue.objects.get(), "the vendor knows", owner)
    run = import_all(stage({"a.md": log("2026-03-01", OPEN)}), owner)
    undoing.undo_run(run.pk)
    assert Issue.objects.get().events.get().text == "the vendor knows"


def test_undoing_leaves_what_a_later_import_stored_once_more(ingest: Ingest, owner: User) -> None:
    first, second, third = (log(f"2026-03-0{day}", OPEN) for day in (1, 2, 1))
    for text in (first, second, third):
        ingest(text, path="a.md")
    earliest, *_others, latest = Import.objects.order_by("pk")
    undoing.undo_run(earliest.pk)
    assert "a later import changed it" in earliest.files.get().undo_result
    assert Log.objects.count() == 1
    undoing.undo_run(latest.pk)
    assert Log.objects.get().text == second


def test_a_run_whose_logs_take_long_shows_that_it_is_alive(
    stage: Stage, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_BEAT", 0.02)
    batch = stage({"a.md": log("2026-03-01")})
    run = runs.begin(ImportOrigin.UPLOAD, owner, "a log", total=1)
    before = run.heartbeat_at
    assert before is not None

    def waits(*_arguments: object) -> None:
        time.sleep(0.3)
        raise SourceError("a.md: was too long.")

    monkeypatch.setattr("kb.importing.readers.read_job", waits)
    jobs = runs._staged_jobs(run, batch, batch.numbers())
    assert [type(result) for result in runs.import_all(run, jobs, 1)] == [Refused]
    run.refresh_from_db()
    assert run.heartbeat_at is not None and run.heartbeat_at > before
