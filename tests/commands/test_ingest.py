"""`manage.py ingest`: what it imports, and what it says about it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from pytest_django import Settings

from kb.conf.meaning import NOTICE
from kb.importing import sets
from kb.models import Import
from sessions.models import Error, Log, LogPath
from tests.factories import OPEN, TOLD, log


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    """A folder with one log."""
    folder = tmp_path / "harbor"
    folder.mkdir()
    (folder / "a.md").write_text(log("2026-03-01"), encoding="utf-8")
    return folder


def ingest(*arguments: str | Path) -> tuple[str, str, int]:
    """Runs the command. Returns what it printed to stdout and stderr, and its exit status."""
    out, err, status = StringIO(), StringIO(), 0
    try:
        call_command("ingest", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as left:
        status = int(left.code or 0)
    return out.getvalue(), err.getvalue(), status


def test_the_outcome_of_each_log_is_counted(folder: Path) -> None:
    out, err, status = ingest(folder, folder / "missing.md")
    assert "1 new, 0 updated, 0 already here, 1 refused." in out
    assert "Records: 5 added, 0 changed, 0 no longer in their log." in out
    assert "refused: " in err
    assert "no such file" in err
    assert status == 1
    out, err, status = ingest(folder / "*.md")
    assert "0 new, 0 updated, 1 already here, 0 refused." in out
    assert (err, status) == ("", 0)


def test_recurring_issues_and_regressions_are_named(folder: Path) -> None:
    (folder / "b.md").write_text(log("2026-03-09", OPEN), encoding="utf-8")
    out, _, _ = ingest(folder)
    assert "Errors: 0 new issues, 1 recurring, 1 of these regressed." in out
    assert "  regression after 8 days, seen in 2 sessions: Missing total column" in out


def test_logs_without_records_are_named(folder: Path) -> None:
    (folder / "b.md").write_text("Nothing in particular.\n", encoding="utf-8")
    out, _, _ = ingest(folder)
    assert f"Nothing was recognised in 1: {folder / 'b.md'}. See manage.py parse --explain." in out


def test_masked_credentials_are_reported(folder: Path) -> None:
    (folder / "a.md").write_text(log() + "\npassword = hunter2-hunter2\n", encoding="utf-8")
    out, _, _ = ingest("--redact-report", folder)
    assert "Credentials masked before storing: 1." in out
    assert f"{folder / 'a.md'}:25: " in out
    assert "password = ***" in out
    assert "hunter2" not in out


def test_skipped_folders_are_named(folder: Path, settings: Settings) -> None:
    for name in (".claude", ".git", "node_modules"):
        (folder / name).mkdir()
        (folder / name / f"{name}.md").write_text(log(text=f"# {name}\n"), encoding="utf-8")
    out, _, _ = ingest(folder)
    assert "Skipped 2 folders of libraries and tools." in out
    assert f"Skipped hidden folders that contain logs: {folder}/.claude (1 log)." in out
    assert "set INCLUDE_FOLDERS=.claude." in out
    assert "1 new, 0 updated" in out
    settings.INCLUDE_FOLDERS = frozenset({".claude"})
    ingest(folder)
    assert LogPath.objects.count() == 2


def test_the_examples_are_imported_on_the_first_start_only(folder: Path) -> None:
    User.objects.create_user("ada")
    ingest("--first-start", folder)
    assert not Log.objects.exists()
    User.objects.all().delete()
    out, _, _ = ingest("--first-start", folder)
    assert "First start: importing the example logs." in out
    assert Log.objects.count() == 1


def test_too_large_a_log_is_refused(folder: Path, settings: Settings) -> None:
    settings.LOG_SIZE_LIMIT = 10
    _, err, status = ingest(folder)
    assert f"{folder / 'a.md'}: " in err
    assert "raise LOG_SIZE_LIMIT" in err
    assert status == 1
    assert not Log.objects.exists()


def test_an_interrupted_import_keeps_what_it_imported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kb.management.commands import ingest as command

    def interrupted_after_one(results: Iterator[object], total: int) -> object:
        yield next(results)
        raise KeyboardInterrupt

    monkeypatch.setattr(sets, "MOST_LOGS", 1)
    (folder / "b.md").write_text(log("2026-03-02"), encoding="utf-8")
    monkeypatch.setattr(command, "_with_progress", interrupted_after_one)
    with pytest.raises(KeyboardInterrupt):
        ingest(folder)
    assert (Import.objects.get().state, Log.objects.count()) == ("cancelled", 1)


def test_it_says_what_reading_without_meaning_costs(folder: Path) -> None:
    assert ingest(folder)[0].splitlines()[0] == NOTICE


def test_a_problem_without_a_word_for_it_is_imported_by_meaning(folder: Path, by_meaning: None) -> None:
    (folder / "told.md").write_text(TOLD, encoding="utf-8")
    out, err, status = ingest(folder / "told.md")
    assert NOTICE not in out
    assert (err, status) == ("", 0)
    assert Error.objects.get().title.startswith("Invoices went out twice")
