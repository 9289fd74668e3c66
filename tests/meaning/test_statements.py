"""What a log states in each of its layouts: where, and within which words."""

from __future__ import annotations

import pytest

from sessions.meaning.statements import statements_of
from sessions.parsing.pipeline import read_log

HEAD = "# Harbour\n\n"
LAYOUTS = [
    ("# Harbour\n", [(1, "Harbour")]),
    ("It stopped first. Then it ran.\n", [(1, "It stopped first. Then it ran.")]),  # short: one statement
    (
        "Some words come first. Then the crane stopped,\nand we restarted\nthe winch. It runs now.\n",
        [
            (1, "Some words come first."),
            (1, "Then the crane stopped, and we restarted the winch."),
            (3, "It runs now."),
        ],
    ),
    ("- [x] weigh the crane\n- [ ] paint the buoy\n", [(1, "weigh the crane"), (2, "paint the buoy")]),
    ("1. Weigh the crane\n   - with the *new* scales\n", [(1, "Weigh the crane"), (2, "with the new scales")]),
    ("**Cause**: the chain `rusted`\n**Fix**: a new one\n", [(1, "Cause: the chain rusted"), (2, "Fix: a new one")]),
    (
        "| When | What |\n|---|---|\n| 14:02 | uploads fail |\n| 14:09 | |\n",
        [(3, "14:02 | uploads fail"), (4, "14:09")],
    ),
    ("> the crane stops\n", [(1, "the crane stops")]),
    ("```\ncode says nothing\n```\n\n---\n\nwords do\n", [(7, "words do")]),
    ("", []),
]
NESTED = """# Harbour

## Problems

### The buoy drifts

- the chain rusted through
  - a new chain
| When | What |
|---|---|
| 14:02 | it drifts |
"""


@pytest.mark.parametrize(("log", "expected"), LAYOUTS)
def test_each_layout_is_cut_into_statements(log: str, expected: list[tuple[int, str]]) -> None:
    read = read_log("a.md", log.encode())
    assert [(s.line, s.text) for reading in read.readings for s in statements_of(reading)] == expected


@pytest.mark.parametrize(
    ("text", "heading", "upper", "parent"),
    [
        ("Harbour", "", "", ""),
        ("The buoy drifts", "Problems", "Harbour", ""),
        ("the chain rusted through", "The buoy drifts", "Problems", ""),
        ("a new chain", "The buoy drifts", "Problems", "the chain rusted through"),
        ("14:02 | it drifts", "The buoy drifts", "Problems", "When | What"),
    ],
)
def test_a_statement_knows_the_words_around_it(text: str, heading: str, upper: str, parent: str) -> None:
    (reading,) = read_log("a.md", NESTED.encode()).readings
    (found,) = [statement for statement in statements_of(reading) if statement.text == text]
    assert (found.heading, found.upper, found.parent) == (heading, upper, parent)


def test_the_sentences_of_a_paragraph_are_counted() -> None:
    (reading,) = read_log("a.md", b"The northern crane stopped. The tug went on. The buoy drifts.\n").readings
    assert [(s.turn, s.of) for s in statements_of(reading)] == [(0, 3), (1, 3), (2, 3)]


def test_a_long_statement_is_cut() -> None:
    (reading,) = read_log("a.md", b"- " + b"word " * 1000).readings
    assert [len(s.text) <= 400 for s in statements_of(reading)] == [True]
