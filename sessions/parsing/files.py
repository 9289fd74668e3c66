"""Extracts files."""

from __future__ import annotations

from sessions.parsing.reading import Reading
from sessions.records import FileRecord


def extract_files(reading: Reading) -> tuple[FileRecord, ...]:
    return ()
