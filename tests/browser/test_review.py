"""Doubts and wrong steps, from the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from kb.models import Doubt
from kb.review.doubts import LogDoubts, keep_doubts
from sessions.models import SessionLog
from sessions.parsing.pipeline import read_log
from sessions.records import DoubtRecord


@pytest.fixture
def in_doubt(examples: None) -> None:
    """Three lines of an example are in doubt."""
    session = SessionLog.objects.select_related("log").order_by("pk")[0]
    record = read_log(str(session.log), session.log.text.encode()).record.sessions[0]
    lines = [
        (number, line.strip("- *")[:80])
        for number, line in enumerate(session.log.text.split("\n"), 1)
        if line.startswith("- ")
    ]
    doubts = [
        DoubtRecord("decisions", text, number, (number, number), 0.3, 0.3 + at / 100)
        for at, (number, text) in enumerate(lines[:3], 1)
    ]
    keep_doubts([LogDoubts([session], [record], [doubts])])


def test_doubts_are_answered_with_one_key_each(in_doubt: None, home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/review/")
    rows = home.locator(".row.is-doubt")
    expect(rows).to_have_count(3)
    expect(rows.first).to_have_class(re.compile("is-current"))
    home.keyboard.press("n")
    expect(home.locator("#said")).to_contain_text("is not a decision")
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_class(re.compile("is-current"))
    home.keyboard.press("o")
    home.keyboard.press("l")
    expect(home.locator("#said")).to_contain_text("is a learning")
    expect(rows).to_have_count(1)
    home.keyboard.press("y")
    expect(home.get_by_text("3 answered").first).to_be_visible()
    home.keyboard.press("u")
    expect(rows).to_have_count(1)
    assert Doubt.objects.exclude(answer="").count() == 2


def test_a_wrong_step_is_one_key_away_from_gone(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/next-steps/?sort=oldest")
    rows = home.locator(".row.is-item")
    count, first = rows.count(), rows.first.locator(".row-title").inner_text()
    home.keyboard.press("j")
    home.keyboard.press("x")
    expect(home.locator("#said")).to_contain_text("Not a step")
    expect(home.get_by_role("link", name=first, exact=True)).to_have_count(0)
    home.keyboard.press("u")
    expect(rows).to_have_count(count)
    expect(home.get_by_role("link", name=first, exact=True)).to_have_count(1)
