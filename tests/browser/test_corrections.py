"""A log that was misread is put right by keyboard alone, and stays right when it is edited and imported again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
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
