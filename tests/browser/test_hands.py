"""Scripts leave the reader's focus alone, and copy even if the browser gives them no clipboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from sessions.models import Command
from tests.browser.conftest import first_held

pytestmark = pytest.mark.browser

NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"  # as over plain HTTP
NO_COMMAND = "document.execCommand = () => false;"


def clipboard(page: Page) -> str:
    """What a reader would paste."""
    page.evaluate("document.body.prepend(Object.assign(document.createElement('textarea'), { id: 'pasted' }))")
    page.locator("#pasted").focus()
    page.keyboard.press("Control+V")
    pasted = page.locator("#pasted").input_value()
    page.evaluate("document.getElementById('pasted').remove()")
    return pasted


def open_command(page: Page, live_server: LiveServer) -> str:
    """A page of a session with a command without placeholders; gives the command."""
    command = Command.objects.exclude(text__contains="<").exclude(text__contains="{").order_by("pk")[0]
    page.goto(f"{live_server.url}/sessions/{command.session_id}/")
    page.wait_for_load_state()
    return command.text


def test_a_command_is_copied_without_a_clipboard_for_scripts(home: Page, live_server: LiveServer) -> None:
    home.add_init_script(NO_CLIPBOARD)
    text = open_command(home, live_server)
    button = home.locator(".command button.copy").first
    button.click()
    expect(home.locator("#said")).to_have_text("Copied")
    expect(button).to_be_focused()
    assert clipboard(home) == text


def test_where_nothing_copies_the_text_is_there_to_be_copied(home: Page, live_server: LiveServer) -> None:
    home.add_init_script(NO_CLIPBOARD + NO_COMMAND)
    text = open_command(home, live_server)
    home.locator(".command button.copy").first.click()
    expect(home.locator("#said")).to_have_text("Press Ctrl+C to copy")
    field = home.get_by_label("Text to copy")
    expect(field).to_be_focused()
    home.keyboard.press("Control+C")
    home.keyboard.press("Tab")
    expect(field).to_have_count(0)
    assert clipboard(home) == text


@pytest.mark.parametrize("scripts", [NO_CLIPBOARD, NO_CLIPBOARD + NO_COMMAND])
def test_a_session_is_copied_as_markdown_all_the_same(home: Page, live_server: LiveServer, scripts: str) -> None:
    home.add_init_script(scripts)
    open_command(home, live_server)
    home.get_by_role("button", name="Copy as Markdown").click()
    expect(home.locator("#said")).to_have_text(re.compile("^(Copied|Press Ctrl.C to copy)$"))
    if NO_COMMAND in scripts:
        home.keyboard.press("Control+C")
    assert clipboard(home).startswith("# ")


def test_a_filter_keeps_the_focus_while_the_list_changes(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/next-steps/")
    home.keyboard.press("j")
    expect(home.locator(".row.is-item:visible .row-title").first).to_be_focused()
    priority = home.locator(".filters select[name=priority]")
    priority.focus()
    priority.select_option("P0")
    expect(home).to_have_url(re.compile(r"priority=P0"))
    expect(home.locator(".row.is-item").first).to_have_class(re.compile("is-current"))
    expect(priority).to_be_focused()


def test_the_focus_moves_on_with_a_row_that_goes(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/next-steps/")
    count = home.locator(".row.is-item").count()
    home.keyboard.press("j")
    home.keyboard.press("e")
    expect(home.locator(".row.is-item")).to_have_count(count - 1)
    expect(home.locator(".row.is-item:visible .row-title").first).to_be_focused()


def test_a_reader_who_went_to_a_filter_meanwhile_stays_there(home: Page, live_server: LiveServer) -> None:
    held: list[Route] = []
    home.route("**/next-steps/act/*", lambda route: held.append(route))
    home.goto(f"{live_server.url}/next-steps/")
    count = home.locator(".row.is-item").count()
    home.keyboard.press("j")
    home.keyboard.press("e")
    words = home.locator(".filters input[name=words]")
    words.fill("cert")
    first_held(home, held).continue_()
    expect(home.locator(".row.is-item")).to_have_count(count - 1)
    expect(words).to_be_focused()
