"""The Issues page says that issues are linked again, and afterwards what changed, until that is dismissed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb.importing import Imported
from kb.models import Issue, Relinking
from tests.factories import log
from tests.views.test_next_steps import header_link

Ingest = Callable[..., Imported]
HTMX = {"HX-Request": "true", "HX-Target": "relinking"}


@pytest.fixture
def issue(ingest: Ingest) -> Issue:
    ingest(log("2026-03-01"))
    return Issue.objects.get()


def news(client: Client) -> str:
    return " ".join(client.get(reverse("issues"), headers=HTMX).content.decode().split())


def finished(issue: Issue, joined: int = 2, divided: int = 1) -> Relinking:
    entries = {
        "joined": [{"issue": 900 + n, "title": f"Berth {n} is lost", "into": issue.pk} for n in range(joined)],
        "divided": [{"issue": 800 + n, "title": f"Crane {n} stops", "into": [issue.pk, 999]} for n in range(divided)],
    }
    return Relinking.objects.create(
        version=4, total=9, done=9, finished_at=timezone.now(), changes=entries, joined=joined, divided=divided
    )


@pytest.mark.parametrize(
    ("heartbeat", "expected", "polls"),
    [
        (dt.timedelta(seconds=1), "Issues are being linked again: 120 of 400 sessions.", True),
        (dt.timedelta(minutes=5), "was stopped after 120 of 400 sessions.", False),
        (None, "was stopped after 120 of 400 sessions.", False),
    ],
)
def test_a_run_shows_how_far_it_is(
    signed_in: Client, heartbeat: dt.timedelta | None, expected: str, polls: bool
) -> None:
    beat = None if heartbeat is None else timezone.now() - heartbeat
    Relinking.objects.create(version=4, total=400, done=120, heartbeat_at=beat)
    assert expected in news(signed_in)
    assert ("hx-get" in news(signed_in)) is polls


@pytest.mark.parametrize(
    ("joined", "divided", "expected"),
    [
        (12, 5, "12 issues were joined into others, 5 were divided."),
        (1, 0, "1 issue was joined into others"),
        (0, 1, "1 issue was divided."),
    ],
)
def test_afterwards_the_page_says_what_changed_until_it_is_dismissed(
    signed_in: Client, issue: Issue, joined: int, divided: int, expected: str
) -> None:
    run = finished(issue, joined, divided)
    assert expected in news(signed_in)
    assert reverse("relinking", args=[run.pk]) in news(signed_in)
    signed_in.post(reverse("dismiss-relinking"))
    assert "notice" not in news(signed_in)


def test_a_run_that_changed_nothing_is_no_news(signed_in: Client, issue: Issue) -> None:
    finished(issue, 0, 0)
    assert "notice" not in news(signed_in)


def test_changes_are_listed_with_the_issues_of_today(signed_in: Client, issue: Issue) -> None:
    response = signed_in.get(reverse("relinking", args=[finished(issue).pk]))
    html = response.content.decode()
    for title in ("Berth 0 is lost", "Berth 1 is lost", "Crane 0 stops"):
        assert title in html
    assert html.count(reverse("issue", args=[issue.pk])) == 3
    assert header_link(html) == "Issues"


def test_there_is_no_page_of_a_run_that_never_was_or_goes_on(signed_in: Client) -> None:
    running = Relinking.objects.create(version=4, total=3)
    for number in (running.pk, running.pk + 1):
        assert signed_in.get(reverse("relinking", args=[number])).status_code == 404
