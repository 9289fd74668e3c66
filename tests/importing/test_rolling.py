"""Rolling files: what is overwritten by another session stays, and what is edited stays one log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.corrections.drafting import Said
from kb.corrections.stored import in_force
from kb.importing import Imported, keep, prepare, read, sets, undoing
from kb.importing.correcting import correct, staged_log
from kb.importing.namesakes import Upload
from kb.importing.preview import preview_some
from kb.importing.runs import begin, finish, import_content
from kb.importing.sources.following import Watcher
from kb.importing.sources.kept_folders import keep_folder
from kb.importing.staging import Batch
from kb.linking.deciding import comment
from kb.models import Correction, Import, ImportOrigin, Issue, TrackedStep
from kb.search.index.rebuilding import missing_sessions
from kb.search.results.find import search
from sessions.models import Error, Log, LogPath, NextStep, SessionLog
from tests.importing.conftest import text_of
from tests.importing.test_sets import import_logs, said
from tests.importing.test_watching import Clock, described

Ingest = Callable[..., Imported]
Stage = Callable[..., Batch]
Kind = Correction.Kind
NAME = "harbor/HANDOFF.md"
ASIDE = f"{NAME} (2026-03-01)"


def handoff(day: str, error: str, fix: str, step: str) -> str:
    """A summary of a session, all but four lines of which are those of its template."""
    date = f"**Date**: {day}\n" if day else ""
    return f"""# Handoff

{date}**Project**: harbor
**Status**: in progress
**Author**: the night shift

## Errors

- **Error**: {error}
- **Fix**: {fix}
- **Result**: ✅ Fixed

## Next Steps

