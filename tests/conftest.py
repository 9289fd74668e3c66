"""Fixtures shared by all tests, and settings that differ from production: a fast hasher, a database of their own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="test-data-"))
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-alone")

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import settings as settings_of_properties
from pytest_django import Settings

from kb.importing import Imported
from kb.importing.runs import begin, finish, import_content
from kb.models import ImportOrigin
from sessions.models import SessionLog

# The suite says the same each time; `HYPOTHESIS_PROFILE=explore` looks for what it has not met yet.
settings_of_properties.register_profile("suite", derandomize=True, database=None, deadline=None)
settings_of_properties.register_profile("explore", deadline=None)
settings_of_properties.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """SQLite tests run on a real file with the options of production, not in memory."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database["TEST"] = {**database.get("TEST", {}), "NAME": os.path.join(os.environ["DATA_DIR"], "test.sqlite3")}
        from django.db import connections

        connections["default"].settings_dict["TEST"]["NAME"] = database["TEST"]["NAME"]


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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
def only_session(db: None) -> Callable[[], SessionLog]:
    return lambda: SessionLog.objects.get()
