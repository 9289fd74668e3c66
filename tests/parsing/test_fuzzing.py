"""Spoiled logs are read without fail, and all that must hold of a log holds; `bench/fuzzing.py` tries more of them."""

from __future__ import annotations

import random

import pytest

from tests.parsing.invariants import read_and_check
from tests.parsing.mutations import seeds, spoiled

LOGS = seeds()
CASES_A_BATCH = 100


@pytest.mark.parametrize("batch", range(8))
def test_spoiled_logs_are_read(batch: int) -> None:
    for number in range(CASES_A_BATCH):
        name = f"{batch} {number}"
        text = spoiled(LOGS, random.Random(name))
        try:
            read_and_check(text)
        except Exception as problem:
            raise AssertionError(f"case {name!r}: {problem!r}\n{text}") from problem


def test_a_case_is_the_same_each_time() -> None:
    assert spoiled(LOGS, random.Random("a seed")) == spoiled(LOGS, random.Random("a seed"))


def test_words_that_nobody_wrote_are_found() -> None:
    """The check itself: it would see two words that were made one."""
    read = read_and_check("## Next Steps\n\n- measure a`b once more\n")
    assert read.record.sessions[0].next_steps[0].text == "measure a`b once more"


@pytest.mark.parametrize(
    "text",
    [
        "## Errors\n\n- Error: ~",
        "Error: *",
        "**Error**: ** **",
        "- Error: ~ \u2003 ~",
        "- Error: ~ * ~\n- **Fix**: ~",
        "## Errors\n\n- ²: failed\n- Error: ²\n- Issue #²: it failed",
        "²) first\n\n2². it failed",
        "```bash\n" + "sudo " * 5000 + "ls\n```",
        "> " * 400 + "- Error: it failed",
        "- " * 400 + "Error: it failed",
        "| Error |\n|---|\n| |\n| ~ |",
        "---\ntitle:\n---",
        '---\ntitle: ""\n---\n',
        "**Duration**: ½ h\n**Date**: 2026-²²-30\n**Status**: ²%",
    ],
)
def test_what_once_failed_or_might(text: str) -> None:
    read_and_check(text)
