"""How each kind of record becomes a row: the only place where records and models meet."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import models

from sessions.models import (
    Command,
    Commit,
    Decision,
    Error,
    FileChange,
    Fix,
    Learning,
    NextStep,
    Objective,
    Record,
    SessionLog,
)
from sessions.records import Span

# How a record was found. It varies with the lines around it, so that it counts as no change of the record.
HOW_FOUND = ("found_by", "certainty")


@dataclass(frozen=True, slots=True)
class RecordRows:
    """A kind of record: its field in SessionRecord, its model, and the columns it fills.

    is_kept  rows that a person acted on outlive their record, marked as no longer in the log
    """

    name: str
    model: type[Record]
    columns: tuple[str, ...]
    lines: Callable[[Any], Span] = lambda record: record.lines
    is_kept: bool = False

    def values(self, record: Any) -> dict[str, Any]:
        """Returns the value of each column, cut to its length, with the line and the span."""
        first, last = self.lines(record)
        values = {column: _fit(self.model, column, getattr(record, column)) for column in self.columns}
        kept = {"in_log": True} if self.is_kept else {}
        return {**kept, "line": record.line, "first_line": first, "last_line": last, **values}

    def stated_in(self, sessions: Collection[SessionLog]) -> models.QuerySet[Record]:
        """Returns the rows of these sessions that are still in their log."""
        stated = {"in_log": True} if self.is_kept else {}
        return self.model._default_manager.filter(session__in=sessions, **stated)


def _fit(model: type[Record], column: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return [list(part) for part in value]
    field = model._meta.get_field(column)
    if value is None and not getattr(field, "null", False):
        return ""
    if isinstance(value, str) and isinstance(field, models.CharField) and field.max_length:
        return value[: field.max_length]
    return value


def _one_line(record: Any) -> Span:
    return (record.line, record.line)


def _mentioned(record: Any) -> Span:
    return next((span for span in record.mentions if span[0] <= record.line <= span[1]), _one_line(record))


RECORD_ROWS: tuple[RecordRows, ...] = (
    RecordRows("objectives", Objective, ("text", "done"), _one_line),
    RecordRows(
        "errors",
        Error,
        ("title", "message", "exception", "status", "severity", "root_cause", "mentions", "stated", *HOW_FOUND),
        _mentioned,
        is_kept=True,
    ),
    RecordRows("fixes", Fix, ("title", "detail", "outcome", "stated", *HOW_FOUND)),
    RecordRows("commands", Command, ("text", "language", "purpose", "cwd", "stated")),
    RecordRows("next_steps", NextStep, ("text", "detail", "priority", "blocker", "done", "stated", *HOW_FOUND)),
    RecordRows("files", FileChange, ("path", "action", "lines_changed", "description"), _one_line),
    RecordRows("learnings", Learning, ("text", "stated")),
    RecordRows("decisions", Decision, ("text", "rationale", "stated", *HOW_FOUND)),
    RecordRows("commits", Commit, ("hash", "message"), _one_line),
)
