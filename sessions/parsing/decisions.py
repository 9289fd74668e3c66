"""Extracts decisions."""

from __future__ import annotations

from sessions.parsing.reading import Reading
from sessions.records import DecisionRecord


def extract_decisions(reading: Reading) -> tuple[DecisionRecord, ...]:
    return ()
