"""The watched folders on the Import page: who may add which, what is said of them, and that all can be undone."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from kb.importing.sources.kept_folders import keep_folder, note_problem, note_seen, pause
from kb.models import WatchedFolder
from tests.importing.conftest import text_of

ADD = "/import/watched/"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    folder = tmp_path / "logs" / "harbor"
    folder.mkdir(parents=True)
    settings.IMPORT_FOLDERS = [tmp_path / "logs"]
    return folder


@pytest.fixture
def row(folder: Path, db: None) -> WatchedFolder:
    return keep_folder(folder)[0]


def said(client: Client, address: str, **sent: str) -> str:
    return text_of(client.post(address, sent, follow=True))


def undo_address(page: str) -> str:
    found = re.search(r'form="undo" formaction="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_folder_is_added_and_taken_back(signed_in: Client, folder: Path, engineer: User) -> None:
    page = said(signed_in, ADD, folder=str(folder))
    assert f"{folder} is watched from now on." in page
    row = WatchedFolder.objects.get()
    assert (row.path, row.added_by, row.from_terminal) == (str(folder), engineer, False)
    assert "added by dana" in page
    assert "is watched already" in said(signed_in, ADD, folder=f"{folder}/../harbor")
    page = said(signed_in, undo_address(page))
    assert "is not watched any more. What was imported from it stays." in page
    assert "No folder is watched yet" in page
    assert f"{folder} is back on the list." in said(signed_in, undo_address(page))
    assert WatchedFolder.objects.get().removed_at is None


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("{root}/other", "may not be imported from here. Add it to IMPORT_FOLDERS"),
        ("{root}/logs/../other", "may not be imported from here"),
        ("{root}/logs/out", "may not be imported from here"),
        ("{root}/logs/missing", "is not a folder"),
        ("~nosuchuser/logs", "begins with the home of a user who does not exist"),
        ("", "Enter the path of a folder on the server."),
    ],
)
def test_only_what_the_setting_allows_is_added(signed_in: Client, folder: Path, sent: str, words: str) -> None:
    root = folder.parent.parent
    (root / "other").mkdir()
    (root / "logs" / "out").symlink_to(root / "other")
    assert words in said(signed_in, ADD, folder=sent.format(root=root))
    assert not WatchedFolder.objects.exists()


def test_without_the_setting_the_page_says_how_to_add_one(signed_in: Client, folder: Path, settings: Settings) -> None:
    settings.IMPORT_FOLDERS = []
    page = text_of(signed_in.get("/import/"))
    assert "Watch folder" not in page
    assert "<code>manage.py watch PATH</code>" in page
    assert "may not be imported from here" in said(signed_in, ADD, folder=str(folder))


def test_a_folder_is_paused_and_resumed(signed_in: Client, row: WatchedFolder) -> None:
    page = said(signed_in, f"{ADD}{row.pk}/pause/")
    assert f"Paused {row}." in page
    assert f'aria-label="Resume: {row}"' in page
    assert "has been changed in the meantime" in said(signed_in, f"{ADD}{row.pk}/pause/")
    assert f"{row} is watched again." in said(signed_in, undo_address(page))
    row.refresh_from_db()
    assert row.paused_at is None


def test_adding_a_paused_folder_resumes_it(signed_in: Client, row: WatchedFolder) -> None:
    pause(row)
    assert f"{row} is watched from now on." in said(signed_in, ADD, folder=str(row))
    assert WatchedFolder.objects.get().paused_at is None


def test_nothing_changes_without_a_sign_in_or_by_a_link(client: Client, engineer: User, row: WatchedFolder) -> None:
    for address in (ADD, f"{ADD}{row.pk}/remove/"):
        assert client.post(address, {"folder": str(row)})["Location"].startswith("/sign-in/")
    client.force_login(engineer)
    assert client.get(f"{ADD}{row.pk}/remove/").status_code == 405
    for address in (f"{ADD}{row.pk}/erase/", f"{ADD}999/remove/"):
        assert client.post(address).status_code == 404
    assert WatchedFolder.objects.get().removed_at is None


def test_the_page_says_how_each_folder_is(signed_in: Client, row: WatchedFolder) -> None:
    idle = "Nothing is watching at the moment."
    page = text_of(signed_in.get("/import/"))
    assert idle in page
    assert "not watched now" in page
    note_seen(row, 1200)
    page = text_of(signed_in.get("/import/"))
    assert "</span> watched</span>" in page
    assert "1,200 logs" in page
    assert idle not in page
    note_problem(row, "is not there just now. What was imported from it stays.")
    page = text_of(signed_in.get("/import/"))
    assert "</span> away</span>" in page
    assert "It is not there just now. What was imported from it stays." in page
    assert "last there" in page
    pause(row)
    page = text_of(signed_in.get("/import/"))
    assert "</span> paused</span>" in page
    assert idle not in page


def test_a_watcher_that_was_killed_is_missed_after_a_minute(signed_in: Client, row: WatchedFolder) -> None:
    note_seen(row, 1)
    WatchedFolder.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=2))
    assert "Nothing is watching at the moment." in text_of(signed_in.get("/import/"))


def test_many_folders_cost_no_more_queries(signed_in: Client, row: WatchedFolder, engineer: User) -> None:
    counts = []
    for first in (0, 10):
        for number in range(first, first + 5):
            WatchedFolder.objects.create(path=f"/srv/logs/{number}", added_by=engineer)
        with CaptureQueriesContext(connection) as queries:
            page = signed_in.get("/import/").content.decode()
        assert page.count(">Pause<") == WatchedFolder.objects.count()
        counts.append(len(queries))
    assert counts[0] == counts[1]
