"""The board: its orders, what it flags as dropped, and a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from kb.importing import Imported
from kb.models import TrackedStep, without_priority
from kb.next_steps import triage
from kb.next_steps.triage import Action
from kb.queries.board import (
    LIVE_GROUP,
    OTHERS_GROUP,
    BoardFilter,
    board,
    board_rows,
    count_states,
    dropped_apart,
)
from kb.queries.sessions import open_blockers
from sessions.models import NextStep
from tests.next_steps.conftest import Leave

Find = Callable[..., TrackedStep]
TODAY = dt.date(2026, 3, 20)


def texts(**wanted: str) -> list[str]:
    return [item.text.split()[-1] for item in board(BoardFilter(**wanted), TODAY)]


@pytest.fixture
def steps(leave: Leave) -> None:
    leave("2026-03-01", "- [ ] P2: Buy stamps", "- [ ] P0: Rotate certificate")
    leave("2026-03-05", "- [ ] P0: Fix the blocked crane (blocker)", "- [ ] Paint doors", "- [x] Call harbourmaster")
    leave("2026-03-19", "- [ ] P1: Grease hinges", "- [ ] P3: Sweep floors")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["hinges", "stamps", "floors", "doors"]),
        ({"sort": "oldest"}, ["stamps", "certificate", "(blocker)", "doors", "hinges", "floors"]),
        ({"sort": "fair"}, ["hinges", "floors", "stamps", "certificate", "(blocker)", "doors"]),
        ({"sort": "latest", "priority": "P0"}, ["(blocker)", "certificate"]),
        ({"priority": "none"}, ["doors"]),
        ({"state": "done"}, ["harbourmaster"]),
        ({"words": "hinges grease"}, ["hinges"]),
        ({"project": "nowhere"}, []),
        ({"group": "age"}, ["hinges", "floors", "(blocker)", "certificate", "stamps", "doors"]),
    ],
)
def test_orders_and_filters(steps: None, wanted: dict[str, str], expected: list[str]) -> None:
    assert texts(**wanted) == expected


@pytest.mark.parametrize(
    ("text", "shown", "said"),
    [
        ("P0: Rotate the certificate", "", "Rotate the certificate"),
        ("**P0**: Rotate the certificate", "P0", "Rotate the certificate"),
        ("P1：Rotate the certificate", "P1", "Rotate the certificate"),
        ("[P1] Rotate the certificate", "P1", "Rotate the certificate"),
        ("(P2) Rotate the certificate", "P2", "Rotate the certificate"),
        ("P2 — Rotate the certificate", "P2", "Rotate the certificate"),
        ("Rotate the certificate (P3)", "P3", "Rotate the certificate"),
        ("P0: Rotate the certificate", "P1", "P0: Rotate the certificate"),
        ("P0-1: Rotate the certificate", "P0", "P0-1: Rotate the certificate"),
        ("P1.2 is the crane to paint", "P1", "P1.2 is the crane to paint"),
        ("P1/P2 berths", "P1", "P1/P2 berths"),
        ("P0:", "P0", "P0:"),
    ],
)
def test_a_step_does_not_say_the_priority_that_stands_beside_it(text: str, shown: str, said: str) -> None:
    assert without_priority(text, shown) == said


def test_live_blockers_come_first_and_dropped_ones_stand_apart(steps: None) -> None:
    early = dt.date(2026, 3, 7)
    live = [step.text.split()[-1] for step in board(BoardFilter(), early)]
    assert live == ["(blocker)", "certificate", "hinges", "stamps", "floors", "doors"]
    assert not dropped_apart(BoardFilter(), early)
    assert [step.text.split()[-1] for step in dropped_apart(BoardFilter(), TODAY)] == ["(blocker)", "certificate"]
    rows = board_rows(list(board(BoardFilter(), early)), "live", early)
    assert [row.group for row in rows][:3] == [LIVE_GROUP, LIVE_GROUP, OTHERS_GROUP]


def test_a_blocker_without_a_priority_comes_behind_the_first_priority(leave: Leave) -> None:
    leave(
        "2026-03-19",
        "- [ ] P1: Grease hinges",
        "- [ ] Order the rope, which blocks the mooring",
        "- [ ] P0: Rotate keys",
    )
    NextStep.objects.filter(text__contains="rope").update(blocker=True)
    assert texts() == ["keys", "mooring", "hinges"]


def test_the_first_page_begins_with_what_lives(leave: Leave) -> None:
    leave("2024-01-01", "- [ ] P0: Replace the lighthouse lamp")
    leave("2026-03-18", "- [ ] P0: Dredge the northern basin", path="later.md")
    leave("2026-03-01", "- [ ] P0: Chart the reef", project="atoll")
    blockers = open_blockers(TODAY)
    assert [str(row.tracked_step) for row in blockers.live] == ["Dredge the northern basin"]
    assert [str(row.tracked_step) for row in blockers.dropped] == ["Chart the reef"]
    assert blockers.dropped_count == 2


def test_people_narrow_and_group(steps: None, step_of: Find, engineer: User) -> None:
    triage.act([step_of("hinges")], Action.ASSIGNED, engineer, "dana")
    assert texts(person="dana") == ["hinges"]
    assert "hinges" not in texts(person="-")
    rows = board_rows(list(board(BoardFilter(group="person"), TODAY)), "person", TODAY)
    assert [row.group for row in rows][:2] == ["dana", "nobody"]


@pytest.mark.parametrize(
    ("day", "sessions", "dropped"),
    [
        (dt.date(2026, 3, 6), 1, False),  # one session later says nothing of it yet
        (dt.date(2026, 3, 6), 3, True),
        (dt.date(2026, 3, 20), 1, True),  # fourteen days
        (dt.date(2026, 3, 20), 0, True),
    ],
)
def test_a_blocker_that_nobody_mentions_is_flagged(leave: Leave, day: dt.date, sessions: int, dropped: bool) -> None:
    leave("2026-03-01", "- [ ] P0: Rotate certificate", "- [ ] P1: Grease hinges")
    for number in range(sessions):
        leave(f"2026-03-0{number + 2}", "- [ ] Something else", path=f"later-{number}.md")
    assert [item.text for item in board(BoardFilter(state="dropped"), day)] == ["P0: Rotate certificate"] * dropped
    assert count_states(BoardFilter(), day)["dropped"] == dropped


def test_a_blocker_without_a_date_is_earlier_than_all_that_have_one(
    leave: Leave, ingest: Callable[..., Imported]
) -> None:
    ingest("# Session\n\n## Next Steps\n\n- [ ] P0: Rotate certificate\n", path="harbor/undated.md")
    day = dt.date(2026, 3, 9)
    assert count_states(BoardFilter(), day)["dropped"] == 0
    for number in range(5):
        leave(f"2026-03-0{number + 2}", "- [ ] Something else", path=f"later-{number}.md")
    assert [item.text for item in board(BoardFilter(state="dropped"), day)] == ["P0: Rotate certificate"]


def test_the_states_are_those_of_what_the_filters_leave(steps: None) -> None:
    everything, p0 = count_states(BoardFilter(), TODAY), count_states(BoardFilter(priority="P0"), TODAY)
    assert 0 < p0["open"] < everything["open"]
    assert count_states(BoardFilter(words="hinges", state="done"), TODAY)["open"] == 1


def test_the_limits_are_settings(leave: Leave, settings: Settings) -> None:
    leave("2026-03-01", "- [ ] P0: Rotate certificate")
    settings.DROPPED_AFTER_DAYS = 2
    assert count_states(BoardFilter("harbor"), dt.date(2026, 3, 3))["dropped"] == 1


def test_a_row_has_its_commands_and_age(leave: Leave) -> None:
    leave("2026-03-01", "- [ ] P0: Rotate certificate", "  ```bash", "  certctl rotate --gateway", "  ```")
    (row,) = board_rows(list(board(BoardFilter(sort="oldest"), TODAY)), "", TODAY)
    assert ([command.text for command in row.commands], row.days) == (["certctl rotate --gateway"], 19)


def test_more_items_ask_no_more_queries(
    signed_in: Client, leave: Leave, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    leave("2026-03-01", *(f"- [ ] P{n % 4}: Count container number {n}" for n in range(120)))
    with django_assert_max_num_queries(14):
        found = signed_in.get("/next-steps/?group=project").content.decode()
    assert found.count('class="row is-item"') == 50


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("P0: Rotate it", "Rotate it"), ("[P1] Rotate it", "Rotate it"), ("Rotate it (P2)", "Rotate it"),
        ("P0", "P0"), ("P0 lists are long", "P0 lists are long"),
        ("Rotate the P0 list", "Rotate the P0 list"), ("**P3** — Rotate it", "Rotate it"),
    ],
)  # fmt: skip
def test_the_written_priority_is_not_said_twice(text: str, shown: str) -> None:
    assert str(TrackedStep(text=text)) == shown
