"""Extracts commits."""

from __future__ import annotations

from sessions.parsing.reading import Reading
from sessions.records import CommitRecord


def extract_commits(reading: Reading) -> tuple[CommitRecord, ...]:
    return ()
