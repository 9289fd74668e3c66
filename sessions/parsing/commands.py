"""Extracts commands."""

from __future__ import annotations

from sessions.parsing.reading import Reading
from sessions.records import CommandRecord


def extract_commands(reading: Reading) -> tuple[CommandRecord, ...]:
    return ()
