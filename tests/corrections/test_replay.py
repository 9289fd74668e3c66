"""Corrections over edited logs: none is lost without saying so, and none is applied to something else."""

from __future__ import annotations

from random import Random

import pytest

from kb.corrections.applying import apply
from tests.corrections.edits import edited, random_corrections, read, replay

_THINGS = (
    "label printer",
    "depot list",
    "parcel scanner",
    "route planner",
    "tariff table",
    "customs form",
    "pallet lift",
)
_FAILS = ("refuses the new format", "loses its last entry", "stops after 40 items", "answers with code 502")
_STEPS = ("Order", "Check", "Replace", "Document", "Measure")


def generated(random: Random) -> str:
    """A log of a few errors with fixes, commands, steps and learnings, some of them alike."""
    lines = ["# Session: Depot work", "", "**Date**: 2026-03-01", "", "## Errors", ""]
    for number in range(1, random.randint(3, 7)):
        thing, fails = random.choice(_THINGS), random.choice(_FAILS)
        lines += [f"### Issue {number}: The {thing} {fails}", f"- **Root Cause**: the {random.choice(_THINGS)}"]
        lines += [f"- **Fix**: changed the {random.choice(_THINGS)}", "- **Result**: ✅ Fixed", ""]
    lines += [
        "## Commands",
        "",
        "```bash",
        *(f"parcels check --part {n}" for n in range(random.randint(1, 4))),
        "```",
        "",
    ]
    lines += ["## Next Steps", ""]
    lines += [f"- [ ] {random.choice(_STEPS)} the {random.choice(_THINGS)}" for _ in range(random.randint(2, 6))]
    lines += ["", "## Learnings", ""]
    lines += [f"- The {random.choice(_THINGS)} needs the {random.choice(_THINGS)}" for _ in range(random.randint(1, 4))]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(40))
def test_no_correction_is_lost_without_saying_so(seed: int) -> None:
    random = Random(seed)
    text = generated(random)
    corrections = random_corrections(text, random)
    fates = list(replay(text, corrections, edited(text, random, random.randint(1, 10))))
    assert len(fates) == len(corrections)
    assert [fate for fate in fates if fate.name == "wrong"] == []


@pytest.mark.parametrize("seed", range(10))
def test_applying_twice_gives_the_same(seed: int) -> None:
    random = Random(seed)
    text = generated(random)
    corrections = random_corrections(text, random)
    first = apply(read(text), text, corrections)
    for outcome in first.outcomes:
        outcome.remember()
    assert apply(read(text), text, corrections).record == first.record


def test_lines_above_move_a_correction_and_change_nothing() -> None:
    random = Random(3)
    text = generated(random)
    corrections = random_corrections(text, random)
    longer = text.replace("**Date**", "**Author**: the depot team\n**Date**", 1)
    outcomes = apply(read(longer), longer, corrections).outcomes
    assert not any(outcome.is_lost for outcome in outcomes)
    assert [outcome.place["line"] - outcome.correction.line for outcome in outcomes] == [1] * len(corrections)
