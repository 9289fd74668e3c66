"""Facets and filters: tokens of their own in the index, so that no query needs a join."""

from __future__ import annotations

from sessions.parsing.vocabulary import fold

# Filter name → what it means; the names of the query language.
FILTERS = {
    "type": "kind of record",
    "status": "status of an error or a session",
    "p": "priority of a next step",
    "is": "open, done, blocker or recurring",
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
    "is": ("open", "done", "blocker", "recurring"),
    "has": ("fix", "workingfix", "cause"),
}
# The facets that are counted beside the results, in order.
SHOWN = ("type", "status", "p", "project", "year")


def facet_token(name: str, value: str) -> str:
    """The token of a filter's value. It holds no space, and no word of a text can be equal to it."""
    return f"\u00a7{name}={'_'.join(fold(value).split())[:100]}"
