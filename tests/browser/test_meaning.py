"""Results by meaning join when typing pauses: no late answer overwrites a newer one, nothing moves under a reader."""

from __future__ import annotations

import contextlib
import re

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from kb.search.results.find import search
from tests.browser.conftest import first_held
from tests.browser.test_stories import type_slowly
from tests.near import by_both, nearest

pytestmark = pytest.mark.browser
AFTER_A_PAUSE_MS = 900  # when an answer that nothing holds back would be there
SELECT = """(hit) => getSelection().selectAllChildren(hit.querySelector(".row-title"))"""


@pytest.fixture(autouse=True)
def meaning(home: Page, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.MEANING = True  # as pages see it, once the logs were imported without
    monkeypatch.setattr("kb.views.search.find", by_both(search))


@pytest.fixture
def held(home: Page) -> list[Route]:
    """Requests for results by both, held back until a test lets them go."""
    return hold(home, by_words=False)


def hold(page: Page, *, by_words: bool) -> list[Route]:
    held: list[Route] = []

    def decide(route: Route) -> None:
        is_by_words = route.request.headers.get("search-by") == "words"
        held.append(route) if is_by_words == by_words and "hx-request" in route.request.headers else route.continue_()

    page.route("**/search/?*", decide)
    return held


def let_go(route: Route) -> None:
    with contextlib.suppress(Error):  # the page may have cancelled it
        route.continue_()


def let_go_next(page: Page, held: list[Route], number: int) -> None:
    """Waits for the request of this number, from 0, and lets it go."""
    for _ in range(150):
        if len(held) > number:
            break
        page.wait_for_timeout(20)
    let_go(held[number])


def open_search(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/search/")
    page.wait_for_load_state()


def by_meaning(page: Page) -> Locator:
    return page.locator(".hit .by-meaning")


def titles(page: Page) -> list[str]:
    return page.locator(".hit > .row-title").all_inner_texts()


def test_words_answer_first_and_meaning_joins(home: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    home.on("request", lambda one: asked.append(one.headers.get("search-by", "")) if "/search/?" in one.url else None)
    open_search(home, live_server)
    type_slowly(home, "export")
    expect(by_meaning(home)).to_have_count(1)
    assert asked == [*["words"] * (len(asked) - 1), ""]
    assert len(asked) > 1
    expect(home.locator(".result-count")).to_contain_text(re.compile(r"\d+ results,\s+1 of them\s+by meaning"))
    expect(home.locator("#said")).to_have_text(re.compile("by meaning"))
    expect(home.locator("#q")).to_be_focused()
    expect(home).to_have_url(f"{live_server.url}/search/?q=export")
    type_slowly(home, " ")
    home.keyboard.press("Backspace")
    home.wait_for_timeout(AFTER_A_PAUSE_MS)
    assert asked[-1] == ""  # nothing new was asked: both had answered these words


def test_a_late_answer_by_both_does_not_overwrite_a_newer_one(
    home: Page, live_server: LiveServer, held: list[Route]
) -> None:
    open_search(home, live_server)
    type_slowly(home, "export")
    late = first_held(home, held)
    type_slowly(home, " lock")
    expect(home).to_have_url(re.compile(r"q=export(\+|%20)lock$"))
    newer = titles(home)
    let_go(late)
    home.wait_for_timeout(300)
    assert titles(home) == newer
    expect(by_meaning(home)).to_have_count(0)
    let_go_next(home, held, 1)
    expect(by_meaning(home)).to_have_count(1)
    expect(home.locator("#q")).to_have_value("export lock")


def test_an_answer_that_comes_while_somebody_types_is_not_shown(
    home: Page, live_server: LiveServer, held: list[Route]
) -> None:
    open_search(home, live_server)
    type_slowly(home, "export")
    late = first_held(home, held)
    before = titles(home)
    home.locator("#q").evaluate("(box) => { box.value += ' l'; box.dispatchEvent(new Event('input')); }")
    let_go(late)
    home.wait_for_timeout(60)
    assert by_meaning(home).count() == 0
    assert titles(home) == before


def test_late_words_do_not_overwrite_what_came_for_more_words(home: Page, live_server: LiveServer) -> None:
    held = hold(home, by_words=True)
    open_search(home, live_server)
    type_slowly(home, "expo")
    late = first_held(home, held)
    type_slowly(home, "rt")
    let_go_next(home, held, 1)
    expect(by_meaning(home)).to_have_count(1)
    joined = titles(home)
    let_go(late)
    home.wait_for_timeout(200)
    assert titles(home) == joined


def test_nothing_changes_under_the_pointer(home: Page, live_server: LiveServer) -> None:
    open_search(home, live_server)
    home.mouse.move(600, 500)
    type_slowly(home, "export")
    offer = home.get_by_role("link", name="Show results by meaning too")
    expect(offer).to_be_visible()
    before = titles(home)
    home.wait_for_timeout(AFTER_A_PAUSE_MS)
    assert titles(home) == before
    home.mouse.move(600, 10)
    expect(by_meaning(home)).to_have_count(1)
    expect(offer).to_have_count(0)


def test_an_answer_waits_for_a_pointer_that_came_before_it(
    home: Page, live_server: LiveServer, held: list[Route]
) -> None:
    open_search(home, live_server)
    type_slowly(home, "export")
    late = first_held(home, held)
    home.locator(".hit").first.hover()
    before = titles(home)
    late.continue_()
    home.wait_for_timeout(AFTER_A_PAUSE_MS)
    assert titles(home) == before
    expect(home.get_by_role("link", name="Show results by meaning too")).to_be_visible()
    home.mouse.move(600, 10)
    let_go_next(home, held, 1)
    expect(by_meaning(home)).to_have_count(1)


@pytest.mark.parametrize("what", ["focus", "selection", "details", "scrolled"])
def test_an_answer_waits_for_a_reader(home: Page, live_server: LiveServer, held: list[Route], what: str) -> None:
    open_search(home, live_server)
    type_slowly(home, "export")
    late, hit = first_held(home, held), home.locator(".hit").first
    if what == "focus":
        home.keyboard.press("ArrowDown")
        expect(hit.locator(".row-title")).to_be_focused()
    elif what == "selection":
        hit.evaluate(SELECT)
    elif what == "details":
        hit.locator("details").evaluate("(details) => (details.open = true)")
    else:
        home.evaluate("scrollTo(0, 400)")
    before = titles(home)
    late.continue_()
    home.wait_for_timeout(AFTER_A_PAUSE_MS)
    assert titles(home) == before
    home.evaluate("""() => {
        document.querySelector("#results details[open]")?.removeAttribute("open");
        getSelection().removeAllRanges();
        scrollTo(0, 0);
        document.getElementById("q").focus();
    }""")
    let_go_next(home, held, 1)
    expect(by_meaning(home)).to_have_count(1)


def test_the_offer_and_the_form_lead_to_both(home: Page, live_server: LiveServer) -> None:
    open_search(home, live_server)
    home.mouse.move(600, 500)
    type_slowly(home, "export")
    home.get_by_role("link", name="Show results by meaning too").click()
    expect(by_meaning(home)).to_have_count(1)
    expect(home).to_have_url(f"{live_server.url}/search/?q=export")
    home.locator("#q").fill("lock")
    home.keyboard.press("Enter")
    expect(home).to_have_url(f"{live_server.url}/search/?q=lock")
    expect(by_meaning(home)).to_have_count(1)


def test_the_nearest_come_where_words_find_nothing(
    home: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.views.search.find", nearest(search))
    open_search(home, live_server)
    home.mouse.move(600, 500)  # there is nothing to move under it
    type_slowly(home, "zzzqqq")
    expect(home.get_by_role("main").get_by_text("No record contains these words. Nearest in meaning:")).to_be_visible()
    expect(home).to_have_url(f"{live_server.url}/search/?q=zzzqqq")
    expect(by_meaning(home).first).to_be_visible()
    expect(home.locator(".hit").filter(has_not=home.locator(".by-meaning"))).to_have_count(0)


def test_keys_lead_through_hits_and_what_they_fold(home: Page, live_server: LiveServer) -> None:
    open_search(home, live_server)
    type_slowly(home, "export")
    expect(by_meaning(home)).to_have_count(1)
    home.keyboard.press("ArrowDown")
    hits = home.locator(".hit > .row-title")
    expect(hits.nth(0)).to_be_focused()
    home.keyboard.press("j")
    expect(hits.nth(1)).to_be_focused()
    home.keyboard.press("k")
    home.keyboard.press("m")
    folded = home.locator(".hit-line .row-title")
    expect(folded.first).to_be_visible()
    home.keyboard.press("j")
    expect(folded.first).to_be_focused()
    home.keyboard.press("Enter")
    expect(home).to_have_url(re.compile(r"/sessions/\d+/\?lines="))
    expect(home.locator(".source .is-marked").first).to_be_visible()
