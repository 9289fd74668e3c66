"""The second reader of this installation, if it has one."""

from __future__ import annotations

from django.conf import settings

from sessions.meaning.second_reader import SecondReader


def second_reader() -> SecondReader | None:
    """Returns who is asked about doubtful statements, or None if SECOND_READER_URL is not set."""
    if not settings.SECOND_READER_URL:
        return None
    return SecondReader(
        settings.SECOND_READER_URL,
        settings.SECOND_READER_MODEL,
        settings.SECOND_READER_KEY,
        settings.SECOND_READER_SECONDS,
    )


def taken_from() -> float | None:
    """Returns the certainty from which its answers are taken, or None if a person decides on all of them."""
    return settings.SECOND_READER_TAKEN_FROM / 100 or None
