"""What the three users do, from signing in to the end, in a real browser."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import ARTEFACTS, first_held
from tests.factories import log

pytestmark = pytest.mark.browser


def type_slowly(page: Page, words: str) -> None:
    page.locator("#q").press_sequentially(words, delay=30)


def paste(page: Page, text: str) -> None:
    script = """(box, text) => {
        const data = new DataTransfer();
        data.setData("text", text);
        box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }"""
    page.locator("#q").evaluate(script, text)


def test_an_engineer_finds_the_fix_while_typing(home: Page) -> None:
    home.get_by_role("link", name="Search", exact=True).click()
    type_slowly(home, "LockNotAvail")
    expect(home.locator(".hit").first).to_contain_text("lock")
    expect(home.locator("#q")).to_be_focused()
    expect(home).to_have_url(re.compile(r"q=LockNotAvail"))
    home.locator(".hit", has_text="a fix worked").first.get_by_role("link").first.click()
    expect(home.locator(".source .is-marked").first).to_be_visible()
    home.get_by_role("link", name="its issue").first.click()
    expect(home.get_by_role("region", name="What to do now")).to_contain_text("moved the export to 04:30")
    expect(home.get_by_role("heading", name="What was tried")).to_be_visible()


def test_identifiers_and_codes_are_found(home: Page, live_server: LiveServer) -> None:
    for words in ("ledger_lines_pkey", "UniqueViolation", "413", "max_tasks_per_child"):
        home.goto(f"{live_server.url}/search/?q={words}")
        expect(home.locator("mark").first).to_be_visible()


def test_one_character_asks_nothing(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/search/")
    asked: list[str] = []
    home.on("request", lambda request: asked.append(request.url) if "q=" in request.url else None)
    type_slowly(home, "l")
    home.wait_for_timeout(400)
    assert asked == []


def test_a_record_marks_its_lines_and_has_a_permalink(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/search/?q=type:error+LockNotAvailable")
    home.locator(".hit a").first.click()
    home.wait_for_load_state()  # the script that marks lines in place
    record = home.locator(".record a[href*='lines=']").first
    record.click()
    expect(home).to_have_url(re.compile(r"#L\d+-L\d+$"))
    address = home.url
    marked = home.locator(".source .is-marked").first.inner_text()
    home.goto(live_server.url)
    home.goto(address)
    assert home.locator(".source .is-marked").first.inner_text() == marked


def test_the_open_blockers_are_on_the_first_page(home: Page) -> None:
    blockers = home.locator("section", has=home.get_by_role("heading", name="Open P0 blockers"))
    expect(blockers.get_by_role("listitem").first).to_contain_text("P0")


def test_blockers_are_reviewed_from_the_keyboard(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/next-steps/?priority=P0")
    rows = home.locator(".row.is-item")
    count, first = rows.count(), rows.first.locator(".row-title").inner_text()
    home.keyboard.press("j")
    expect(rows.first).to_have_class(re.compile("is-current"))
    home.keyboard.press("e")
    expect(home.locator("#said")).to_contain_text("Marked done")
    expect(rows).to_have_count(count - 1)
    expect(home).to_have_url(re.compile(r"priority=P0$"))
    home.keyboard.press("u")
    expect(rows).to_have_count(count)
    expect(rows.first.locator(".row-title")).to_have_text(first)


def test_blockers_are_reviewed_from_signing_in_to_the_handover(home: Page, live_server: LiveServer) -> None:
    home.context.grant_permissions(["clipboard-read", "clipboard-write"])
    blockers = home.locator("section", has=home.get_by_role("heading", name="Open P0 blockers"))
    blockers.get_by_role("link", name="All").click()
    expect(home).to_have_url(re.compile(r"/next-steps/\?.*priority=P0"))
    closed = home.locator(".row.is-item .row-title").first.inner_text()
    project = home.locator(".row.is-item .row-facts span").first.inner_text()
    board = home.url
    home.get_by_role("link", name="Handover").click()
    home.get_by_label("Project").select_option(project)
    home.get_by_role("button", name="Show").click()
    open_ones = home.locator("section", has=home.get_by_role("heading", name="Open blockers"))
    expect(open_ones.get_by_role("link", name=closed)).to_be_visible()
    handover = home.url
    home.goto(board)
    home.get_by_role("button", name=re.compile("^Done:")).first.click()
    expect(home.locator("#said")).to_contain_text("Marked done")
    home.goto(handover)
    expect(open_ones).to_be_visible()
    expect(open_ones.get_by_role("link", name=closed)).to_have_count(0)
    home.wait_for_load_state()
    home.get_by_role("button", name="Copy as Markdown").click()
    expect(home.locator("#said")).to_have_text("Copied")
    assert home.evaluate("navigator.clipboard.readText()").startswith("# Handover")


def test_many_are_snoozed_at_once_and_wake_by_hand(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/next-steps/")
    tools = home.get_by_role("group", name="With the selected steps")
    expect(tools).to_be_hidden()
    for key in ("j", "v", "j", "v"):
        home.keyboard.press(key)
    expect(tools).to_be_visible()
    chosen = home.locator(".row.is-item:visible .row-title").nth(1).inner_text()
    home.keyboard.press("s")
    expect(home.get_by_label("Snooze until")).to_be_focused()
    home.keyboard.press("Enter")
    expect(home.locator("#said")).to_contain_text("2 steps")
    home.get_by_role("link", name=re.compile("^snoozed 2")).click()
    expect(home.locator(".row-title", has_text=chosen)).to_be_visible()
    home.get_by_role("button", name=re.compile("^Wake up:")).first.click()
    expect(home.locator(".row.is-item")).to_have_count(1)


def test_a_filter_narrows_the_board_in_place(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/next-steps/")
    home.locator(".filters select[name=priority]").select_option("P0")
    expect(home).to_have_url(re.compile(r"priority=P0"))
    expect(home.locator(".row-priority", has_text="P1")).to_have_count(0)


def test_new_files_are_previewed_then_imported_then_undone(
    home: Page, live_server: LiveServer, tmp_path: Path, settings: Settings
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    for name, day in (("a.md", "2026-03-01"), ("b.md", "2026-03-09")):
        (tmp_path / name).write_text(log(day))
    home.get_by_role("link", name="Import", exact=True).click()
    home.wait_for_load_state()
    home.locator("input[type=file]").set_input_files([tmp_path / "a.md", tmp_path / "b.md"])
    home.get_by_role("button", name="Preview import").first.click()
    expect(home.get_by_role("main").get_by_text("2 new.")).to_be_visible()
    home.locator("summary", has_text="b.md").click()
    expect(home.get_by_role("main").get_by_text("seen for the 2nd time")).to_be_visible()
    home.screenshot(path=ARTEFACTS / "preview.png")
    home.get_by_role("button", name="Import all 2").click()
    expect(home.get_by_role("button", name="Undo this import")).to_be_visible()
    home.screenshot(path=ARTEFACTS / "import-run.png")
    home.get_by_role("button", name="Undo this import").click()
    expect(home.get_by_role("main").get_by_text("2 new logs are deleted")).to_be_visible()
    home.get_by_role("button", name="Undo the import").click()
    expect(home.get_by_role("main").get_by_text("undone: removed")).to_have_count(2)


def test_dropped_files_are_sent(home: Page, live_server: LiveServer, tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"
    home.goto(f"{live_server.url}/import/")
    home.wait_for_load_state()
    script = """(zone, text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "dropped.md", { type: "text/markdown" }));
        zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    home.locator("[data-drop]").evaluate(script, log("2026-03-01"))
    expect(home).to_have_url(re.compile("/import/staged/"))
    expect(home.locator("summary", has_text="dropped.md")).to_be_visible()
    home.get_by_role("button", name="Cancel").click()
    expect(home).to_have_url(re.compile("/import/$"))


