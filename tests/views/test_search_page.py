"""The search page: what a pasted trace leads to, completion, and saved searches."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from kb.importing import Imported
from kb.models import SavedSearch
from kb.search.results.find import search
from tests.factories import FIXED, OPEN, log
from tests.near import by_both, nearest
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


@pytest.mark.parametrize(
    ("query", "is_known"),
    [
        ('column "total" of relation "orders" does not exist', True),
        ("the total column of the orders table is missing", True),
        ("total column of orders missing", True),
        ("project:harbor the total column of the orders table is missing", True),
        ('column "berth" of relation "orders" does not exist', False),
        ("the orders table is locked by another migration", False),
    ],
)
def test_an_error_that_would_be_linked_was_seen_before(
    signed_in: Client, logs: None, query: str, is_known: bool
) -> None:
    page = signed_in.get("/search/", {"q": query}).content.decode()
    assert ("We have seen this before" in page) == is_known


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


WORDS = {"HX-Request": "true", "HX-Target": "results", "Search-By": "words"}
BOTH = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture
def meaning(logs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.views.search.find", by_both(search))


def shown(client: Client, query: str, headers: dict[str, str] | None = None) -> str:
    return " ".join(client.get("/search/", {"q": query}, headers=headers).content.decode().split())


def test_words_answer_alone_only_where_they_are_asked_for(signed_in: Client, meaning: None) -> None:
    assert "near in meaning" not in shown(signed_in, "total", WORDS)
    assert "near in meaning" in shown(signed_in, "total", BOTH)
    assert "near in meaning" in shown(signed_in, "total")
    assert "near in meaning" in shown(signed_in, "total", {"Search-By": "words"})  # a page, and no part of one
    assert "Search-By" in signed_in.get("/search/", {"q": "total"})["Vary"]


def test_the_last_word_is_a_prefix_in_both_answers_while_typing(signed_in: Client, meaning: None) -> None:
    for headers in (WORDS, BOTH):
        assert "<mark>tot</mark>al column" in shown(signed_in, "tot", headers)


def test_the_next_page_of_an_answer_by_words_is_by_words(
    signed_in: Client, ingest: Callable[..., Imported], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 13):
        ingest(log(f"2026-03-{day:02}").replace("total", f"total{day} total"), path=f"harbor/{day}.md")
    monkeypatch.setattr("kb.views.search._HITS_A_PAGE", 2)
    monkeypatch.setattr("kb.views.search.find", by_both(search))
    assert 'rel="next" href="?q=total&amp;page=2&amp;by=words"' in shown(signed_in, "total", WORDS)
    assert 'rel="next" href="?q=total&amp;page=2"' in shown(signed_in, "total", BOTH)
    second = " ".join(signed_in.get("/search/?q=total&page=2&by=words").content.decode().split())
    assert "near in meaning" not in second
    assert 'href="?q=total&amp;page=1&amp;by=words"' in second
    assert '<a class="join" href="?q=total"> Show results by meaning too</a>' in second


@pytest.mark.parametrize(("is_on", "headers"), [(True, 1), (False, 0)])
def test_without_meaning_every_keystroke_is_the_whole_answer(
    signed_in: Client, settings: Settings, is_on: bool, headers: int
) -> None:
    settings.MEANING = is_on
    assert signed_in.get("/search/").content.decode().count("""hx-headers='{"Search-By": "words"}'""") == headers


def test_both_answers_have_the_same_markup(signed_in: Client, logs: None) -> None:
    offer = re.compile(r'<a class="join".*?</a>')
    by_words, by_both = shown(signed_in, "total", WORDS), shown(signed_in, "total", BOTH)
    assert offer.search(by_words)
    assert offer.sub("", by_words).replace(" ", "") == by_both.replace(" ", "")


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("total type:error", ["2 results, 1 of them by meaning", "Found by its words and by its meaning."]),
        ("total type:error", ["error · <span", "Found by its meaning: it says something similar in other words."]),
        ("orders", ["Found by its words."]),
        ("status:fixed type:error", ["1 result, all of them by meaning", "Found by your filters."]),
        ("total certificate", ["some of them or are near in meaning."]),
    ],
)
def test_a_hit_says_what_found_it(signed_in: Client, meaning: None, query: str, texts: list[str]) -> None:
    page = shown(signed_in, query)
    assert [text for text in texts if text not in page] == []


def test_what_tells_the_same_is_folded_into_a_hit(signed_in: Client, meaning: None) -> None:
    page = shown(signed_in, "type:error type:fix type:step")
    folded = re.search(r'<details class="folded">.*?</details>', page)
    assert folded
    assert re.search(r"and \d+ more that tells? the same", folded[0])
    assert re.search(r'<a class="row-title" href="/sessions/\d+/\?lines=\d+-\d+#L\d+">', folded[0])
    assert re.search(r'<time datetime="2026-03-0[19]"', folded[0])
    assert "Session: Orders</a>" in folded[0]


def test_many_that_tell_the_same_are_on_the_page_of_the_problem(
    signed_in: Client, ingest: Callable[..., Imported], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 19):
        ingest(log(f"2026-03-{day:02}"), path=f"harbor/{day}.md")
    monkeypatch.setattr("kb.views.search.find", by_both(search))
    page = shown(signed_in, "total type:error")
    assert "and 14 more that tell the same" in page
    assert page.count('<li class="hit-line">') == 12
    assert re.search(r'and 2 more in <a href="/issues/\d+/">the issue</a>', page)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("type:error", r'<a href="/issues/\d+/">met in 2 sessions, came back after 8 days</a>'),
        ("hand type:fix", r'tried for <a href="/issues/\d+/">Missing total column</a>, met in 2 sessions, came back'),
        ("certificate type:step", r'<a href="/next-steps/\d+/"> in 2 sessions, open since 1 Mar 2026 </a>'),
    ],
)
def test_a_hit_tells_how_its_problem_stands(signed_in: Client, logs: None, query: str, text: str) -> None:
    assert re.search(text, shown(signed_in, query))


def test_a_step_that_was_done_says_so(signed_in: Client, ingest: Callable[..., Imported]) -> None:
    ingest(log("2026-03-01", FIXED.replace("[ ] P0", "[x] P0")))
    assert re.search(r'<a href="/next-steps/\d+/"> done </a>', shown(signed_in, "certificate type:step"))


def test_where_no_record_contains_the_words_the_nearest_come_first(
    signed_in: Client, logs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.views.search.find", nearest(search))
    page = shown(signed_in, "zebra quagga")
    assert page.count(">near in meaning</span>") == page.count('<li class="hit">') == 2
    order = ("No record contains these words. Nearest in meaning:", '<li class="hit">', "Try part of an identifier.")
    assert sorted(order, key=page.index) == list(order)
    page = shown(signed_in, "total zebra")
    assert page.index('<li class="hit">') < page.index("Search without <code>zebra</code>")
    assert "Nothing found" in shown(signed_in, "zebra", WORDS)


def test_a_pasted_trace_is_answered_by_both(signed_in: Client, meaning: None) -> None:
    trace = PYTHON.replace("ledger.closed_on", "orders.total").replace("closed_on", "total")
    page = signed_in.post("/search/pasted/", {"text": trace}, follow=True).content.decode()
    assert "near in meaning" in page


@pytest.mark.parametrize(
    "text", ["起重机在夜里停下了" * 82, "crane" * 2000, "é" * 1500, "κρ" * 900 + "\n" + "κρ" * 900]
)
def test_a_paste_leads_to_an_address_that_servers_take(signed_in: Client, text: str) -> None:
    location = signed_in.post("/search/pasted/", {"text": text})["Location"]
    assert len(location) < 3100
    query = signed_in.get(location).context["q"]
    assert query and text.startswith(query)


def test_a_saved_search_of_many_characters_can_be_opened(signed_in: Client) -> None:
    answer = signed_in.post("/search/save/", {"q": "起重机 " * 400})
    assert len(answer["Location"]) < 3100
    assert "saved=" in answer["Location"]
