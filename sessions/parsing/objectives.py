"""Extracts objectives."""

from __future__ import annotations

from sessions.parsing.reading import Reading
from sessions.records import ObjectiveRecord


def extract_objectives(reading: Reading) -> tuple[ObjectiveRecord, ...]:
    return ()
