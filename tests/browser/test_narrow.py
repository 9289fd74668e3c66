"""On a narrow screen nothing is cut without a sign, and lists begin near the top; on a wide one nothing is folded."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.mark.parametrize("path", ["/next-steps/", "/issues/"])
def test_filters_are_folded_on_a_phone_and_stand_open_beside_it(home: Page, live_server: LiveServer, path: str) -> None:
    home.goto(live_server.url + path)
    words, fold = home.get_by_label("Words"), home.locator(".fold > summary")
    expect(words).to_be_visible()
    expect(fold).to_be_hidden()
    home.set_viewport_size(PHONE)
    expect(words).to_be_hidden()
    fold.click()
    expect(words).to_be_visible()


def test_folded_filters_say_how_many_are_on(home: Page, live_server: LiveServer) -> None:
    home.set_viewport_size(PHONE)
    home.goto(f"{live_server.url}/next-steps/?sort=oldest&state=all")
    fold = home.locator(".fold > summary")
    expect(fold).to_have_text("Filter")
    fold.click()
    home.locator(".filters select[name=priority]").select_option("P0")
    expect(fold).to_have_text(re.compile(r"^Filter\s+· 1 on\s*$"))
    home.get_by_label("Words").fill("cert")
    home.get_by_role("button", name="Show").click()
    expect(fold).to_have_text(re.compile(r"^Filter\s+· 2 on\s*$"))


def test_folded_filters_need_no_scripts(browser: Browser, home: Page, live_server: LiveServer) -> None:
    state = home.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/next-steps/")
    fold = page.locator(".fold > summary")
    fold.click()
    page.locator(".filters select[name=priority]").select_option("P0")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("priority=P0"))
    expect(fold).to_have_text(re.compile(r"^Filter\s+· 1 on\s*$"))
    expect(page.get_by_label("Words")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 640])
def test_every_link_of_the_header_is_seen(home: Page, live_server: LiveServer, width: int) -> None:
    home.set_viewport_size({"width": width, "height": 844})
    home.goto(f"{live_server.url}/import/")
    links = home.get_by_role("navigation", name="Pages").get_by_role("link")
    expect(links).to_have_count(9)
    for box in (link.bounding_box() for link in links.all()):
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= width
        assert box["height"] >= 24


def test_the_pictures_of_a_list_of_issues_stand_in_one_column(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/issues/")
    badges = home.locator(".row-state .badge")
    words = "badge => badge.textContent = '✕ regressed the same day'"
    badges.last.evaluate(words)
    assert badges.count() > 1
    boxes = [picture.bounding_box() for picture in home.locator(".sparkline").all()]
    assert len({box["x"] for box in boxes if box}) == 1
