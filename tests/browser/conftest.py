"""A real Chromium on a live server. An error or a violated policy in the console fails the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.chromium import ARGUMENTS, find_chromium

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs beside the ORM of the tests

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on the PATH (on Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda problem: said.append(str(problem)))
    yield page
    # htmx warns when a newer keystroke cancels an older request.
    assert [text for text in said if not text.startswith(("htmx:sendAbort", "htmx:afterRequest"))] == []


@pytest.fixture
def examples(transactional_db: None) -> None:
    call_command("ingest", str(ROOT / "examples"), stdout=StringIO())


@pytest.fixture
def home(page: Page, live_server: LiveServer, examples: None, client: Client) -> Page:
    """The home page of somebody who is signed in."""
    client.force_login(User.objects.create_superuser("dana"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/")
    return page


def first_held(page: Page, held: list[Route], seconds: float = 5) -> Route:
    """Waits for the first request that a route holds back; it arrives some time after the key that causes it.

    Set the route before the page opens: an open page learns of one later, and what it asks for at once goes past it.
    """
    for _ in range(int(seconds * 50)):
        if held:
            return held[0]
        page.wait_for_timeout(20)
    raise AssertionError("nothing was requested")
