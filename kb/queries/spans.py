"""The lines that belong to what entries of the search index show."""

from __future__ import annotations

from collections.abc import Sequence

from kb.models import EntryKind
from kb.search.index.entries import EntryRow
from sessions.models import Command, Commit, Decision, Error, FileChange, Fix, Learning, NextStep, SessionLog
from sessions.records import Span

_MODELS = {
    EntryKind.SESSION: SessionLog,
    EntryKind.ERROR: Error,
    EntryKind.FIX: Fix,
    EntryKind.COMMAND: Command,
    EntryKind.NEXT_STEP: NextStep,
    EntryKind.FILE: FileChange,
    EntryKind.LEARNING: Learning,
    EntryKind.DECISION: Decision,
    EntryKind.COMMIT: Commit,
}


def spans_of(entries: Sequence[EntryRow]) -> dict[int, Span]:
    """Returns the first and last line of each entry by its id, in a query for each kind among them."""
    spans = {entry.pk: (entry.line, entry.line) for entry in entries}
    for kind, model in _MODELS.items():
        of_kind = {entry.object_id: entry.pk for entry in entries if entry.kind == kind}
        rows = model._default_manager.filter(pk__in=of_kind).values_list("pk", "first_line", "last_line")
        for pk, first, last in rows if of_kind else ():
            spans[of_kind[pk]] = (first, last)
    return spans
