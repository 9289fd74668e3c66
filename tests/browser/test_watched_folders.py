"""The watched folders by keyboard alone, and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from kb.importing.sources.kept_folders import keep_folder, note_problem, note_seen, pause
from kb.models import WatchedFolder
from tests.browser.test_face import MODES, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def shelf(tmp_path: Path, settings: Settings, examples: None) -> Path:
    """A folder that may be read, with one folder that is watched in it."""
    settings.IMPORT_FOLDERS = [tmp_path]
    for name in ("harbor", "quay"):
        (tmp_path / name).mkdir()
    note_seen(keep_folder(tmp_path / "harbor")[0], 12)
    return tmp_path


def watched(page: Page) -> list[str]:
    return page.get_by_role("region", name="Watched folders").locator(".row-title").all_inner_texts()


def test_folders_are_added_paused_and_removed_by_keyboard(shelf: Path, home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/import/")
    home.get_by_role("region", name="Watched folders").get_by_label("Folder on the server").focus()
    home.keyboard.type(str(shelf / "quay"))
    home.keyboard.press("Enter")
    expect(home.locator("#messages")).to_contain_text("quay is watched from now on.")
    assert watched(home) == [str(shelf / "harbor"), str(shelf / "quay")]
    home.keyboard.press("j")
    expect(home.locator(".row-title").first).to_be_focused()
    home.keyboard.press("Tab")
    expect(home.get_by_role("button", name="Pause: ").first).to_be_focused()
    home.keyboard.press("Enter")
    expect(home.locator("#messages")).to_contain_text(f"Paused {shelf / 'harbor'}.")
    home.keyboard.press("u")
    expect(home.locator("#messages")).to_contain_text(f"{shelf / 'harbor'} is watched again.")
    home.keyboard.press("j")
    home.keyboard.press("Tab")
    home.keyboard.press("Tab")
    expect(home.get_by_role("button", name="Remove: ").first).to_be_focused()
    home.keyboard.press("Enter")
    expect(home.locator("#messages")).to_contain_text("is not watched any more. What was imported from it stays.")
    assert watched(home) == [str(shelf / "quay")]
    home.keyboard.press("u")
    expect(home.locator("#messages")).to_contain_text(f"{shelf / 'harbor'} is back on the list.")
    assert WatchedFolder.objects.filter(removed_at=None, paused_at=None).count() == 2


def test_the_keys_of_other_lists_do_nothing_to_a_folder(shelf: Path, home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/import/")
    for key in "jxvek":
        home.keyboard.press(key)
    expect(home.locator(".row-title").first).to_be_focused()
    assert WatchedFolder.objects.get().paused_at is None


@pytest.mark.parametrize("mode", MODES)
def test_every_state_fits_and_can_be_read(
    shelf: Path, browser: Browser, home: Page, live_server: LiveServer, mode: str
) -> None:
    note_problem(keep_folder(shelf / "quay")[0], "is not there just now. What was imported from it stays.")
    pause(keep_folder(shelf)[0])
    keep_folder(shelf / ("a-name-that-is-very-long-" * 8))
    page = browser.new_context(**MODES[mode], storage_state=home.context.storage_state()).new_page()
    page.goto(f"{live_server.url}/import/")
    assert page.locator(".watched .badge").all_inner_texts() == ["· paused", "◐ not watched now", "✓ watched", "✕ away"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    page.context.close()


def test_folders_are_watched_without_scripts(
    shelf: Path, browser: Browser, home: Page, live_server: LiveServer
) -> None:
    note_problem(WatchedFolder.objects.get(), "is not there just now. What was imported from it stays.")
    context = browser.new_context(java_script_enabled=False, storage_state=home.context.storage_state())
    page = context.new_page()
    page.goto(f"{live_server.url}/import/")
    region = page.get_by_role("region", name="Watched folders")
    expect(region).to_contain_text("It is not there just now. What was imported from it stays.")
    region.get_by_label("Folder on the server").fill(str(shelf / "quay"))
    region.get_by_role("button", name="Watch folder").click()
    region.get_by_role("button", name=f"Pause: {shelf / 'quay'}").click()
    page.get_by_role("button", name="Undo").click()
    expect(region.get_by_role("button", name=f"Pause: {shelf / 'quay'}")).to_be_visible()
    context.close()
