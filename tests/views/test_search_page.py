"""The search page: what a pasted trace leads to, completion, and saved searches."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.importing import Imported
from kb.models import SavedSearch
from tests.factories import OPEN, log
from tests.search.test_pasted import PYTHON


@pytest.fixture
def logs(ingest: Callable[..., Imported]) -> None:
    ingest(log("2026-03-01"))
    ingest(log("2026-03-09", OPEN), path="harbor/2026-03-09.md")


def test_a_pasted_trace_leads_to_the_issue_and_its_fix(signed_in: Client, logs: None) -> None:
    trace = PYTHON.replace("ledger.closed_on", "orders.total").replace("closed_on", "total")
    page = signed_in.post("/search/pasted/", {"text": trace}, follow=True).content.decode()
    assert "We have met this before" in page
    assert page.index("We have met this before") < page.index("Missing total column")
    assert 'class="answer"' in page


def test_lines_in_the_address_are_a_paste_too(signed_in: Client, logs: None) -> None:
    response = signed_in.get("/search/", {"q": PYTHON})
    assert response.status_code == 302
    assert "UndefinedColumn" in response["Location"]


def test_a_hit_tells_why_and_what_fixed_it(signed_in: Client, logs: None) -> None:
    page = signed_in.get("/search/", {"q": "total type:error"}).content.decode()
    assert "Why this hit?" in page
    assert "in the title" in page
    assert "met in 2 sessions" in page


@pytest.mark.parametrize(
    ("name", "begin", "values"),
    [
        ("is", "re", ["recurring", "regressed"]),
        ("project", "har", ["harbor"]),
        ("exception", "undef", ["undefinedcolumn"]),
        ("after", "7", ["7d"]),
        ("nonsense", "", []),
        ("exception", "\x00", []),
    ],
)
def test_filter_values_are_completed(signed_in: Client, logs: None, name: str, begin: str, values: list[str]) -> None:
    assert signed_in.get("/search/values/", {"name": name, "begin": begin}).json()["values"] == values


def test_a_saved_search_counts_what_is_new(signed_in: Client, logs: None, ingest: Callable[..., Imported]) -> None:
    signed_in.post("/search/save/", {"name": "Open errors", "q": "type:error status:open"})
    assert " new</span>" not in signed_in.get("/").content.decode()
    ingest(log("2026-03-10", OPEN.replace("total", "currency")), path="lumen/2026-03-10.md", project="lumen")
    assert "1 new</span>" in signed_in.get("/").content.decode()
    ingest(log("2026-03-09", OPEN + "\nA line more.\n"), path="harbor/2026-03-09.md")
    assert "1 new</span>" in signed_in.get("/").content.decode()
    saved = SavedSearch.objects.get()
    page = signed_in.get(
        "/search/", {"q": saved.query, "saved": str(saved.pk)}
    )  # a reload, or a browser that looks ahead
    assert 'value="Open errors"' in page.content.decode()
    assert "1 new</span>" in signed_in.get("/").content.decode()
    assert signed_in.get(f"/search/saved/{saved.pk}/").status_code == 405
    opened = signed_in.post(f"/search/saved/{saved.pk}/")
    assert opened["Location"] == f"/search/?q=type%3Aerror+status%3Aopen&saved={saved.pk}"
    assert " new</span>" not in signed_in.get("/").content.decode()
    signed_in.post(f"/search/saved/{saved.pk}/forget/")
    assert not SavedSearch.objects.exists()


def test_nobody_reaches_the_saved_search_of_another(signed_in: Client, logs: None) -> None:
    other = SavedSearch.objects.create(owner=User.objects.create_user("eve"), name="mine", query="total")
    assert "mine" not in signed_in.get("/").content.decode()
    assert signed_in.post(f"/search/saved/{other.pk}/forget/").status_code == 404
    assert signed_in.post(f"/search/saved/{other.pk}/").status_code == 404
    page = signed_in.get("/search/", {"q": "total", "saved": str(other.pk)}).content.decode()
    assert 'value="mine"' not in page
    other.refresh_from_db()
    assert other.seen == {}


@pytest.mark.parametrize(
    ("query", "typed", "shown"),
    [
        ("gateway", "gateway p:0", "P0"),
        ("gateway", "gateway type:step", "next step"),
        ("session", "session status:in_progress", "in progress"),
        ("gateway", "gateway project:harbor", "harbor"),
    ],
)
def test_a_facet_reads_like_the_pages_and_asks_like_the_query(
    signed_in: Client, logs: None, ingest: Callable[..., Imported], query: str, typed: str, shown: str
) -> None:
    ingest(log("2026-03-12").replace("complete", "in progress"), path="harbor/2026-03-12.md")
    page = signed_in.get("/search/", {"q": query}).content.decode()
    assert f'href="/search/?q={quote(typed)}" ><span>{shown}</span>' in page
