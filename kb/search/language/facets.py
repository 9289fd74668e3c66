"""Facets and filters: tokens of their own in the index, so that no query needs a join."""

from __future__ import annotations

import datetime as dt

from sessions.parsing.vocabulary import fold

# Filter name → what it means; the names of the query language.
FILTERS = {
    "type": "kind of record",
    "status": "status of an error or a session",
    "p": "priority of a next step",
    "is": "open, done or blocker; recurring, regressed or held",
    "has": "an error with a fix, a working fix or a cause",
    "project": "project",
    "file": "a file the record names or its session changed",
    "lang": "language of a command",
    "exception": "exception class or error code",
    "year": "year of the session",
}
FILTER_VALUES: dict[str, tuple[str, ...]] = {
    "type": ("session", "error", "fix", "command", "step", "file", "learning", "decision", "commit"),
    "status": ("fixed", "workaround", "partial", "open", "unknown", "complete", "blocked", "in_progress", "failed"),
    "p": ("0", "1", "2", "3"),
    "is": ("open", "done", "blocker", "recurring", "regressed", "held"),
    "has": ("fix", "workingfix", "cause"),
}
# The facets that are counted beside the results, in order.
SHOWN = ("type", "status", "p", "project", "lang", "exception", "file", "year")
# Values of these are alternatives ("type:error type:fix"); of the others all must hold ("is:open is:blocker").
ALTERNATIVES = ("type", "status", "p", "project", "file", "lang", "exception", "year")

FACET = "\u00a7"  # begins every token that is no word


EVERYTHING = f"{FACET}all"


def facet_token(name: str, value: str) -> str:
    """The token of a filter's value. It holds no space, and no word of a text can be equal to it."""
    return f"{FACET}{name}={'_'.join(fold(value).split())[:100]}"


def day_tokens(day: dt.date | None) -> list[str]:
    """The year, month and day of a session, for filters and for "newest first"."""
    if day is None:
        return []
    text = day.isoformat()
    return [facet_token("year", text[:4]), facet_token("month", text[:7]), facet_token("day", text)]


def size_tokens(title: int, body: int) -> list[str]:
    """How many tokens an entry has, in steps of the root of two: a short one that holds a word is more about it."""
    return [facet_token("title-size", _step(title)), facet_token("size", _step(title + body))]


def _step(count: int) -> str:
    return str((count * count).bit_length())


def size_of(token: str) -> float:
    """Tokens of an entry that has a size token, in the middle of its step."""
    return float(2 ** ((int(facet_name(token)[1]) - 0.5) / 2))


def facet_name(token: str) -> tuple[str, str]:
    """The name of the filter and the value that a facet's token stands for."""
    name, _, value = token.removeprefix(FACET).partition("=")
    return name, value
