"""Getting in and out, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.chromium import ARGUMENTS, find_chromium

pytestmark = pytest.mark.browser


@pytest.fixture
def keeping(home: Page, browser: Browser) -> Iterator[Page]:
    """A page of a browser that keeps whole pages for its back button, as people's do, signed in as `home` is."""
    keeping = browser.browser_type.launch(
        executable_path=find_chromium(), args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield keeping.new_context(storage_state=home.context.storage_state()).new_page()
    keeping.close()


@pytest.mark.parametrize("path", ["/sessions/", "/search/?q=export", "/next-steps/"])
def test_going_back_after_signing_out_shows_nothing_private(keeping: Page, live_server: LiveServer, path: str) -> None:
    keeping.goto(live_server.url + path)
    keeping.get_by_role("button", name="Sign out").click()
    keeping.wait_for_url("**/sign-in/")
    keeping.go_back()
    expect(keeping.get_by_role("heading", name="Sign in")).to_be_visible()
    assert keeping.evaluate("sessionStorage.getItem('htmx-history-cache')") is None
