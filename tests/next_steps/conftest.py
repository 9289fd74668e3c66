"""Logs that leave steps, for the tests of items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from kb.importing import Imported
from kb.models import TrackedStep
from kb.queries.board import steps_with_status

Leave = Callable[..., Imported]


@pytest.fixture
def leave(ingest: Callable[..., Imported]) -> Leave:
    """Imports a session that leaves steps: leave("2026-03-01", "- [ ] P0: Rotate it", told="## Fixes …")."""

    def _leave(day: str, *steps: str, told: str = "", path: str = "", project: str = "harbor") -> Imported:
        text = f"# Session of {day}\n\n**Date**: {day}\n\n{told}\n\n## Next Steps\n\n" + "\n".join(steps) + "\n"
        return ingest(text, path=path or f"{project}/{day}.md", project=project)

    return _leave


@pytest.fixture
def step_of(db: None) -> Callable[[str], TrackedStep]:
    """The item whose text holds some words, with how it stands on a day."""

    def _step_of(words: str, day: dt.date | None = None) -> TrackedStep:
        return steps_with_status(day or dt.date(2026, 4, 1)).get(text__icontains=words)

    return _step_of
