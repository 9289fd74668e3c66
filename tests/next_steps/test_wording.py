"""Which words are the same step, and which tell that a step was done."""

from __future__ import annotations

import pytest

from kb.next_steps.wording import REPORTED, SAME, Words, normalised, reported_by, similarity

SAME_STEP = [
    ("Rotate the gateway certificate", "Rotate the expired gateway certificate"),
    ("Migrate the ledger to partitions", "Ledger migration to partitions"),
    ("Write tests for tariff_rules.py", "Write more tests for tariff_rules.py (2 hours)"),
    ("Verbindung zum Zollserver prüfen", "Die Verbindung zum Zollserver prüfen"),
    ("Настроить резервное копирование базы", "Настроить резервное копирование базы данных"),
]
ANOTHER_STEP = [
    ("Sign the contract with Norvik", "Sign the contract with Balder"),
    ("Write tests for tariff_rules.py", "Write tests for berth_plan.py"),
    ("Task 7: load the manifest", "Task 8: load the manifest"),
    ("Rotate the gateway certificate", "Order new chairs for the office"),
    ("Deploy", "Deploy to staging"),
]


@pytest.mark.parametrize(("one", "other"), SAME_STEP)
def test_steps_reworded_are_the_same(one: str, other: str) -> None:
    score, shared = similarity(Words.of(one), Words.of(other))
    assert score >= SAME
    assert shared


@pytest.mark.parametrize(("one", "other"), ANOTHER_STEP)
def test_steps_about_another_thing_differ(one: str, other: str) -> None:
    assert similarity(Words.of(one), Words.of(other))[0] < SAME


@pytest.mark.parametrize(
    "text", ["P0: Rotate the key", "[P1] Rotate the key.", "2. rotate the KEY", "Rotate the key (P3)."]
)
def test_priority_numbers_and_marks_are_no_words(text: str) -> None:
    assert normalised(text) == "rotate the key"


@pytest.mark.parametrize(
    ("step", "told", "tells"),
    [
        ("Rotate the gateway certificate", "Rotated the gateway certificate and restarted nginx", True),
        ("Add an index on ledger_lines.closed_on", "feat: index on ledger_lines.closed_on", True),
        ("Rotate the gateway certificate", "The gateway answers 502", False),
        ("Add an index on ledger_lines.closed_on", "Add an index on ledger_lines.opened_on", False),
        ("Deploy to staging", "Fixed the parser, its tests, the docs, and the deploy script of staging", False),
    ],
)  # fmt: skip
def test_a_record_tells_of_a_step(step: str, told: str, tells: bool) -> None:
    assert (reported_by(Words.of(step), Words.of(told))[0] >= REPORTED) is tells
