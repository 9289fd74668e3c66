"""The pages answer, need a sign-in, cost a constant number of queries, and work as fragments."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from kb.display.markdown import rendered
from kb.importing import Imported
from kb.models import Issue
from sessions.models import SessionLog
from tests.factories import TOLD, log

Ingest = Callable[..., Imported]
PAGES = ["/", "/search/", "/search/?q=total", "/sessions/", "/issues/", "/next-steps/", "/review/"]


@pytest.fixture
def logs(ingest: Ingest) -> None:
    for day in range(1, 6):
        ingest(log(f"2026-03-{day:02}"), path=f"log-{day}.md")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_a_sign_in(client: Client, db: None, path: str) -> None:
    assert client.get(path).headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_when_empty(signed_in: Client, path: str) -> None:
    assert signed_in.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_more_rows_cost_no_more_queries(
    signed_in: Client, ingest: Ingest, django_assert_max_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    for day in range(1, 12):
        ingest(log(f"2026-03-{day:02}"), path=f"log-{day}.md")
    with django_assert_max_num_queries(45 if "q=" in path else 20):
        assert signed_in.get(path).status_code == 200


def test_home_shows_what_blocks_and_what_recurs(signed_in: Client, logs: None) -> None:
    page = signed_in.get("/").content.decode()
    assert "Silently dropped" in page  # the logs are old, so their P0 is no news
    assert "Rotate the gateway certificate" not in page
    assert "Missing total column" in page


def test_a_session_shows_its_records_beside_its_log(signed_in: Client, logs: None) -> None:
    session = SessionLog.objects.first()
    assert session is not None
    page = signed_in.get(reverse("session", args=[session.pk]) + "?lines=8-12").content.decode()
    assert "ran the migration by hand" in page
    assert 'id="L8"' in page
    assert "is-marked" in page
    raw = signed_in.get(reverse("session", args=[session.pk]) + "?view=raw&lines=9-9").content.decode()
    assert raw.count('class="line is-marked"') == 1
    assert 'id="L9"' in raw


def test_a_session_says_what_was_read_by_meaning(signed_in: Client, ingest: Ingest, by_meaning: None) -> None:
    session = ingest(TOLD).log.sessions.get()
    error = session.error_set.get()
    page = signed_in.get(reverse("session", args=[session.pk])).content.decode()
    assert f"by meaning, {error.certainty:.2f}</span>" in page


def test_an_issue_shows_its_sessions(signed_in: Client, logs: None) -> None:
    page = signed_in.get(reverse("issue", args=[Issue.objects.get().pk])).content.decode()
    assert page.count("ran the migration by hand") == 1 + 5  # what to do now, and the ladder


def test_typing_gets_the_results_alone(signed_in: Client, logs: None) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    page = signed_in.get("/search/?q=tot", headers=headers).content.decode()
    assert "<mark>tot</mark>" in page.lower()
    assert "<html" not in page


@pytest.mark.parametrize("path", ["/sessions/999/", "/issues/999/", "/nowhere/"])
def test_what_is_not_there_is_said(signed_in: Client, path: str) -> None:
    response = signed_in.get(path)
    assert response.status_code == 404
    assert "Search" in response.content.decode()


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>", "[a](javascript:alert(1))", "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/p.png)",
        "<svg onload=alert(1)>", "[a](data:text/html;base64,AAAA)", "<div hx-get=/sign-out/ hx-trigger=load>",
        "<style>*{}</style>",
    ],
)  # fmt: skip
def test_a_log_can_do_no_harm(attack: str) -> None:
    html = rendered(attack, (1, 1))
    for live in ("<script", 'href="javascript:', "<img", "<svg", 'href="data:', "<div", "<style"):
        assert live not in html


def test_pages_forbid_foreign_content(signed_in: Client) -> None:
    policy = signed_in.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
