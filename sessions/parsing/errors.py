"""Extracts errors and the fixes that were tried on them."""

from __future__ import annotations

from sessions.parsing.reading import Reading
from sessions.records import ErrorRecord, FixRecord


def extract_errors(reading: Reading) -> tuple[tuple[ErrorRecord, ...], tuple[FixRecord, ...]]:
    return (), ()
