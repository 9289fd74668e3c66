"""Entries as plain rows: a page needs dozens, and model instances cost more than the query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from kb.models import EntryKind, SearchEntry
from kb.search.index.compiled import CompiledQuery

_COLUMNS = (
    *("pk", "kind", "object_id", "session_id", "line", "title", "body"),
    *("session__title", "session__date", "session__project__name"),
)
_ROWS = CompiledQuery(lambda ids: SearchEntry.objects.filter(pk__in=ids).values_list(*_COLUMNS))


class EntryRow(NamedTuple):
    """An entry with what results show of its session."""

    pk: int
    kind: int
    object_id: int
    session_id: int
    line: int
    title: str
    body: str
    session_title: str
    date: dt.date | None
    project: str

    @property
    def label(self) -> str:
        return EntryKind(self.kind).label

    @property
    def day(self) -> int:
        """Days since year 1, or 0 if undated."""
        return self.date.toordinal() if self.date else 0


def entry_rows(ids: Sequence[int]) -> dict[int, EntryRow]:
    """Returns rows by entry id, without entries that were deleted in the meantime."""
    return {row[0]: EntryRow(*row) for row in _ROWS.rows(ids)}
