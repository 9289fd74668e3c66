"""The search page: what a pasted trace leads to, completion, and saved searches."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kb.importing import Imported
from kb.models import SavedSearch
from tests.factories import OPEN, log
from tests.search.language.test_pasted import PYTHON


@pytest.fixture
def logs(ingest: Callable[..., Imported]) -> None:
    ingest(log("2026-03-01"))
    ingest(log("2026-03-09", OPEN), path="harbor/2026-03-09.md")


def test_a_pasted_trace_leads_to_the_issue_and_its_fix(signed_in: Client, logs: None) -> None:
    trace = PYTHON.replace("ledger.closed_on", "orders.total").replace("closed_on", "total")
    page = signed_in.post("/search/pasted/", {"text": trace}, follow=True).content.decode()
    assert "We have seen this before" in page
    assert page.index("We have seen this before") < page.index("Missing total column")
    assert 'class="answer"' in page


def test_lines_in_the_address_are_a_paste_too(signed_in: Client, logs: None) -> None:
    response = signed_in.get("/search/", {"q": PYTHON})
    assert response.status_code == 302
    assert "UndefinedColumn" in response["Location"]


def test_a_hit_tells_why_and_what_fixed_it(signed_in: Client, logs: None) -> None:
    page = signed_in.get("/search/", {"q": "total type:error"}).content.decode()
    assert "Why this hit?" in page
    assert "in the title" in page
    assert "met in 2 sessions, came back after 8 days" in page


@pytest.mark.parametrize(
    ("name", "value", "values"),
    [
        ("is", "re", ["recurring", "regressed"]),
        ("project", "har", ["harbor"]),
        ("exception", "undef", ["undefinedcolumn"]),
        ("after", "7", ["7d"]),
        ("nonsense", "", []),
        ("exception", "\x00", []),
    ],
)
def test_filter_values_are_completed(signed_in: Client, logs: None, name: str, value: str, values: list[str]) -> None:
    assert signed_in.get("/search/values/", {"name": name, "value": value}).json()["values"] == values


def test_a_saved_search_counts_what_is_new(signed_in: Client, logs: None, ingest: Callable[..., Imported]) -> None:
    signed_in.post("/search/save/", {"name": "Open errors", "q": "type:error status:open"})
    assert " new</span>" not in signed_in.get("/").content.decode()
    ingest(log("2026-03-10", OPEN.replace("total", "currency")), path="lumen/2026-03-10.md", project="lumen")
    assert "1 new</span>" in signed_in.get("/").content.decode()
    ingest(log("2026-03-09", OPEN + "\nA line more.\n"), path="harbor/2026-03-09.md")
    assert "1 new</span>" in signed_in.get("/").content.decode()
    saved = SavedSearch.objects.get()
    page = signed_in.get("/search/", {"q": saved.query, "saved": str(saved.pk)})  # a reload, or a prefetch
    assert 'value="Open errors"' in page.content.decode()
    assert "1 new</span>" in signed_in.get("/").content.decode()
    assert signed_in.get(f"/search/saved/{saved.pk}/").status_code == 405
    opened = signed_in.post(f"/search/saved/{saved.pk}/")
    assert opened["Location"] == f"/search/?q=type%3Aerror+status%3Aopen&saved={saved.pk}"
    assert " new</span>" not in signed_in.get("/").content.decode()
    signed_in.post(f"/search/saved/{saved.pk}/forget/")
    assert not SavedSearch.objects.exists()


def test_saving_and_deleting_a_search_is_confirmed(signed_in: Client, logs: None) -> None:
    page = signed_in.post("/search/save/", {"name": "Open errors", "q": "status:open"}, follow=True)
    assert "Saved as “Open errors”." in page.content.decode()
    page = signed_in.post(f"/search/saved/{SavedSearch.objects.get().pk}/forget/", follow=True)
    assert "Deleted the saved search “Open errors”." in page.content.decode()


def test_a_search_without_a_query_is_not_saved(signed_in: Client) -> None:
    page = signed_in.post("/search/save/", {"name": "Nothing", "q": " "}, follow=True)
    assert "Type a query before you save it." in page.content.decode()
    assert not SavedSearch.objects.exists()


def test_facets_and_pages_keep_the_query(signed_in: Client, ingest: Callable[..., Imported]) -> None:
    for day in range(1, 13):
        ingest(log(f"2026-03-{day:02}"), path=f"harbor/{day}.md")
    page = signed_in.get("/search/", {"q": "total", "page": "2"}).content.decode()
    assert 'rel="prev" href="?q=total&amp;page=1"' in page
    assert 'href="?q=total+project%3Aharbor"' in page


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("total zebra", "No record contains <code>zebra</code> together with the other words."),
        ("zebra", "No record contains <code>zebra</code>."),
        ("zebra quagga", "<code>zebra</code> and <code>quagga</code> together. Try part of an identifier."),
        ("zebra type:error", "Remove a filter, or try part of an identifier."),
        ("total certificate", "No record contains all of these words."),
        ("colunm", "Few results for <code>colunm</code>, so <code>column</code> is included."),
        ("typ:error", "There is no filter “typ:”, so it is searched for as a word."),
        ("after:soon", "“soon” is not a date."),
    ],
)
def test_the_page_explains_what_little_was_found(signed_in: Client, logs: None, query: str, text: str) -> None:
    page = signed_in.get("/search/", {"q": query}).content.decode()
    assert text in " ".join(page.split()).replace("&quot;", '"')


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
    address = re.escape(urlencode({"q": typed}))
    assert re.search(rf'<a\s+href="\?{address}"\s*><span>{shown}</span>', page)
