"""One clock: wherever a person reads or enters a day, it is the day of the reader's zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from kb.importing import Imported
from kb.models import TrackedStep
from kb.people import clock as days
from tests.factories import log

Ingest = Callable[..., Imported]
# zone of the browser, moment, the reader's day then
READERS = [
    ("Pacific/Auckland", "2026-11-27T20:00", "2026-11-28"),
    ("Pacific/Kiritimati", "2026-11-27T11:00", "2026-11-28"),
    ("America/Los_Angeles", "2026-11-28T03:00", "2026-11-27"),
    ("", "2026-11-27T23:59", "2026-11-27"),
]
readers = pytest.mark.parametrize(("zone", "moment", "day"), READERS)


@pytest.fixture
def stop_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def _stop(moment: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime.fromisoformat(f"{moment}:00+00:00"))

    return _stop


@pytest.fixture
def reader(signed_in: Client, ingest: Ingest, stop_clock: Callable[[str], None]) -> Callable[[str, str], Client]:
    """A browser of a zone at a moment; a log of 27 November is here."""

    def _reader(zone: str, moment: str) -> Client:
        stop_clock(moment)
        if zone:
            signed_in.cookies["zone"] = zone
        ingest(log("2026-11-27"))
        return signed_in

    return _reader


def after(day: str, more: int) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=more)).isoformat()


@readers
@pytest.mark.parametrize("page", ["board", "item"])
def test_the_earliest_day_that_a_form_offers_is_taken(
    reader: Callable[[str, str], Client], zone: str, moment: str, day: str, page: str
) -> None:
    client, item = reader(zone, moment), TrackedStep.objects.get(text__contains="Rotate")
    shown = client.get("/next-steps/" if page == "board" else f"/next-steps/{item.pk}/").content.decode()
    assert f'min="{after(day, 1)}"' in shown
    client.post("/next-steps/act/", {"action": f"snoozed:{item.pk}", "until": day}, follow=True)
    item.refresh_from_db()
    assert item.snoozed_until is None  # today is not in the future
    client.post("/next-steps/act/", {"action": f"snoozed:{item.pk}", "until": after(day, 1)}, follow=True)
    item.refresh_from_db()
    assert str(item.snoozed_until) == after(day, 1)
    assert "Rotate" not in client.get("/next-steps/").content.decode()
    assert "Rotate" in client.get("/next-steps/?state=asleep").content.decode()


@readers
def test_days_ago_count_from_the_day_of_the_reader(
    reader: Callable[[str, str], Client], zone: str, moment: str, day: str
) -> None:
    client, back = reader(zone, moment), (dt.date.fromisoformat(day) - dt.date(2026, 11, 27)).days
    assert "result-count" in client.get(f"/search/?q=gateway+after:{back}d").content.decode()
    assert "Nothing found" in client.get(f"/search/?q=gateway+before:{back}d").content.decode()
    word = {0: "today", 1: "yesterday"}[back]
    for page in ("/", "/sessions/", "/issues/", "/search/?q=gateway"):
        assert f'title="27 Nov 2026">{word}</time>' in client.get(page).content.decode(), page


@readers
def test_an_open_step_is_as_old_as_the_reader_sees_it(
    reader: Callable[[str, str], Client], zone: str, moment: str, day: str
) -> None:
    client, old = reader(zone, moment), (dt.date.fromisoformat(day) - dt.date(2026, 11, 27)).days
    words = "1 day open" if old else "new today"
    for page in ("/", "/next-steps/", "/handover/?project=harbor"):
        assert words in client.get(page).content.decode(), page


def test_without_a_reader_the_site_has_the_day(stop_clock: Callable[[str], None]) -> None:
    stop_clock("2026-11-27T20:00")
    with timezone.override("Asia/Tokyo"):
        assert str(days.today()) == "2026-11-28"
    assert str(days.today()) == "2026-11-27"
