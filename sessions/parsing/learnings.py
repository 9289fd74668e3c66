"""Extracts learnings."""

from __future__ import annotations

from sessions.parsing.reading import Reading
from sessions.records import LearningRecord


def extract_learnings(reading: Reading) -> tuple[LearningRecord, ...]:
    return ()
