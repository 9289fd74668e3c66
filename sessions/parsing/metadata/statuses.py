"""The overall status of a session, from the words and glyphs of a status line."""

from __future__ import annotations

import re

from sessions.parsing.vocabulary import fold, table
from sessions.records import SessionStatus

_GLYPHS: dict[str, SessionStatus] = {
    "✅": "complete", "✓": "complete", "✔": "complete", "🟢": "complete", "☑": "complete", "🎉": "complete",
    "⚠": "partial", "🟡": "partial", "🟠": "partial",
    "⏸": "blocked", "⛔": "blocked", "🛑": "blocked",
    "🔄": "in_progress", "🚧": "in_progress", "⏳": "in_progress", "🔜": "in_progress",
    "❌": "failed", "🔴": "failed", "✗": "failed",
}  # fmt: skip
_PERCENT = re.compile(r"(?<!\d)(\d{1,3})\s?%")


def status_of(text: str) -> SessionStatus | None:
    """Returns the status a text states. Two different ones, or an open part beside a finished one, make it partial."""
    stated: list[SessionStatus] = [match.meaning for match in table("statuses").find_all(text)]
    glyphs = [_GLYPHS[character] for character in text if character in _GLYPHS]
    kinds = set(stated) or set(glyphs)
    if not kinds:
        return _by_percent(text)
    if kinds == {"complete"} and glyphs and set(glyphs) & {"partial", "failed", "in_progress", "blocked"}:
        return "partial"
    if len(kinds) == 1:
        only = kinds.pop()
        share = _by_percent(text)
        return "partial" if only == "complete" and share == "partial" else only
    if "complete" in kinds or "partial" in kinds:
        return "partial"
    return (stated or glyphs)[0]


def ends_with_status(title: str) -> bool:
    """Whether a part of a title ends by saying how it ended: "Rebuild of the gate complete".

    A failure at its end is what the session is about.
    """
    matches = list(table("statuses").find_all(title))
    return bool(matches) and matches[-1].end == len(fold(title)) and matches[-1].meaning != "failed"


def _by_percent(text: str) -> SessionStatus | None:
    percent = _PERCENT.search(text)
    if percent is None:
        return None
    return "complete" if int(percent[1]) == 100 else "partial"
