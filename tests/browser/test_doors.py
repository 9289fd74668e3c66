"""Getting in and out, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from kb.people.sign_in import make_token
from tests.browser.conftest import ARTEFACTS
from tests.browser.test_face import MODES, violations
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


@pytest.mark.parametrize("mode", MODES)
def test_the_pages_of_a_link_and_of_a_lock_fit_and_axe_finds_nothing(
    browser: Browser, live_server: LiveServer, mode: str
) -> None:
    page = browser.new_context(**MODES[mode]).new_page()
    ARTEFACTS.mkdir(exist_ok=True)
    wrong: set[str] = set()

    def look(name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        page.screenshot(path=ARTEFACTS / f"{name}-{mode}.png")
        wrong.update(f"{name}: {one}" for one in violations(page))

    page.goto(f"{live_server.url}/sign-in/{make_token(User.objects.create_superuser('dana'))}/")
    look("sign-in-link")
    page.goto(f"{live_server.url}/sign-in/")
    while page.get_by_role("button", name="Sign in").is_visible():
        page.get_by_label("Name").fill("dana")
        page.get_by_label("Password").fill("a wrong one")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
    expect(page.get_by_role("alert")).to_contain_text("after 5 wrong passwords")
    look("locked-out")
    page.context.close()
    assert wrong == set()
