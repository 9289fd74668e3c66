"""The API: what a machine is told when something is in the way of a log, or wrong with it."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from kb.models import ApiToken, Import
from kb.people.api_tokens import make_token, owner_of
from sessions.models import Log
from tests.factories import log

ADDRESS = "/api/v1/import?name=a.md&project=harbor"


@pytest.fixture
def machine(client: Client, transactional_db: None) -> Client:
    """A client that sends a token."""
    owner = User.objects.create_superuser("dana", password="correct horse")
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {make_token(owner, 'nightly')}"
    client.raise_request_exception = False
    return client


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else writes to the database, for longer than this connection waits."""
    connection.cursor().execute("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_a_locked_database_is_said_before_anything_is_written(machine: Client) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite is locked as a whole")
    with locked():
        answer = machine.post(ADDRESS, log(), content_type="text/markdown")
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/json")
    assert "Send the files again later" in answer.json()["problem"]
    assert not Import.objects.exists()
    assert machine.post(ADDRESS, log(), content_type="text/markdown").status_code == 200
    assert Log.objects.count() == 1


def test_when_a_token_was_used_is_noted_once_a_minute(machine: Client) -> None:
    header = machine.defaults["HTTP_AUTHORIZATION"]
    assert owner_of(header)
    first = ApiToken.objects.get().used_at
    assert owner_of(header)
    assert ApiToken.objects.get().used_at == first
    ApiToken.objects.update(used_at=timezone.now() - dt.timedelta(minutes=2))
    assert owner_of(header)
    assert ApiToken.objects.get().used_at > first
