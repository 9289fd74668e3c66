"""The page that asks before an import is undone, and what the history says of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from kb.importing import Imported, runs, undoing
from kb.models import Import, ImportOrigin
from sessions.models import Log
from tests.factories import OPEN, log
from tests.importing.conftest import text_of, wait_for

Ingest = Callable[..., Imported]


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def run(transactional_db: None, ingest: Ingest) -> Import:
    """Kim's import of a new log, an edited one, and a copy."""
    ingest(log("2026-03-02"), "b.md")
    kim = User.objects.create_user("kim")
    run = runs.begin(ImportOrigin.UPLOAD, kim, "crane logs")
    for path, text in {"a.md": log(), "b.md": log("2026-03-02", OPEN), "copy.md": log()}.items():
        runs.import_content(run, path, text.encode(), "harbor")
    runs.finish(run)
    return run


@pytest.fixture
def dana(client: Client, run: Import) -> Client:
    client.force_login(User.objects.create_superuser("dana", password="correct horse"))
    return client


def test_a_person_sees_what_undoing_does_before_it_is_done(dana: Client, run: Import) -> None:
    assert f'action="/import/{run.pk}/undo/"' in text_of(dana.get(f"/import/{run.pk}/"))
    asked = text_of(dana.get(f"/import/{run.pk}/undo/"))
    for words in ("Undo this import?", "kim", "1 new log is deleted", "1 edited log gets", "1 added path is removed"):
        assert words in asked
    assert Log.objects.count() == 2
    dana.post(f"/import/{run.pk}/act/", {"action": "undo"})
    wait_for(run)
    assert (run.state, run.undone_by, Log.objects.count()) == ("undone", User.objects.get(username="dana"), 1)
    for page in (f"/import/{run.pk}/", "/import/"):
        assert "by dana" in text_of(dana.get(page))


def test_what_is_undone_already_is_not_asked_about(dana: Client, run: Import) -> None:
    undoing.start_undo(run)
    wait_for(run)
    assert (run.undone_by, run.undone_at is None) == (None, False)
    assert dana.get(f"/import/{run.pk}/undo/").headers["Location"] == f"/import/{run.pk}/"
