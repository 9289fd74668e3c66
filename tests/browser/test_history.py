"""Back and forward show whole pages, whatever htmx fetched in between."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_stories import type_slowly

pytestmark = pytest.mark.browser


def expect_results(page: Page, words: str) -> None:
    expect(page).to_have_url(re.compile(rf"/search/\?q={words}$"))
    expect(page.get_by_role("navigation", name="Pages", exact=True)).to_be_visible()
    expect(page.locator("#q")).to_have_value(words)
    expect(page.locator(".hit").first).to_be_visible()
    assert page.locator("link[rel=stylesheet]").count() > 3


def open_first_hit(page: Page) -> None:
    page.locator(".hit a.row-title").first.click()
    expect(page).to_have_url(re.compile(r"/sessions/\d+/"))


@pytest.fixture
def typed(home: Page, live_server: LiveServer) -> Page:
    """The search page after a query was typed into it."""
    home.goto(f"{live_server.url}/search/")
    type_slowly(home, "export")
    expect_results(home, "export")
    return home


def test_back_from_a_hit_shows_the_whole_search(typed: Page) -> None:
    open_first_hit(typed)
    typed.go_back()
    expect_results(typed, "export")
    type_slowly(typed, " lock")  # the page that came back still works
    expect(typed).to_have_url(re.compile(r"q=export(\+|%20)lock$"))
    expect(typed.locator("#results")).to_contain_text(re.compile("result|Nothing found"))


def test_back_and_forward_twice(typed: Page) -> None:
    open_first_hit(typed)
    hit = typed.url
    typed.go_back()
    expect_results(typed, "export")
    typed.go_forward()
    expect(typed).to_have_url(hit)
    expect(typed.locator(".source")).to_be_visible()
    typed.go_back()
    expect_results(typed, "export")
    typed.go_back()  # before the search, whatever was typed in it
    expect(typed.get_by_role("heading", name="Have we seen this before?")).to_be_visible()
    typed.go_forward()
    expect_results(typed, "export")


@pytest.mark.parametrize("on", ["the hit", "the search"])
def test_back_after_a_reload(typed: Page, on: str) -> None:
    if on == "the search":
        typed.reload()
        expect_results(typed, "export")
    open_first_hit(typed)
    if on == "the hit":
        typed.reload()
    typed.go_back()
    expect_results(typed, "export")
    typed.reload()
    expect_results(typed, "export")


def test_back_between_searches_that_were_typed(typed: Page) -> None:
    typed.locator(".facets a").first.click()
    expect(typed.locator(".chip").first).to_be_visible()
    type_slowly(typed, " ledger")
    expect(typed).to_have_url(re.compile(r"ledger"))
    open_first_hit(typed)
    typed.go_back()
    expect(typed.locator("#q")).to_have_value(re.compile(r"^export .*ledger$"))
    expect(typed.locator(".site-header")).to_be_visible()
    typed.go_back()
    expect_results(typed, "export")


def test_back_over_a_board_that_was_narrowed(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/next-steps/")
    every = home.locator(".row.is-item").count()
    home.locator(".filters select[name=priority]").select_option("P0")
    expect(home).to_have_url(re.compile(r"priority=P0"))
    narrowed = home.locator(".row.is-item").count()
    assert narrowed < every
    home.locator(".row.is-item .row-title").first.click()
    expect(home).to_have_url(re.compile(r"/next-steps/\d+/$"))
    home.go_back()
    expect(home.locator(".row.is-item")).to_have_count(narrowed)
    expect(home.locator(".site-header")).to_be_visible()
    expect(home.locator(".filters select[name=priority]")).to_have_value("P0")
    home.go_back()
    expect(home.locator(".row.is-item")).to_have_count(every)
    expect(home.locator(".site-header")).to_have_count(1)
    expect(home.locator(".filters select[name=priority]")).to_have_value("")
    home.locator(".filters select[name=priority]").select_option("P0")
    expect(home.locator(".row.is-item")).to_have_count(narrowed)
