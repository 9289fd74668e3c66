"""Imports in the background: their progress, stopping, going on, history, and taking them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from kb.importing import compose, runs, undoing
from kb.importing.staging import Batch, UnknownBatch, open_batch
from kb.importing.taught import teach
from kb.linking.deciding import comment
from kb.models import Import, ImportedFile, Issue, TrackedStep
from kb.search.index import index_session
from kb.search.results.find import search
from sessions.models import Error, Log, LogPath, SessionLog
from tests.factories import OPEN, log
from tests.importing.conftest import wait_for

Stage = Callable[..., Batch]
Ingest = Callable[..., object]


def taken(batch: Batch, owner: User) -> Import:
    return wait_for(runs.start(batch, set(batch.numbers()), owner))


def outcomes(run: Import) -> list[tuple[str, str]]:
    return list(run.files.values_list("path", "outcome"))


def test_a_batch_is_taken_and_told(stage: Stage, owner: User) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-01"), "c.md": log("2026-03-02")})
    batch.refuse("d.png", "d.png: is no log.")
    run = taken(batch, owner)
    assert (run.state, run.by, run.total) == ("done", owner, 4)
    told = [("d.png", "refused"), ("a.md", "new"), ("b.md", "unchanged"), ("c.md", "new")]
    assert outcomes(run) == told
    assert run.files.get(path="a.md").added == 5
    assert not batch.folder.exists()


def test_only_the_chosen_are_taken(stage: Stage, owner: User) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")})
    assert outcomes(wait_for(runs.start(batch, {2}, owner))) == [("b.md", "new")]


def test_a_run_can_be_stopped_and_an_interrupted_one_goes_on(stage: Stage, owner: User) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")})
    run = runs.begin(Import.Source.UPLOAD, owner, "two logs", total=2)
    Import.objects.filter(pk=run.pk).update(staged=batch.token, beat_at=timezone.now() - dt.timedelta(minutes=5))
    run.refresh_from_db()
    assert runs.is_interrupted(run)
    runs.resume(run)
    assert (wait_for(run).state, Log.objects.count()) == ("done", 2)

    batch = stage({"c.md": log("2026-03-03")})
    run = runs.begin(Import.Source.UPLOAD, owner, "one log", total=1)
    Import.objects.filter(pk=run.pk).update(staged=batch.token)
    runs.cancel(run)
    runs.in_background(runs._run, run.pk)
    assert (wait_for(run).state, Log.objects.count()) == ("cancelled", 2)


def fall_silent(run: Import) -> Import:
    """As a run looks whose site was stopped a while ago."""
    Import.objects.filter(pk=run.pk).update(beat_at=timezone.now() - dt.timedelta(minutes=5))
    run.refresh_from_db()
    return run


def test_reading_again_and_undoing_go_on_after_an_interruption(stage: Stage, owner: User) -> None:
    texts = {f"{day}.md": log(f"2026-03-0{day}") + "\n## Ahead\n\n- Weigh the crane\n" for day in (1, 2)}
    taken_run = taken(stage(texts), owner)
    teach("Ahead", "next steps", owner)
    again = runs.begin(Import.Source.TAUGHT, owner, "heading “ahead”", total=2)
    Import.objects.filter(pk=again.pk).update(heading="ahead")
    ImportedFile.objects.create(run=again, path="1.md", outcome="updated", log=Log.objects.get(paths__path="1.md"))
    runs.resume(fall_silent(again))
    assert (wait_for(again).state, outcomes(again)) == ("done", [("1.md", "updated"), ("2.md", "updated")])
    assert TrackedStep.objects.filter(text="Weigh the crane").exists()

    run = taken(stage({"c.md": log("2026-04-03"), "d.md": log("2026-04-04")}), owner)
    run.files.filter(path="d.md").update(undone="removed")
    Import.objects.filter(pk=run.pk).update(state="undoing")
    undoing.go_on_undoing(fall_silent(run))
    assert (wait_for(run).state, run.files.get(path="c.md").undone) == ("undone", "removed")
    assert taken_run.state == "done"


def test_an_interrupted_import_of_the_terminal_is_closed_and_can_be_undone(owner: User) -> None:
    run = runs.begin(Import.Source.COMMAND, None, "logs", total=2)
    runs.take_bytes(run, "a.md", log().encode(), "harbor")
    runs.resume(run)
    run.refresh_from_db()
    assert run.state == "running"  # it is at work, as far as anybody knows
    runs.resume(fall_silent(run))
    assert run.state == "cancelled"
    undoing.undo(run)
    assert (wait_for(run).state, Log.objects.count()) == ("undone", 0)


def test_a_log_that_our_own_fault_keeps_out_does_not_stop_the_others(
    stage: Stage, owner: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails_once(session: SessionLog) -> int:
        if "2026-03-01" in str(session.date):
            raise ZeroDivisionError("by zero")
        return index_session(session)

    monkeypatch.setattr(compose, "index_session", fails_once)
    run = taken(stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")}), owner)
    assert (run.state, outcomes(run)) == ("done", [("a.md", "refused"), ("b.md", "new")])
    assert "a.md: failed with ZeroDivisionError" in run.files.get(path="a.md").reason
    assert "by zero" in caplog.text
    assert Log.objects.get().paths.get().path == "b.md"


def test_undoing_that_fails_with_a_file_can_be_done_once_more(
    stage: Stage, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    run = taken(stage({"a.md": log("2026-03-01")}), owner)
    with monkeypatch.context() as patched:
        patched.setattr(undoing, "let_go", fails)
        undoing.undo_now(run.pk)
    run.refresh_from_db()
    assert (run.state, Log.objects.count()) == ("done", 1)
    assert "failed with ZeroDivisionError" in run.files.get().reason
    undoing.undo_now(run.pk)
    assert Log.objects.count() == 0


def test_what_people_dealt_with_outlives_a_file_that_becomes_another_log(
    stage: Stage, owner: User, ingest: Ingest
) -> None:
    ingest(log("2026-03-01", OPEN), path="a.md")
    ingest(log("2026-04-01"), path="b.md")
    error = Error.objects.get(session__date="2026-03-01")
    comment(error.occurrence.issue, "the vendor knows", owner)
    run = taken(stage({"a.md": log("2026-04-01")}), owner)
    error.refresh_from_db()
    assert (error.in_log, error.session.in_log, str(error.session.log)) == (False, False, "a.md")
    assert search("restarted").total == 0
    undoing.undo_now(run.pk)
    back = Error.objects.get(session__date="2026-03-01", in_log=True)
    assert back.occurrence.issue.events.get().text == "the vendor knows"
    assert Log.objects.get(paths__path="a.md").text == log("2026-03-01", OPEN)


def test_what_people_dealt_with_outlives_undoing_the_import_that_brought_it(stage: Stage, owner: User) -> None:
    run = taken(stage({"a.md": log("2026-03-01")}), owner)
    comment(Issue.objects.get(), "the vendor knows", owner)
    undoing.undo_now(run.pk)
    assert run.files.get().undone == "removed, but for the errors that somebody dealt with"
    assert Issue.objects.get().events.get().text == "the vendor knows"
    assert (LogPath.objects.count(), search("total").total) == (0, 0)
    taken(stage({"a.md": log("2026-03-01")}), owner)  # the same file once more is read anew
    assert Error.objects.filter(in_log=True).get().occurrence.issue == Issue.objects.get()


def test_a_run_whose_logs_were_swept_says_how_many_are_left(stage: Stage, owner: User) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")})
    run = runs.begin(Import.Source.UPLOAD, owner, "two logs", total=2)
    Import.objects.filter(pk=run.pk).update(staged=batch.token)
    runs.take_bytes(run, "a.md", log("2026-03-01").encode(), "harbor")
    batch.discard()
    runs.resume(fall_silent(run))
    assert wait_for(run).state == "incomplete"
    undoing.undo(run)
    assert (wait_for(run).state, Log.objects.count()) == ("undone", 0)


def test_logs_that_are_discarded_while_their_run_goes_on_are_left(
    stage: Stage, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = stage({"a.md": log("2026-03-01"), "b.md": log("2026-03-02")})

    def discarding(session: SessionLog) -> int:
        batch.discard()
        return index_session(session)

    monkeypatch.setattr(compose, "index_session", discarding)
    run = taken(batch, owner)
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
    run = taken(stage({"a.md": log("2026-03-01"), "copy.md": log("2026-03-01"), "b.md": log("2026-04-01")}), owner)
    assert LogPath.objects.count() == 3
    undoing.undo(run)
    assert wait_for(run).state == "undone"
    assert list(LogPath.objects.values_list("path", flat=True)) == ["a.md"]
    assert (Error.objects.count(), TrackedStep.objects.count(), Issue.objects.count(), search("total").total) == before
    told = dict(run.files.values_list("path", "undone"))
    assert told["b.md"] == "removed"
    assert told["copy.md"].startswith("its path is forgotten")
    assert told["a.md"] == "nothing to do: it was here"


def test_undoing_an_edit_brings_back_what_was(stage: Stage, owner: User, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    key = Error.objects.get().pk
    run = taken(stage({"a.md": log("2026-03-01", OPEN)}), owner)
    assert Error.objects.get().status == "open"
    undoing.undo_now(run.pk)
    error = Error.objects.get()
    assert (error.pk, error.status) == (key, "fixed")
    assert Log.objects.get().text == log("2026-03-01")


def test_undoing_brings_back_a_log_that_gave_way_to_another(stage: Stage, owner: User, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-04-01"), path="b.md")
    run = taken(stage({"a.md": log("2026-04-01")}), owner)  # the file now holds what another holds
    assert [str(day) for day in SessionLog.objects.values_list("date", flat=True)] == ["2026-04-01"]
    undoing.undo_now(run.pk)
    assert {str(path.log.sessions.get().date): path.path for path in LogPath.objects.all()} == {
        "2026-03-01": "a.md",
        "2026-04-01": "b.md",
    }


def test_undoing_an_edited_copy_gives_its_path_back(stage: Stage, owner: User, ingest: Ingest) -> None:
    for path in ("a.md", "copy.md"):
        ingest(log("2026-03-01"), path=path)
    run = taken(stage({"copy.md": log("2026-03-01", OPEN)}), owner)
    assert Log.objects.count() == 2
    undoing.undo_now(run.pk)
    assert set(Log.objects.get().paths.values_list("path", flat=True)) == {"a.md", "copy.md"}


def test_undoing_leaves_what_a_later_import_changed(stage: Stage, owner: User, ingest: Ingest) -> None:
    run = taken(stage({"a.md": log("2026-03-01")}), owner)
    ingest(log("2026-03-01", OPEN), path="a.md")
    undoing.undo_now(run.pk)
    assert Error.objects.get().status == "open"
    assert "a later import changed it" in ImportedFile.objects.get(run=run).undone


def test_what_people_said_outlives_undoing_an_edit(stage: Stage, owner: User, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    comment(Issue.objects.get(), "the vendor knows", owner)
    run = taken(stage({"a.md": log("2026-03-01", OPEN)}), owner)
    undoing.undo_now(run.pk)
    assert Issue.objects.get().events.get().text == "the vendor knows"
