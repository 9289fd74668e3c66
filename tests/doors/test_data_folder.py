"""The data folder is closed to other accounts, whatever it was before."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from kb.conf.checks import data_is_private
from kb.conf.data_folder import close_to_others, open_to_others, secret_key

ROOT = Path(__file__).resolve().parents[2]

# Starts the product as manage.py and gunicorn do, writes to the database, and stages a log.
USE = """
import django, os
django.setup()
from django.db import connection
from kb.importing.staging import new_batch
connection.cursor().execute("CREATE TABLE IF NOT EXISTS tide (level int)")
new_batch(1, "paste", "a.md").add("a.md", b"# Log", "harbor")
"""


def start(folder: Path, code: str = USE) -> str:
    """What a process with this data folder says on its standard error; any account may read what it makes by habit."""
    environment = {**os.environ, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "kb.settings"}
    for name in ("SECRET_KEY", "DATABASE_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=environment, umask=0o022, check=True, capture_output=True, text=True
    ).stderr


def open_paths(folder: Path) -> list[str]:
    """The paths, the folder's own among them, to which group or others have any right."""
    return sorted(p.name for p in (folder, *folder.rglob("*")) if stat.S_IMODE(p.stat().st_mode) & 0o077)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder as it was left open, with nothing else in it."""
    folder = tmp_path / "data"
    (folder / "staged" / "batch").mkdir(parents=True)
    for name in ("knowledge.sqlite3", "knowledge.sqlite3-wal", "secret_key", "staged/batch/000001.log.json"):
        (folder / name).write_text("left open")
        (folder / name).chmod(0o644)
    for path in (folder, folder / "staged", folder / "staged" / "batch"):
        path.chmod(0o755)
    return folder


def database(folder: Path) -> Path:
    return folder / "knowledge.sqlite3"


def test_all_that_is_made_is_private(tmp_path: Path) -> None:
    assert start(tmp_path / "new" / "data") == ""
    made = {path.name for path in (tmp_path / "new" / "data").rglob("*")}
    assert {"knowledge.sqlite3", "secret_key", "staged", "batch.json", "000001.log.json"} <= made
    assert open_paths(tmp_path / "new") == []


def test_what_was_left_open_is_closed_at_the_start_and_said_once(tmp_path: Path) -> None:
    start(tmp_path / "data")
    for path in (tmp_path / "data", *(tmp_path / "data").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert "files and folders were open to other accounts" in start(tmp_path / "data")
    assert open_paths(tmp_path / "data") == []
    assert start(tmp_path / "data") == ""


def test_a_shared_folder_keeps_its_mode_and_only_our_files_are_closed(folder: Path) -> None:
    (folder / "thesis.txt").write_text("somebody's own")
    (folder / "thesis.txt").chmod(0o644)
    assert close_to_others(folder, database(folder)) == 6
    assert open_paths(folder) == ["data", "thesis.txt"]
    assert open_to_others(folder, database(folder)) == [folder]


@pytest.mark.parametrize("mode", [0o1777, 0o777])
def test_a_folder_that_anybody_may_write_to_keeps_its_mode(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    close_to_others(folder, database(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == mode
    assert open_paths(folder) == ["data"]


def test_links_are_not_followed_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o755)
    (folder / "staged" / "link").symlink_to(elsewhere)
    close_to_others(folder, database(folder))
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o755


def test_a_folder_that_is_reached_by_a_link_is_closed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    close_to_others(tmp_path / "link", database(folder))
    assert open_paths(folder) == []


def test_a_database_elsewhere_is_closed_and_its_folder_is_not(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kb.db").touch()
    elsewhere.chmod(0o755)
    (elsewhere / "kb.db").chmod(0o644)
    close_to_others(folder, elsewhere / "kb.db")
    assert open_paths(elsewhere) == ["elsewhere"]


def test_a_check_names_what_is_still_open(folder: Path, settings: Settings) -> None:
    settings.DATA_DIR = folder
    (said,) = data_is_private()
    assert str(folder) in said.msg
    assert "and 4 more" in said.msg
    close_to_others(folder, database(folder))
    assert data_is_private() == []


def test_one_key_is_made_however_many_ask_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(secret_key, [tmp_path / "new"] * 40))
    assert len(keys) == 1
    assert len(keys.pop()) > 50
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]


def test_an_empty_key_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(ImproperlyConfigured, match=r"is empty\. Remove it"):
        secret_key(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_another_account_is_left_and_its_key_is_not_used(folder: Path) -> None:
    os.chown(folder / "secret_key", 12345, 12345)
    close_to_others(folder, database(folder))
    assert open_paths(folder) == ["secret_key"]
    assert open_to_others(folder, database(folder)) == [folder / "secret_key"]
    with pytest.raises(ImproperlyConfigured, match="belongs to another account"):
        secret_key(folder)
