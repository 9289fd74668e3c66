"""Commands whose database cannot be used say why, and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from kb.importing import Imported
from kb.management.database_command import DatabaseCommand
from tests.factories import log
from tests.suite import ROOT

COMMANDS = (
    *("check_index", "corrections", "ingest examples", "issues", "learn", "met KeyError", "reindex", "relink"),
    *("reread", "second_reader", "sign_in_link", "watch examples"),
)
RUN_ALL = """
import sys, django
from django.core.management import CommandError, call_command
django.setup()
for command in sys.argv[1:]:
    try:
        call_command(*command.split())
    except CommandError as said:
        print(f"{command}: {said}")
"""


def test_a_database_that_is_not_set_up_is_said_by_each_command(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kb.settings",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/kb.db",
        "MEANING": "on",
        "SECOND_READER_URL": "http://127.0.0.1:9/v1",
    }
    command = [sys.executable, "-W", "ignore", "-c", RUN_ALL, *COMMANDS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if "not set up" in line]
    assert said == [f"{name}: The database is not set up: run manage.py migrate." for name in COMMANDS], done.stderr


def test_a_database_of_an_older_version_is_said(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise OperationalError("no such column: kb_doubt.distance")

    monkeypatch.setattr("kb.management.commands.check_index.check_index", fails)
    MigrationRecorder.Migration.objects.filter(app="kb").latest("pk").delete()
    with pytest.raises(CommandError, match=r"run manage\.py migrate"):
        call_command("check_index")


@pytest.mark.parametrize("command", ["ingest", "reread"])
def test_a_database_that_is_locked_is_said(
    ingest: Callable[..., Imported], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def fails(*_arguments: object) -> None:
        raise OperationalError("database is locked")

    ingest(log())
    (tmp_path / "a.md").write_text(log("2026-03-02"), encoding="utf-8")
    monkeypatch.setattr("kb.importing.compose.keep_set", fails)
    with pytest.raises(CommandError) as said:
        call_command(command, *([str(tmp_path)] if command == "ingest" else []), stdout=StringIO())
    assert str(said.value).startswith("The database cannot be used (database is locked). What was ")


def test_each_command_that_uses_the_database_is_tested() -> None:
    files = [*(ROOT / "kb/management/commands").glob("[a-z]*.py")]
    using = {file.stem for file in files if DatabaseCommand.__name__ in file.read_text(encoding="utf-8")}
    assert using == {command.split()[0] for command in COMMANDS}
    assert {file.stem for file in files} - using == {"parse", "serve"}  # which has sign_in_link called
