"""Reads what a session says of itself: title, dates, duration, status, type, summary."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessions.parsing.reading import Reading
from sessions.records import SessionStatus


@dataclass(frozen=True, slots=True)
class Metadata:
    """A session's own data; raw text is kept beside each normalised value, unknown stays None or empty."""

    title: str = ""
    date: str | None = None
    ended: str | None = None
    duration_minutes: int | None = None
    duration_text: str = ""
    status: SessionStatus | None = None
    status_text: str = ""
    type: str = ""
    pairs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


def extract_metadata(reading: Reading) -> Metadata:
    return Metadata()
