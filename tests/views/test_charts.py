"""Charts: their numbers, and that these are given in words too."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from kb.importing import Imported
from kb.models import Issue
from kb.queries.weeks import open_blockers_by_week, recent_mondays, sessions_by_week
from tests.factories import OPEN, log


def test_weeks_are_counted(ingest: Callable[..., Imported], signed_in: Client) -> None:
    ingest(log("2026-03-02"), path="a.md")
    ingest(log("2026-03-04").replace("complete", "blocked"), path="b.md")
    ingest(log("2026-03-16").replace("[ ] P0: Rotate", "[x] P0: Rotate"), path="c.md")
    ingest(log("2026-03-24").replace("P0: Rotate the gateway certificate", "P0: Order another crane"), path="d.md")
    weeks = {str(week.monday): dict(week.counts) for week in sessions_by_week(recent_mondays())}
    assert weeks["2026-03-02"] == {"complete": 1, "blocked": 1}
    assert weeks["2026-03-09"] == {}
    blockers = {str(week.monday): week.total for week in open_blockers_by_week(recent_mondays())}
    assert [blockers[f"2026-03-{day}"] for day in ("02", "09", "16", "23")] == [1, 1, 0, 1]
    home = signed_in.get("/").content.decode()
    assert "week of 2 Mar 2026: 1 complete, 1 blocked" in home
    assert 'aria-label="Open P0 steps by week, 26 weeks up to 23 Mar 2026; latest 1"' in home


def test_without_sessions_there_is_no_picture(signed_in: Client) -> None:
    assert recent_mondays() == []
    assert "<figure>" not in signed_in.get("/").content.decode()


def test_an_issue_shows_when_it_was_met(ingest: Callable[..., Imported], signed_in: Client) -> None:
    ingest(log("2026-03-01"), path="a.md")
    address = f"/issues/{Issue.objects.get().pk}/"
    assert "timeline-picture" not in signed_in.get(address).content.decode()
    ingest(log("2026-03-09", OPEN), path="b.md")
    page = signed_in.get(address).content.decode()
    assert "Met 2 times from 1 Mar 2026 to 9 Mar 2026; the last time open" in page
    assert "<title>1 Mar 2026: fixed</title>" in page
