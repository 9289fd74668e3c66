"""A log that was misread is put right by keyboard alone, and stays right when it is edited and imported again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from kb.importing import Imported
from kb.importing.runs import begin, finish, import_content
from kb.models import ImportOrigin
from sessions.models import Command, Error, NextStep, SessionLog
from tests.browser.conftest import first_held

pytestmark = pytest.mark.browser

LOG = """# Session: Parcel labels

**Date**: 2026-03-01

## Errors

- Label printer refuses the new format
- Colour of the header was changed on request
- Labels come out empty for parcels abroad

## Notes

The depot list is sorted twice and loses its last entry.

## Next Steps

- [ ] Order more label rolls
- [ ] Everybody was very helpful today

Run by hand: parcels relabel --depot north
"""


def store(text: str) -> SessionLog:
    run = begin(ImportOrigin.COMMAND, None, "parcels", total=1)
    imported = import_content(run, "parcels/2026-03-01.md", text.encode(), "parcels")
    finish(run)
    assert isinstance(imported, Imported), imported
    return imported.log.sessions.get()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def go_to(page: Page, title: str) -> None:
    """Moves on by j until the record of this title is current."""
    press(page, *["k"] * 12)
    for _ in range(15):
        if title in page.locator(".record.is-current").inner_text():
            return
        press(page, "j")
    raise AssertionError(title)


def mark_line(page: Page, words: str, key: str) -> None:
    press(page, "m", *["k"] * 40)
    for _ in range(40):
        if words in page.locator(".is-chosen").inner_text():
            break
        press(page, "j")
    with page.expect_response("**/correct/"):
        press(page, key)


def answered(page: Page, act: Callable[[], None]) -> None:
    with page.expect_response("**/correct/"):
        act()
    expect(page.locator("#records [data-say]")).to_be_visible()


def titles(session: SessionLog) -> tuple[set[str], set[str], set[str]]:
    return (
        set(Error.objects.filter(session=session, in_log=True).values_list("title", flat=True)),
        set(NextStep.objects.filter(session=session).values_list("text", flat=True)),
        set(Command.objects.filter(session=session).values_list("text", flat=True)),
    )


def test_five_things_are_put_right_by_keyboard_and_stay_right(home: Page, live_server: LiveServer) -> None:
    session = store(LOG)
    home.goto(f"{live_server.url}/sessions/{session.pk}/?view=raw")
    go_to(home, "Colour of the header")
    answered(home, lambda: press(home, "x"))
    expect(home.locator(".record:focus-within")).to_have_count(1)
    go_to(home, "Everybody was very helpful")
    answered(home, lambda: press(home, "x"))
    go_to(home, "Label printer refuses")
    press(home, "c")
    home.keyboard.press("Control+A")
    home.keyboard.type("Printer rejects labels of format 2")
    answered(home, lambda: press(home, "Enter"))
    mark_line(home, "The depot list is sorted twice", "e")
    mark_line(home, "parcels relabel", "c")
    right = titles(session)
    assert right[0] == {
        "Printer rejects labels of format 2",
        "Labels come out empty for parcels abroad",
        "The depot list is sorted twice and loses its last entry.",
    }
    assert right[1] == {"Order more label rolls"}
    assert any("parcels relabel" in text for text in right[2])
    press(home, "u")
    expect(home.locator("#messages")).to_contain_text("Undone")
    assert not any("parcels relabel" in text for text in titles(session)[2])
    mark_line(home, "parcels relabel", "c")
    expect(home.locator("#messages")).to_contain_text("Now a command")

    again = store(LOG.replace("**Date**: 2026-03-01\n", "**Date**: 2026-03-01\n**Author**: the depot team\n"))
    assert again.pk == session.pk
    assert titles(again) == right


def test_a_key_waits_for_the_answer_to_the_one_before(home: Page, live_server: LiveServer) -> None:
    session, held = store(LOG), list[Route]()
    home.route("**/correct/", lambda route: held.append(route))
    home.goto(f"{live_server.url}/sessions/{session.pk}/?view=raw")
    go_to(home, "Colour of the header")
    press(home, "x")
    request = first_held(home, held)
    press(home, "u")
    request.continue_()
    expect(home.locator("#messages")).to_contain_text("Undone: Colour of the header")
    assert "Colour of the header was changed on request" in titles(session)[0]


def test_an_error_is_folded_into_another_by_keyboard(home: Page, live_server: LiveServer) -> None:
    session = store(LOG)
    home.goto(f"{live_server.url}/sessions/{session.pk}/?view=raw")
    expect(home.get_by_text("An error, to fold others into")).to_be_hidden()
    for title in ("Colour of the header", "Label printer refuses"):  # the list goes with the record
        go_to(home, title)
        press(home, "c")
        choice = home.get_by_label("The same problem as")
        expect(choice).to_be_visible()
        press(home, *["Tab"] * 4)
        expect(choice).to_be_focused()
        home.keyboard.type("Labels")
        press(home, "Escape")
    press(home, "c", *["Tab"] * 5)
    expect(home.get_by_role("button", name="Fold into that error").and_(home.locator(":focus"))).to_be_visible()
    answered(home, lambda: press(home, "Enter"))
    assert titles(session)[0] == {
        "Colour of the header was changed on request",
        "Labels come out empty for parcels abroad",
    }


def test_an_error_is_folded_into_another_without_scripts(browser: Browser, home: Page, live_server: LiveServer) -> None:
    session = store(LOG)
    context = browser.new_context(java_script_enabled=False, storage_state=home.context.storage_state())
    page = context.new_page()
    page.goto(f"{live_server.url}/sessions/{session.pk}/")
    page.get_by_label("An error, to fold others into").select_option(label="Labels come out empty for parcels abroad")
    record = page.locator(".record", has_text="Colour of the header")
    record.get_by_text("Change …").click()
    record.get_by_role("button", name="Fold into that error").click()
    expect(page.locator("#messages")).to_contain_text("Folded into the other error")
    assert len(titles(session)[0]) == 2
    context.close()
