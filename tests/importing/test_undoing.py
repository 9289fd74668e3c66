"""Undoing imports: what comes back when a log is imported once more, and what is left for another time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.corrections.drafting import Said
from kb.corrections.stored import in_force
from kb.importing import Imported, undoing
from kb.importing.correcting import correct
from kb.importing.runs import begin, import_content, refuse
from kb.linking.deciding import comment
from kb.models import Correction, Import, ImportedFile, ImportOrigin, Issue, Occurrence
from kb.search.results.find import search
from sessions.models import Error, Log, NextStep, SessionLog
from tests.factories import OPEN, log

Ingest = Callable[..., Imported]
Kind = Correction.Kind


def put_right(session: SessionLog, by: User) -> None:
    """Renames the error, says that it is open, denies a step, and comments on the issue."""
    error, step = Error.objects.get(), NextStep.objects.get(text__contains="gateway")
    values = {"title": "The total is lost", "status": "open"}
    correct(session, Said(Kind.CHANGED, "errors", error.key, values=values), by)
    correct(session, Said(Kind.NOT, "next_steps", step.key), by)
    comment(Issue.objects.get(), "the vendor knows", by)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("a.md", log(), id="the same file"),
        pytest.param("moved/b.md", log(), id="the same content elsewhere"),
        pytest.param("a.md", log() + "\nOne more line.\n", id="an edited file"),
    ],
)
def test_a_log_that_people_worked_on_comes_back_as_it_was(ingest: Ingest, engineer: User, path: str, text: str) -> None:
    session = ingest(log(), "a.md").log.sessions.get()
    put_right(session, engineer)
    undoing.undo_run(Import.objects.get().pk)
    assert not SessionLog.objects.get().in_log
    assert len(in_force("a.md")) == 2  # a preview shows them too
    again = ingest(text, path)
    assert again.outcome == "new"
    assert (SessionLog.objects.get(), SessionLog.objects.get().in_log) == (session, True)
    error = Error.objects.get()
    assert (error.title, error.status, error.in_log) == ("The total is lost", "open", True)
    assert not NextStep.objects.filter(text__contains="gateway").exists()
    assert Occurrence.objects.get().issue.events.get().text == "the vendor knows"
    assert [str(one) for one in Log.objects.get().paths.all()] == [path]
    assert {one.session for one in Correction.objects.all()} == {session}
    assert search("total").total
    undoing.undo_run(Import.objects.latest("pk").pk)
    assert (SessionLog.objects.get().in_log, str(Log.objects.get())) == (False, path)


def test_a_log_comes_back_beside_one_that_took_its_path(ingest: Ingest, engineer: User) -> None:
    put_right(ingest(log("2026-03-01"), "a.md").log.sessions.get(), engineer)
    ingest(log("2026-04-01", OPEN), "b.md")
    ingest(log("2026-04-01", OPEN), "a.md")
    ingest(log("2026-03-01"), "a.md")
    back = Error.objects.get(session__date="2026-03-01")
    assert (back.title, back.in_log) == ("The total is lost", True)
    assert {str(one): one.sessions.count() for one in Log.objects.all()} == {"a.md": 1, "b.md": 1}


def test_what_a_later_import_changed_can_be_undone_after_that_one(ingest: Ingest) -> None:
    ingest(log(), "a.md")
    ingest(log(text=OPEN), "a.md")
    first, second = Import.objects.order_by("pk")
    undoing.undo_run(first.pk)
    first.refresh_from_db()
    assert (first.state, first.files.get().is_left, undoing.can_undo(first)) == ("done", True, True)
    undoing.undo_run(second.pk)
    assert Error.objects.get().status == "fixed"
    undoing.undo_run(first.pk)
    first.refresh_from_db()
    assert (first.state, first.files.get().undo_result, Log.objects.count()) == ("undone", "removed", 0)


def test_undoing_reads_one_former_text_at_a_time(ingest: Ingest) -> None:
    for text in (log(), log(text=OPEN)):
        run = begin(ImportOrigin.COMMAND, None, "crane logs")
        for name in ("a.md", "b.md"):
            import_content(run, name, (text + name).encode(), "crane")
    with CaptureQueriesContext(connection) as queries:
        undoing.undo_run(run.pk)
    reads = [one["sql"] for one in queries if one["sql"].startswith("SELECT") and '"before"' in one["sql"]]
    assert reads and all('"kb_importedfile"."id" = ' in sql for sql in reads)


def test_the_page_of_an_import_reads_no_former_texts(ingest: Ingest, signed_in: Client) -> None:
    for text in (log(), log(text=OPEN)):
        ingest(text, "a.md")
    with CaptureQueriesContext(connection) as queries:
        assert signed_in.get(f"/import/{Import.objects.latest('pk').pk}/").status_code == 200
    assert not [one["sql"] for one in queries if '"before"' in one["sql"]]


def test_the_history_counts_the_files_of_a_page_alone(ingest: Ingest, signed_in: Client) -> None:
    for at in range(31):
        ingest(log(f"2026-03-{at + 1:02}"), f"{at}.md")
    with CaptureQueriesContext(connection) as queries:
        page = signed_in.get("/import/", {"page": 2}).content.decode()
    assert page.count("1 new, 0 edited") == 1
    counts = [one["sql"] for one in queries if "kb_importedfile" in one["sql"]]
    assert len(counts) == 1 and f'"run_id" IN ({Import.objects.earliest("pk").pk})' in counts[0]


def test_later_imports_of_a_path_are_found_by_an_index(ingest: Ingest) -> None:
    ingest(log(), "a.md")
    plan = undoing._later_imports(ImportedFile.objects.get()).explain()
    assert connection.vendor != "sqlite" or "imported_files_of_a_path" in plan


def test_a_refused_path_of_any_length_is_recorded(db: None) -> None:
    path = "".join(chr(0x4E00 + at * 7919 % 20_000) for at in range(1000))
    run = begin(ImportOrigin.COMMAND, None, "crane logs")
    refuse(run, path, "is no log")
    assert path.startswith(run.files.get().path)
