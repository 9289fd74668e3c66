"""POST /api/v1/met: what is known about a pasted error, and what is said about a body that is none."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kb.importing import Imported
from kb.models import Issue
from sessions.models import Error, Fix, SessionLog
from tests.factories import FIXED, OPEN, log
from tests.search.language.test_pasted import PYTHON
from tests.views.test_api_calls import bearing

Ingest = Callable[..., Imported]
Met = Callable[..., dict[str, Any]]
ADDRESS = "/api/v1/met"
TRACE = PYTHON.replace("ledger.closed_on", "orders.total").replace("closed_on", "total")
WITH_COMMAND = FIXED.replace(
    "ran the migration by hand\n", "ran the migration by hand\n\n```bash\nmake migrate\n```\n\n"
)


@pytest.fixture
def agent(client: Client, engineer: User) -> Client:
    """A client with a token that may read."""
    client.defaults["HTTP_AUTHORIZATION"] = bearing(engineer)["authorization"]
    return client


@pytest.fixture
def met(agent: Client) -> Met:
    def _met(body: str | bytes, content_type: str = "text/plain") -> dict[str, Any]:
        answer = agent.post(ADDRESS, body, content_type=content_type)
        assert answer.status_code == 200, answer.content
        told: dict[str, Any] = answer.json()
        return told

    return _met


@pytest.fixture
def logs(ingest: Ingest) -> None:
    ingest(log("2026-03-01"))
    ingest(log("2026-03-09", OPEN), path="harbor/2026-03-09.md")


@pytest.mark.usefixtures("logs")
def test_a_trace_leads_to_its_issue_and_the_fix_that_held_longest(met: Met) -> None:
    told = met(TRACE)
    issue, session = Issue.objects.get(), SessionLog.objects.earliest("date")
    fix = Fix.objects.get(session=session)
    (known,) = told["issues"]
    assert "psycopg2.errors.UndefinedColumn" in told["query"]
    assert {name: known[name] for name in ("id", "title", "address", "state", "days", "sessions", "projects")} == {
        "id": issue.pk, "title": "Missing total column", "address": f"http://testserver/issues/{issue.pk}/",
        "state": "regressed", "days": 8, "sessions": 2, "projects": ["harbor"],
    }  # fmt: skip
    assert 0.5 < known["score"] <= 1
    assert known["matched"]
    best = known["best_fix"]
    assert (best["title"], best["verdict"], best["days"]) == ("ran the migration by hand", "came back", 8)
    assert (best["in_words"], best["cause"]) == ("held for 8 days, then the problem came back", "migration did not run")
    assert (best["lines"], best["date"]) == ([[fix.first_line, fix.last_line]], "2026-03-01")
    assert best["text"] == "\n".join(session.log.text.split("\n")[fix.first_line - 1 : fix.last_line]).strip()


def test_the_commands_of_the_fix_are_told(met: Met, ingest: Ingest) -> None:
    ingest(log("2026-03-01", WITH_COMMAND))
    (known,) = met(TRACE)["issues"]
    assert known["best_fix"]["commands"] == ["make migrate"]
    assert "make migrate" in known["best_fix"]["text"]


def test_a_fix_that_is_no_longer_in_its_log_is_told_in_its_words(met: Met, ingest: Ingest) -> None:
    ingest(log("2026-03-01"))
    Error.objects.update(in_log=False)
    best = met(TRACE)["issues"][0]["best_fix"]
    assert (best["lines"], best["text"]) == ([], "ran the migration by hand")


def test_an_issue_without_a_fix_has_none(met: Met, ingest: Ingest) -> None:
    ingest("# Day\n\n**Date**: 2026-03-01\n\n## Errors\n\n- KeyError: crane_id in berth planning\n")
    (known,) = met("KeyError: crane_id in berth planning")["issues"]
    assert (known["best_fix"], known["sessions"]) == (None, 1)


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        ('column "total" of relation "orders" does not exist', True),
        ("Missing total column", True),
        ('column "berth" of relation "orders" does not exist', False),
        ("the orders table is locked by another migration", False),
        ("which crane is free tomorrow", False),
    ],
)
def test_only_an_error_that_would_be_linked_was_met(met: Met, text: str, is_known: bool) -> None:
    assert bool(met(text)["issues"]) == is_known


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps({"text": TRACE}), "application/json"),
        (json.dumps({"text": TRACE}), "application/json; charset=utf-8"),
        (json.dumps({"text": TRACE.replace("\n", "\r\n") + "\x00\ud83d"}), "application/json"),
        (TRACE.encode("utf-16"), "text/plain"),  # as PowerShell redirects
        (TRACE, "application/x-www-form-urlencoded"),  # what curl says of any body
        (f"\x1b[31m{TRACE}\x1b[0m", "text/plain"),
        (TRACE, ""),
    ],
)
def test_a_trace_is_read_however_it_is_sent(met: Met, body: str | bytes, content_type: str) -> None:
    assert len(met(body, content_type)["issues"]) == 1


@pytest.mark.parametrize(
    ("body", "content_type", "status", "said"),
    [
        ("", "text/plain", 400, "Send the error or the trace"),
        (" \n\t\n", "text/plain", 400, "Send the error or the trace"),
        ("{}", "application/json", 400, "Send the error or the trace"),
        ('{"text": ["a"]}', "application/json", 400, '{"text": '),
        ('{"text": null}', "application/json", 400, '{"text": '),
        ('["a"]', "application/json", 400, '{"text": '),
        ('{"text": "a', "application/json", 400, '{"text": '),
        ("[" * 100_000, "application/json", 400, '{"text": '),
        (b"\xff\xfe\xfa", "application/json", 400, '{"text": '),
        (random.Random(3).randbytes(5000), "text/plain", 400, "text/plain"),
        ("x" * 200_001, "text/plain", 413, "200,000 characters"),
        (json.dumps({"text": "x" * 200_001}), "application/json", 413, "200,000 characters"),
        ("x" * 900_000, "text/plain", 413, "200,000 characters"),
        ("x " * 400, "application/x-www-form-urlencoded", 415, "--data-binary"),
        ("--x--", "multipart/form-data; boundary=x", 415, "text/plain"),
    ],
)
def test_a_body_that_is_no_error_is_said(
    agent: Client, body: str | bytes, content_type: str, status: int, said: str
) -> None:
    answer = agent.post(ADDRESS, body, content_type=content_type)
    assert (answer.status_code, said in answer.json()["problem"]) == (status, True)


def test_a_body_beyond_every_limit_is_not_read(agent: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert agent.post(ADDRESS, "x" * 200, content_type="text/plain").status_code == 413


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> failed", "' OR 1=1; DROP TABLE kb_issue; --",
        "type:session is:held -error: KeyError", "?!", "\n".join(["Error: x"] * 20_000), "e" * 200_000,
        "\u202e\u0301\u200b Error", "((((" * 50_000,
        "NUL \x00 Error",
    ],
)  # fmt: skip
def test_any_text_gets_an_answer(met: Met, text: str) -> None:
    assert set(met(text)) == {"query", "issues"}


def test_only_a_token_that_may_read_is_told(client: Client, engineer: User) -> None:
    client.force_login(engineer)
    sent = {"data": "KeyError: total", "content_type": "text/plain"}
    assert client.post(ADDRESS, **sent).status_code == 401  # type: ignore[arg-type]
    for may_read, status in ((False, 403), (True, 200)):
        answer = client.post(ADDRESS, **sent, headers=bearing(engineer, may_read=may_read))  # type: ignore[arg-type]
        assert answer.status_code == status


def test_more_occurrences_cost_no_more_queries(agent: Client, ingest: Ingest) -> None:
    counts = []
    for days in (range(1, 3), range(3, 20)):
        for day in days:
            ingest(log(f"2026-03-{day:02}"), path=f"log-{day}.md")
        agent.post(ADDRESS, TRACE, content_type="text/plain")
        with CaptureQueriesContext(connection) as queries:
            (known,) = agent.post(ADDRESS, TRACE, content_type="text/plain").json()["issues"]
        counts.append((known["sessions"], len(queries)))
    (few, asked), (many, asked_for_many) = counts
    assert few < many
    assert asked_for_many <= asked + 2  # blocks of the index, by its size
