"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import settings as property_settings
from pytest_django import Settings

from kb.importing import Imported
from kb.importing.runs import begin, finish, import_content
from kb.models import ImportOrigin
from sessions.models import SessionLog
from tests.second_reader import StandIn, standing_in

# The suite draws the same examples each time; HYPOTHESIS_PROFILE=explore draws new ones.
property_settings.register_profile("suite", derandomize=True, database=None, deadline=None)
property_settings.register_profile("explore", deadline=None)
property_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture
def engineer(db: None) -> User:
    return User.objects.create_superuser("dana", password="correct horse")


@pytest.fixture
def signed_in(client: Client, engineer: User) -> Client:
    client.force_login(engineer)
    return client


@pytest.fixture
def ingest(db: None) -> Callable[..., Imported]:
    """Imports a log's text: ingest(text, path="harbor/2026-01-02.md", project="harbor")."""

    def _ingest(text: str, path: str = "harbor/2026-01-02.md", project: str = "harbor") -> Imported:
        run = begin(ImportOrigin.COMMAND, None, path, total=1)
        imported = import_content(run, path, text.encode(), project)
        finish(run)
        assert isinstance(imported, Imported), imported
        return imported

    return _ingest


@pytest.fixture
def by_meaning(settings: Settings) -> None:
    """Reads logs by meaning too, which the tests leave out otherwise. The encoder is loaded once a process."""
    settings.MEANING = True


@pytest.fixture
def only_session(db: None) -> Callable[[], SessionLog]:
    return lambda: SessionLog.objects.get()


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A server that stands in for a second reader."""
    with standing_in() as server:
        yield server
