"""GET /api/v1/search: what a machine finds, and what it is told if it may not or asks for what there is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.importing import Imported
from kb.models import Issue
from sessions.models import Error, SessionLog
from tests.factories import OPEN, log
from tests.search.language.test_pasted import PYTHON
from tests.views.test_api_calls import bearing

Ingest = Callable[..., Imported]
Ask = Callable[..., dict[str, Any]]
ADDRESS = "/api/v1/search"


@pytest.fixture
def agent(client: Client, engineer: User) -> Client:
    """A client with a token that may read."""
    client.defaults["HTTP_AUTHORIZATION"] = bearing(engineer)["authorization"]
    return client


@pytest.fixture
def ask(agent: Client) -> Ask:
    def _ask(q: str, **parameters: int) -> dict[str, Any]:
        sent: dict[str, str | int] = {"q": q, **parameters}
        answer = agent.get(ADDRESS, sent)
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    return _ask


@pytest.fixture
def logs(ingest: Ingest) -> None:
    ingest(log("2026-03-01"))
    ingest(log("2026-03-09", OPEN), path="harbor/2026-03-09.md")


@pytest.mark.usefixtures("logs")
def test_an_error_is_found_with_its_issue_and_best_fix(ask: Ask) -> None:
    found = ask("column total type:error project:harbor")
    issue, session = Issue.objects.get(), SessionLog.objects.earliest("date")
    error = Error.objects.get(session=session)
    (hit,) = found["hits"]
    assert found["total"] == 2  # one problem is one hit
    assert (hit["kind"], hit["title"], hit["project"]) == ("error", "Missing total column", "harbor")
    assert (hit["session"], hit["found_by"], hit["next_step"]) == ("Session: Orders", "words", None)
    shown = Error.objects.get(session__date=hit["date"])
    assert hit["lines"] == [shown.first_line, shown.last_line]
    marked = f"?lines={shown.first_line}-{shown.last_line}#L{shown.first_line}"
    assert hit["address"] == f"http://testserver/sessions/{shown.session_id}/{marked}"
    assert "psycopg2.errors.UndefinedColumn" in hit["snippet"]
    assert "<" not in hit["snippet"]
    assert hit["issue"] == {
        "id": issue.pk, "title": "Missing total column", "address": f"http://testserver/issues/{issue.pk}/",
        "state": "regressed", "days": 8, "sessions": 2, "projects": ["harbor"],
    }  # fmt: skip
    fix = error.fixes.get()
    assert hit["best_fix"] == {
        "title": "ran the migration by hand", "verdict": "came back",
        "in_words": "held for 8 days, then the problem came back", "days": 8,
        "session": "Session: Orders", "project": "harbor", "date": "2026-03-01",
        "address": f"http://testserver/sessions/{session.pk}/?lines={fix.first_line}-{fix.last_line}#L{fix.first_line}",
        "cause": "migration did not run", "commands": [],
    }  # fmt: skip


@pytest.mark.usefixtures("logs")
def test_other_kinds_are_found_as_the_page_shows_them(ask: Ask) -> None:
    (session,) = ask("type:session after:2026-03-05")["hits"]
    assert (session["issue"], session["best_fix"], "?" in session["address"]) == (None, None, False)
    (step,) = ask("gateway certificate type:step")["hits"]
    assert (step["kind"], step["next_step"]["state"]) == ("next step", "open")


@pytest.mark.usefixtures("logs")
def test_a_search_says_what_to_know_about_its_results(ask: Ask) -> None:
    assert ask("column total")["notices"] == []
    assert "no filter “projet:”" in ask("projet:harbor column")["notices"][0]
    assert "Nothing found" in ask("berth project:quay")["notices"][-1]
    assert "nothing to look for" in ask("-flaky")["notices"][0]
    assert "UndefinedColumn" in ask(PYTHON)["query"]  # a paste is shortened, as on the page


@pytest.mark.usefixtures("logs")
def test_a_limit_bounds_the_hits(ask: Ask) -> None:
    everything = ask("project:harbor")
    assert len(everything["hits"]) > 2
    few = ask("project:harbor", limit=2)
    assert (few["total"], few["hits"]) == (everything["total"], everything["hits"][:2])


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Say what to search for"),
        ({"q": "  "}, "Say what to search for"),
        ({"q": "x" * 2001}, "at most 2000 characters"),
        ({"q": "a\x00b"}, "Null characters"),
        ({"q": "crane", "limit": "0"}, "from 1 to 20"),
        ({"q": "crane", "limit": "21"}, "from 1 to 20"),
        ({"q": "crane", "limit": "-1"}, "from 1 to 20"),
        ({"q": "crane", "limit": "all"}, "from 1 to 20"),
        ({"q": "crane", "limit": "9" * 5000}, "from 1 to 20"),
        ({"q": "crane", "project": "harbor"}, "There is no parameter “project”"),
    ],
)
def test_what_cannot_be_asked_is_said(agent: Client, sent: dict[str, str], said: str) -> None:
    answer = agent.get(ADDRESS, sent)
    assert (answer.status_code, said in answer.json()["problem"]) == (400, True)


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    "q",
    [
        "<script>alert(1)</script>", "' OR 1=1 --", '"', '""', "type:", "p:9 is:nothing after:never before:0000-00-00",
        "((((" * 400, "%00%ff", "\ud7ff\ufffe\U0010ffff", "a" * 2000, " ".join(f"w{n}" for n in range(400)),
        "project:" + "x" * 1900, "is:open " * 200, "-" * 2000, "\u202e\u0301\u200b",
    ],
)  # fmt: skip
def test_any_text_is_a_query(ask: Ask, q: str) -> None:
    assert set(ask(q)) == {"query", "total", "notices", "hits"}


def test_bytes_that_are_no_text_are_a_query_too(agent: Client) -> None:
    assert agent.get(f"{ADDRESS}?q=%ff%fe%80crane&limit=3").status_code == 200


def test_only_a_token_that_may_read_finds_anything(client: Client, engineer: User) -> None:
    client.force_login(engineer)
    assert client.get(ADDRESS, {"q": "crane"}).status_code == 401
    answer = client.get(ADDRESS, {"q": "crane"}, headers=bearing(engineer, may_read=False))
    assert (answer.status_code, "/import/tokens/" in answer.json()["problem"]) == (403, True)
    headers = bearing(engineer)
    assert client.get(ADDRESS, {"q": "crane"}, headers=headers).status_code == 200
    User.objects.update(is_active=False)
    assert client.get(ADDRESS, {"q": "crane"}, headers=headers).status_code == 401


def test_answers_are_never_stored(agent: Client) -> None:
    assert "no-store" in agent.get(ADDRESS, {"q": "crane"}).headers["Cache-Control"]


def test_more_hits_cost_no_more_queries(agent: Client, ingest: Ingest) -> None:
    counts = []
    for days in (range(1, 3), range(3, 20)):
        for day in days:
            text = log(f"2026-03-{day:02}").replace("total", f"total_{'abcdefghijklmnopqrst'[day]}")
            ingest(text, path=f"log-{day}.md")
        agent.get(ADDRESS, {"q": "column type:error"})
        with CaptureQueriesContext(connection) as queries:
            hits = agent.get(ADDRESS, {"q": "column project:harbor"}).json()["hits"]
        counts.append((len(hits), len(queries)))
    (few, asked), (many, asked_for_many) = counts
    assert few < many
    assert asked_for_many <= asked + 2  # blocks of the index, by its size


def test_a_database_that_cannot_be_read_is_said(agent: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: object, **_options: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("kb.views.api.find", fails)
    answer = agent.get(ADDRESS, {"q": "crane"})
    assert (answer.status_code, answer.json()["problem"]) == (
        503, "The database cannot be read just now. Ask again later.",
    )  # fmt: skip
