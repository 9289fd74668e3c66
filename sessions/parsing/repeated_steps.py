"""Steps that a session states again, as in a second list: the first of them is completed."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from rapidfuzz import fuzz

from sessions.records import NextStepRecord
from sessions.text import comparable

_SAME_STEP = 86  # percent of similarity from which steps of two lists are the same
_SEVERAL = 4  # words
_SHORTEST = 12  # characters below which only equal texts are the same step
_BRACKETS = re.compile(r"[(（][^()（）]{1,80}[)）]")


def add_step(step: NextStepRecord, steps: list[NextStepRecord], earlier: int) -> None:
    """Adds a step, or completes the one among the first `earlier` steps that states it already."""
    at = next((n for n in range(earlier) if _is_same_step(step.text, steps[n].text)), None)
    if at is None:
        steps.append(step)
    else:
        first = steps[at]
        steps[at] = replace(
            first,
            priority=first.priority or step.priority,
            blocker=first.blocker or step.blocker,
            done=first.done and step.done,
        )


def _is_same_step(one: str, other: str) -> bool:
    (words, bare), (others, other_bare) = _compared(one), _compared(other)
    if words == others or bare == other_bare:
        return True
    # A few words are easily part of another step, so they must match as a whole
    alike = fuzz.token_set_ratio if min(len(words.split()), len(others.split())) >= _SEVERAL else fuzz.token_sort_ratio
    return min(len(words), len(others)) >= _SHORTEST and alike(words, others) >= _SAME_STEP


@lru_cache(maxsize=1024)
def _compared(text: str) -> tuple[str, str]:
    """Returns the words of a step, and those outside of brackets, which say how long it takes or how it stands."""
    words = comparable(text)
    return words, comparable(_BRACKETS.sub(" ", text)) or words
