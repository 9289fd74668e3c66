"""Extracts next_steps."""

from __future__ import annotations

from sessions.parsing.reading import Reading
from sessions.records import NextStepRecord


def extract_next_steps(reading: Reading) -> tuple[NextStepRecord, ...]:
    return ()
