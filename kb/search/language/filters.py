"""The filters of the query language: their names, their meanings, and the values they accept."""

from __future__ import annotations

# Filter name → what it means.
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
    "meaning": "off: find only what contains the words, and not what means the same",
}
DATE_FILTERS = {
    "after": "first day: 2026-02-01, or 7d for seven days ago",
    "before": "first day left out: 2026-02-01, or 2w",
}
FILTER_VALUES: dict[str, tuple[str, ...]] = {
    "type": ("session", "error", "fix", "command", "step", "file", "learning", "decision", "commit", "line"),
    "status": ("fixed", "workaround", "partial", "open", "unknown", "complete", "blocked", "in_progress", "failed"),
    "p": ("0", "1", "2", "3"),
    "is": ("open", "done", "blocker", "recurring", "regressed", "held"),
    "has": ("fix", "workingfix", "cause"),
    "meaning": ("off", "on"),
}
# Values of these are alternatives ("type:error type:fix"); of the others all must hold ("is:open is:blocker").
ALTERNATIVES = ("type", "status", "p", "project", "file", "lang", "exception", "year")
# The facets that are counted beside the results, in order.
COUNTED_FACETS = ("type", "status", "p", "project", "lang", "exception", "file", "year")