def test_issues_are_chosen_by_keyboard_merged_and_taken_apart(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/issues/")
    before = home.locator(".row").count()
    for key in ("j", "v", "j", "v"):
        home.keyboard.press(key)
    assert home.locator("input[name=issue]:checked").count() == 2
    home.get_by_role("button", name="Merge selected").click()
    expect(home.get_by_role("heading", level=1)).to_have_text("Merge 2 issues into one?")
    home.get_by_role("button", name="Merge", exact=True).click()
    expect(home.get_by_role("main").get_by_text("merged issues into it")).to_be_visible()
    home.get_by_role("button", name=re.compile("Undo the merge")).click()
    home.goto(f"{live_server.url}/issues/")
    assert home.locator(".row").count() == before


def test_a_pasted_trace_finds_the_issue(home: Page) -> None:
    paste(home, 'Traceback:\n  File "/srv/x/jobs.py", line 3, in run\nSSLError: certificate verify failed')
    expect(home).to_have_url(re.compile(r"/search/\?q=SSLError"))
    expect(home.locator(".met li").first).to_contain_text("certificate verify failed")


@pytest.mark.parametrize("is_pasted", [True, False], ids=["pasted", "typed"])
def test_one_line_that_is_too_long_for_an_address_finds_the_issue(home: Page, is_pasted: bool) -> None:
    line = "SSLError: certificate verify failed " + "k" * 5000
    if is_pasted:
        paste(home, line)
    else:
        home.locator("#q").fill(line)
        home.locator("#q").press("Enter")
    expect(home).to_have_url(re.compile(r"/search/\?q=SSLError.{0,900}$"))
    expect(home.locator(".met li").first).to_contain_text("certificate verify failed")


def test_filters_are_completed_from_the_keyboard(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/search/")
    type_slowly(home, "export typ")
    expect(home.get_by_role("option")).to_have_text(["type:"])
    home.keyboard.press("ArrowDown")
    home.keyboard.press("Enter")
    expect(home.locator("#q")).to_have_value("export type:")
    type_slowly(home, "err")
    expect(home.get_by_role("option")).to_have_text(["type:error"])
    home.keyboard.press("ArrowDown")
    home.keyboard.press("Tab")
    expect(home.locator("#q")).to_have_value("export type:error ")
    expect(home.locator(".chip")).to_contain_text("type:error")
    expect(home.locator(".hit-kind").first).to_contain_text("error")
    home.locator(".chip").click()
    expect(home.locator("#q")).to_have_value("export")


def test_a_late_list_of_completions_keeps_the_selection(home: Page, live_server: LiveServer) -> None:
    held: list[Route] = []
    home.route("**/search/values/?*value=er", lambda route: held.append(route))
    home.goto(f"{live_server.url}/search/")
    type_slowly(home, "type:e")
    expect(home.get_by_role("option")).to_have_text(["type:error"])
    type_slowly(home, "r")
    home.keyboard.press("ArrowDown")
    first_held(home, held)
    with home.expect_response("**/search/values/?*value=er"):
        held[0].continue_()
    home.keyboard.press("Tab")
    expect(home.locator("#q")).to_have_value("type:error ")


def test_a_late_answer_never_replaces_a_newer_one(home: Page, live_server: LiveServer) -> None:
    held: list[Route] = []
    home.route(
        "**/search/?q=*", lambda route: held.append(route) if route.request.url.endswith("q=ex") else route.continue_()
    )
    home.goto(f"{live_server.url}/search/")
    type_slowly(home, "ex")
    first_held(home, held)
    type_slowly(home, "port zzz")
    expect(home.locator("#results")).to_contain_text("zzz")
    with contextlib.suppress(Error):  # the browser gave the older request up
        held[0].continue_()
    home.wait_for_timeout(300)
    expect(home.locator("#results")).to_contain_text("zzz")


def test_a_search_is_saved_and_comes_back_on_the_home_page(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/search/?q=type:error+export")
    home.get_by_text("Save this search").click()
    home.get_by_label("Name").fill("Exports that fail")
    home.get_by_role("button", name="Save").click()
    home.goto(live_server.url)
    home.get_by_role("button", name="Exports that fail", exact=True).click()
    expect(home.locator("#q")).to_have_value("type:error export")
