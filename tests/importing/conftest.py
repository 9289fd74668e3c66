"""Batches of staged logs, and waiting for imports that run in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.http.response import HttpResponseBase
from pytest_django import Settings

from kb.importing.staging import Batch, new_batch
from kb.models import Import, ImportOrigin


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data"


@pytest.fixture
def owner(transactional_db: None) -> User:
    return User.objects.create_superuser("dana", password="correct horse")


@pytest.fixture
def stage(owner: User) -> Callable[..., Batch]:
    """Stages logs: stage({"harbor/a.md": text, ...})."""

    def _stage(logs: dict[str, str], project: str = "harbor") -> Batch:
        batch = new_batch(owner.pk, ImportOrigin.UPLOAD, ", ".join(logs))
        for path, text in logs.items():
            batch.add(path, text.encode(), project)
        return batch

    return _stage


def wait_for(run: Import) -> Import:
    """Waits for the thread of an import."""
    for thread in threading.enumerate():
        if thread.name == f"import-{run.pk}":
            thread.join(30)
    run.refresh_from_db()
    return run


def text_of(response: HttpResponseBase) -> str:
    """The page of a response, with each run of white space as a single space."""
    return " ".join(getattr(response, "content", b"").decode().split())