- [ ] P0: {step}
"""


CRANE = ("The crane gives no answer after a restart", "Replaced the relay of crane seven", "Order spare relays")
TUG = ("The tug loses its radio in the fog", "Soldered the aerial of tug two", "Write to the maker of the radio")
BUOY = ("The northern buoy blinks too fast", "Set the clock of the northern buoy", "Paint the southern buoy")
FIRST, SECOND, THIRD = handoff("2026-03-01", *CRANE), handoff("2026-03-02", *TUG), handoff("2026-03-05", *BUOY)
ROLLED = SECOND.replace("# Handoff", "# 2026-03-02: Tugs").replace("\n## ", "\n### ")
LEDGER = (
    "# Log\n\n## 2026-03-02: Ledger\n\n- Closed the ledger of February\n\n## 2026-03-01: Cranes\n\n- Oiled the cranes\n"
)


def paths() -> dict[str, list[str]]:
    """The days of the sessions of each log, by its paths."""
    return {
        " + ".join(sorted(log.paths.values_list("path", flat=True))): sorted(
            str(session.date) for session in log.sessions.filter(in_log=True)
        )
        for log in Log.objects.exclude(sha256=None)
    }


@pytest.mark.parametrize(
    ("former", "text"),
    [
        pytest.param(FIRST, handoff("2026-03-01", *TUG), id="the same day"),
        pytest.param(FIRST, FIRST.replace("2026-03-01", "2026-03-02"), id="another day for the same lines"),
        pytest.param(FIRST, FIRST.replace("2026-03-01", "2026-03-02").replace(CRANE[2], TUG[2]), id="mostly the same"),
        pytest.param(FIRST, FIRST.replace("2026-03-01", "2026-03-02") + SECOND[200:] * 3, id="continued, one session"),
        pytest.param(FIRST, handoff("", *TUG), id="undated now"),
        pytest.param(handoff("", *CRANE), SECOND, id="undated until now"),
        pytest.param(LEDGER, LEDGER.replace("# Log\n", "# Log\n\n## 2026-03-05: Tugs\n\n- Towed\n"), id="appended"),
        pytest.param(LEDGER, LEDGER.partition("## 2026-03-01")[0], id="cut"),
        pytest.param(SECOND, "# Handoff\n\n**Date**: 2026-01-01\n", id="emptied to an old template"),
    ],
)
def test_an_edit_is_no_other_session(ingest: Ingest, former: str, text: str) -> None:
    log = ingest(former, NAME).log
    again = ingest(text, NAME)
    assert (again.outcome, again.log, LogPath.objects.get().path) == ("updated", log, NAME)


@pytest.mark.parametrize(
    ("former", "text", "days"),
    [
        pytest.param(FIRST, SECOND, {ASIDE: ["2026-03-01"], NAME: ["2026-03-02"]}, id="the next one"),
        pytest.param(
            SECOND, FIRST, {f"{NAME} (2026-03-02)": ["2026-03-02"], NAME: ["2026-03-01"]}, id="an earlier one"
        ),
        pytest.param(
            FIRST, "# Handoff\n\n**Date**: 2026-03-02\n", {ASIDE: ["2026-03-01"], NAME: ["2026-03-02"]}, id="just begun"
        ),
        pytest.param(
            LEDGER,
            THIRD,
            {f"{NAME} (2026-03-02)": ["2026-03-01", "2026-03-02"], NAME: ["2026-03-05"]},
            id="several sessions",
        ),
    ],
)
def test_another_session_leaves_the_former_one(
    ingest: Ingest, former: str, text: str, days: dict[str, list[str]]
) -> None:
    log = ingest(former, NAME).log
    again = ingest(text, NAME)
    assert (again.outcome, again.changes.removed, paths()) == ("new", 0, days)
    assert log.sessions.filter(in_log=True).exists()
    assert missing_sessions() == []


def test_what_the_former_session_said_is_still_found(ingest: Ingest) -> None:
    for text in (FIRST, SECOND, THIRD):
        ingest(text, NAME)
    assert {error.title for error in Error.objects.filter(in_log=True)} == {CRANE[0], TUG[0], BUOY[0]}
    assert TrackedStep.objects.filter(text__contains=CRANE[2]).count() == 1
    assert "relay of crane seven" in str(search("crane relay").hits[0].entry)


def put_right(session: SessionLog, by: User) -> None:
    error = Error.objects.get(session=session)
    correct(session, Said(Kind.CHANGED, "errors", error.key, values={"title": "The crane is deaf"}), by)
    comment(Issue.objects.get(occurrences__error=error), "the vendor knows", by)


def test_what_people_did_with_the_former_session_stays_with_it(ingest: Ingest, engineer: User) -> None:
    session = ingest(FIRST, NAME).log.sessions.get()
    put_right(session, engineer)
    new = ingest(SECOND, NAME).log.sessions.get()
    assert (len(in_force(NAME)), len(in_force(ASIDE))) == (0, 1)
    error = Error.objects.get(session=session)
    assert (error.title, error.in_log) == ("The crane is deaf", True)
    assert Issue.objects.get(occurrences__error=error).events.get().text == "the vendor knows"
    step = NextStep.objects.get(session=session)
    correct(session, Said(Kind.NOT, "next_steps", step.key), engineer)
    assert {one.at_path for one in Correction.objects.all()} == {ASIDE}
    assert not NextStep.objects.filter(session=session).exists()
    assert NextStep.objects.filter(session=new).count() == 1


def test_undoing_gives_the_former_session_its_path_again(ingest: Ingest, engineer: User) -> None:
    session = ingest(FIRST, NAME).log.sessions.get()
    put_right(session, engineer)
    ingest(SECOND, NAME)
    run = Import.objects.latest("pk")
    undoing.undo_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.files.get().undo_result) == ("undone", "restored")
    assert paths() == {NAME: ["2026-03-01"]}
    assert Error.objects.get().title == "The crane is deaf"
    assert (SessionLog.objects.get(), len(in_force(NAME))) == (session, 1)
    assert (search("radio").total, bool(search("relay").total)) == (0, True)


def test_each_of_several_sessions_comes_back(ingest: Ingest) -> None:
    for text in (FIRST, SECOND, THIRD):
        ingest(text, NAME)
    first, second, third = Import.objects.order_by("pk")
    undoing.undo_run(second.pk)
    assert second.files.get().is_left
    for run, left in (
        (third, {ASIDE: ["2026-03-01"], NAME: ["2026-03-02"]}), (second, {NAME: ["2026-03-01"]}), (first, {})
    ):  # fmt: skip
        undoing.undo_run(run.pk)
        assert paths() == left


def test_undoing_an_edit_is_no_other_session(ingest: Ingest) -> None:
    """As of a base in which any content under a path was an edit of what was there."""
    ingest(FIRST, NAME)
    ingest(handoff("2026-03-01", *TUG), NAME)
    SessionLog.objects.update(date="2026-03-09")
    undoing.undo_run(Import.objects.latest("pk").pk)
    assert paths() == {NAME: ["2026-03-01"]}
    assert Error.objects.get().title == CRANE[0]


def test_a_session_that_was_removed_meanwhile_is_read_again(ingest: Ingest) -> None:
    removed = ingest(FIRST, NAME).log
    ingest(SECOND, NAME)
    undoing.remove_log(removed)
    undoing.undo_run(Import.objects.latest("pk").pk)
    assert paths() == {NAME: ["2026-03-01"]}


def test_a_file_may_go_back_to_a_session_that_was_set_aside(ingest: Ingest) -> None:
    for text in (FIRST, SECOND, FIRST):
        ingest(text, NAME)
    both = {f"{NAME} + {ASIDE}": ["2026-03-01"], f"{NAME} (2026-03-02)": ["2026-03-02"]}
    assert paths() == both
    ingest(THIRD, NAME)
    assert paths().keys() == {NAME, ASIDE, f"{NAME} (2026-03-02)"}
    undoing.undo_run(Import.objects.latest("pk").pk)
    assert paths() == both
    undoing.undo_run(Import.objects.order_by("pk")[2].pk)
    assert paths() == {ASIDE: ["2026-03-01"], NAME: ["2026-03-02"]}


def test_two_sessions_of_a_day_have_two_names(ingest: Ingest) -> None:
    for text in (FIRST, SECOND, FIRST.replace(*CRANE[:2]), THIRD):
        ingest(text, NAME)
    assert paths().keys() == {NAME, ASIDE, f"{NAME} (2026-03-01, 2)", f"{NAME} (2026-03-02)"}


def test_a_path_of_any_length_gets_a_name(ingest: Ingest) -> None:
    path = f"{'deep/' * 198}HANDOFF.md"
    ingest(FIRST, path)
    ingest(SECOND, path)
    assert [len(row.path) for row in LogPath.objects.all()] == [1000, 1000]


def test_a_session_that_has_another_path_needs_no_name(ingest: Ingest, engineer: User) -> None:
    put_right(ingest(FIRST, NAME).log.sessions.get(), engineer)
    ingest(FIRST, "archive/2026-03-01.md")
    ingest(SECOND, NAME)
    assert paths() == {"archive/2026-03-01.md": ["2026-03-01"], NAME: ["2026-03-02"]}
    assert Correction.objects.get().at_path == "archive/2026-03-01.md"


@pytest.mark.parametrize("order", [1, -1])
def test_sets_and_their_order_make_no_difference(monkeypatch: pytest.MonkeyPatch, db: None, order: int) -> None:
    def imported(most: int) -> list[object]:
        monkeypatch.setattr(sets, "MOST_LOGS", most)
        import_logs({NAME: FIRST, "harbor/SUMMARY.md": THIRD})
        texts = {"a.md": ROLLED, NAME: SECOND, "harbor/SUMMARY.md": FIRST, "b.md": THIRD}
        import_logs(dict(list(texts.items())[::order]))
        found: list[object] = [paths(), said(), missing_sessions()]
        for model in (Log, TrackedStep, Issue):
            model._default_manager.all().delete()
        return found

    assert imported(64) == imported(1)


def test_importing_again_changes_nothing(ingest: Ingest) -> None:
    for text in (FIRST, SECOND, SECOND):
        again = ingest(text, NAME)
    assert again.outcome == "unchanged"
    assert paths().keys() == {NAME, ASIDE}


def test_a_log_that_is_read_again_meanwhile_sets_nothing_aside(ingest: Ingest) -> None:
    parsed = read(prepare(NAME, FIRST.encode(), "harbor"))
    for text in (FIRST, SECOND):
        ingest(text, NAME)
    assert keep(replace(parsed, is_again=True)).outcome == "unchanged"
    assert paths() == {ASIDE: ["2026-03-01"], NAME: ["2026-03-02"]}


def test_an_upload_leaves_the_session_before_it(engineer: User) -> None:
    for text in (FIRST, SECOND):
        run = begin(ImportOrigin.API, engineer, "HANDOFF.md", total=1)
        import_content(run, "HANDOFF.md", text.encode(), "harbor", Upload.of("HANDOFF.md", "harbor", "dana"))
        finish(run)
    assert paths().keys() == {"uploads/harbor/HANDOFF.md", "uploads/harbor/HANDOFF.md (2026-03-01)"}


def test_the_preview_says_what_is_set_aside(stage: Stage, ingest: Ingest, client: Client, owner: User) -> None:
    put_right(ingest(FIRST, NAME).log.sessions.get(), owner)
    batch = stage({NAME: SECOND})
    preview_some(batch, seconds=30)
    assert (batch.preview(1)["outcome"], batch.preview(1)["set_aside"]) == ("new", ASIDE)
    assert paths() == {NAME: ["2026-03-01"]}
    client.force_login(owner)
    assert f"It stays, as {ASIDE}." in text_of(client.get(f"/import/staged/{batch.token}/"))
    assert staged_log(batch, 1, NAME).applied.outcomes == []


@pytest.fixture
def watcher(tmp_path: Path, db: None) -> Iterator[Callable[[], list[str]]]:
    """Looks twice at a watched folder: what came of it."""
    keep_folder(tmp_path)
    clock = Clock()
    watcher = Watcher(clock=clock)

    def look() -> list[str]:
        events = list(watcher.round())
        clock.now += 2
        events += watcher.round()
        clock.now += 2
        return [described(event) for event in events if isinstance(event, Imported)]

    yield look
    watcher.end()


def test_a_watched_file_is_overwritten_and_renamed(watcher: Callable[[], list[str]], tmp_path: Path) -> None:
    file = tmp_path / "HANDOFF.md"
    for text in (FIRST, SECOND):
        file.write_text(text)
        assert watcher() == ["new HANDOFF.md"]
    assert watcher() == []
    aside = f"{file} (2026-03-01)"
    assert paths() == {str(file): ["2026-03-02"], aside: ["2026-03-01"]}
    file.rename(tmp_path / "FORMER.md")
    file.write_text(THIRD)
    watcher()
    watcher()
    assert paths() == {
        str(tmp_path / "FORMER.md"): ["2026-03-02"], str(file): ["2026-03-05"], aside: ["2026-03-01"]
    }  # fmt: skip
