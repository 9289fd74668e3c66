"""Titles: the statement that tells something, not the name of its part, in scripts with spaces and without."""

from __future__ import annotations

import numpy as np
import pytest

from sessions.meaning.candidates import Candidate
from sessions.meaning.encoder import DIMENSIONS
from sessions.meaning.senses import SENSES, Assessed, Sense
from sessions.meaning.wording import names_nothing, title_of
from tests.meaning.conftest import evidence


@pytest.mark.parametrize(
    "text", ["Problem", "Solution Applied", "Lösung gefunden", "Обзор проблемы", "根本原因", "38 %", "…"]
)
def test_the_name_of_a_part_is_no_title(text: str) -> None:
    assert names_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "The crane stopped",
        "Der Kran fuhr rückwärts los",
        "Кран остановился",
        "クレーンの修正後にまた止まった",
        "起重机修复后又停了",
    ],
)
def test_what_happened_is_a_title(text: str) -> None:
    assert not names_nothing(text)


def test_a_heading_that_only_names_the_part_gives_way_to_what_is_below_it() -> None:
    found = evidence("# 2026-03-02\n\n## Solution Applied\n\n- the crane now waits for the ferry\n").statements
    nothing = np.zeros((len(found), DIMENSIONS), dtype=np.float32)
    assessed = Assessed(found, nothing, nothing, np.zeros((len(found), len(SENSES)), dtype=np.float32))
    assert title_of(Candidate(Sense.REPAIR, None, [1, 2]), assessed) == "the crane now waits for the ferry"
    assert title_of(Candidate(Sense.REPAIR, None, [1]), assessed) == "Solution Applied"
