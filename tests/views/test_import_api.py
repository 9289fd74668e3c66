"""The API: what a machine is told when something is in the way of a log, or wrong with it."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.models import ApiToken, Import, Issue
from kb.people.api_tokens import make_token, token_of
from sessions.models import Log
from tests.factories import OPEN, log
from tests.importing.test_archives import packed
from tests.views.test_api_calls import bearing

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
    assert token_of(header)
    first = ApiToken.objects.get().used_at
    assert token_of(header)
    assert first is not None
    assert ApiToken.objects.get().used_at == first
    before = timezone.now() - dt.timedelta(minutes=2)
    ApiToken.objects.update(used_at=before)
    assert token_of(header)
    assert ApiToken.objects.get().used_at != before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (random.Random(3).randbytes(5000), "is not a text file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(900), "is not a text file"),
        (b"\xef\xbb\xbf \n\n", "is empty"),
    ],
)
@pytest.mark.parametrize("form", [True, False])
def test_what_is_no_log_is_refused(machine: Client, content: bytes, said: str, form: bool) -> None:
    if form:
        answer = machine.post("/api/v1/import", {"files": SimpleUploadedFile("a.md", content)})
    else:
        answer = machine.post(ADDRESS, content, content_type="text/markdown")
    (result,) = answer.json()["logs"]
    assert (answer.status_code, result["outcome"], result["path"]) == (422, "refused", "a.md")
    assert result["reason"].startswith(f"a.md: {said}")
    assert not Log.objects.exists()


def test_an_empty_file_is_refused(machine: Client) -> None:
    answer = machine.post("/api/v1/import", {"files": SimpleUploadedFile("a.md", b"")})
    assert (answer.status_code, Log.objects.count()) == (422, 0)
    assert "a.md: is empty" in answer.json()["logs"][0]["reason"]


def test_a_damaged_archive_is_refused(machine: Client) -> None:
    whole = packed({"quay/a.md": log().encode(), "quay/b.md": log("2026-03-02").encode()})
    answer = machine.post("/api/v1/import", {"files": SimpleUploadedFile("logs.zip", whole[:30] + whole[90:])})
    assert (answer.status_code, Log.objects.count()) == (422, 0)
    assert "logs.zip: cannot be read as a zip archive" in answer.json()["logs"][0]["reason"]


def test_a_log_that_lost_its_line_ends_is_refused(machine: Client) -> None:
    form = "application/x-www-form-urlencoded"  # what curl says of any body
    answer = machine.post(ADDRESS, log().replace("\n", ""), content_type=form)
    assert (answer.status_code, Import.objects.count()) == (415, 0)
    assert "--data-binary" in answer.json()["problem"]
    assert machine.post(ADDRESS, log(), content_type=form).json()["logs"][0]["outcome"] == "new"


def test_a_log_that_is_here_already_lists_its_issues(machine: Client) -> None:
    new, again = (machine.post(ADDRESS, log(), content_type="text/markdown").json()["logs"][0] for _ in range(2))
    assert (again["outcome"], again["issues"]) == ("unchanged", new["issues"])
    assert [issue["state"] for issue in new["issues"]] == ["held"]


def test_each_issue_of_a_log_comes_with_its_page_and_its_best_fix(client: Client, engineer: User) -> None:
    headers = bearing(engineer)
    first, again = (
        client.post(f"/api/v1/import?name={name}.md", text, content_type="text/markdown", headers=headers).json()
        for name, text in (("a", log()), ("b", log("2026-03-09", OPEN)))
    )
    (new,), (known,) = first["logs"][0]["issues"], again["logs"][0]["issues"]
    issue = Issue.objects.get()
    assert known["id"] == new["id"] == issue.pk
    assert known["address"] == f"http://testserver/issues/{issue.pk}/"
    assert (known["title"], known["sessions"], known["state"]) == ("Missing total column", 2, "regressed")
    assert (new["best_fix"]["title"], new["best_fix"]["verdict"]) == ("ran the migration by hand", "held")
    assert (known["best_fix"]["verdict"], known["best_fix"]["days"]) == ("came back", 8)


def test_a_token_that_only_imports_is_told_no_fixes(client: Client, engineer: User) -> None:
    headers = bearing(engineer, may_read=False)
    answer = client.post(ADDRESS, log(), content_type="text/markdown", headers=headers)
    (issue,) = answer.json()["logs"][0]["issues"]
    assert set(issue) == {"id", "title", "address", "sessions", "state"}


def test_the_fixes_of_many_logs_cost_no_more_queries_than_those_of_one(client: Client, engineer: User) -> None:
    def asked(count: int, headers: dict[str, str]) -> int:
        files = [SimpleUploadedFile(f"{day}.md", log(f"2026-03-0{day}").encode()) for day in range(1, count + 1)]
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/api/v1/import", {"files": files}, headers=headers)
        assert len(answer.json()["logs"]) == count
        return len(queries)

    importing, reading = bearing(engineer, may_read=False), bearing(engineer)
    asked(5, importing), asked(1, reading)  # everything is here, and the use of both tokens is noted
    of_one, of_many = (asked(count, reading) - asked(count, importing) for count in (1, 5))
    assert of_one == of_many > 0
