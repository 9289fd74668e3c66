"""Brings rows in line with records: same key, else most alike, else new; what is left over goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from rapidfuzz import fuzz

from sessions.models import Record, SessionLog
from sessions.storing.keys import identity, keyed
from sessions.storing.rows import RecordRows

Row = TypeVar("Row")
New = TypeVar("New")

_IN_LOG = "in_log"  # the field of the models whose rows are kept
_ALIKE = 70  # percent of likeness (rapidfuzz ratio) from which an edited record is still the same record
_MOST_COMPARED = 200  # rows of a kind beyond which an edit is matched by key alone: likeness costs a product


# Which rows of a model a person dealt with, by their numbers.
Touched = Callable[[type[Record], Sequence[int]], set[int]]


@dataclass(slots=True)
class Change:
    """How many records an import added, changed and removed; `kept` vanished too, but a person had dealt with them."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0


def pair_rows(
    old: Mapping[str, Row],
    new: Mapping[str, New],
    words_of_row: Callable[[Row], str],
    words_of_new: Callable[[New], str],
    alike: int = _ALIKE,
) -> list[tuple[str, Row | None, New]]:
    """For each new record, in order: its key, the row that is the same record (or None), and the record."""
    spare = {key: row for key, row in old.items() if key not in new}
    found: dict[str, Row] = {key: old[key] for key in new if key in old}
    waiting = {key: record for key, record in new.items() if key not in old}
    if len(spare) * len(waiting) <= _MOST_COMPARED**2:
        scores = (
            (fuzz.ratio(words_of_row(row), words_of_new(record)), old_key, key)
            for old_key, row in spare.items()
            for key, record in waiting.items()
        )
        for _score, old_key, key in sorted((s for s in scores if s[0] >= alike), reverse=True):
            if old_key in spare and key not in found:
                found[key] = spare.pop(old_key)
    return [(key, found.get(key), record) for key, record in new.items()]


def write_rows(
    session: SessionLog,
    rows: RecordRows,
    records: Sequence[Any],
    change: Change,
    touched: Touched,
    *,
    is_new: bool = False,
) -> list[Any]:
    """Writes one kind of records of a session; the rows come back in the order of the records."""
    old: dict[str, Record] = {}
    if not is_new:
        old = {row.key: row for row in rows.model._default_manager.filter(session=session)}
    new = dict(keyed(records, identity))
    pairs = pair_rows(old, new, _words, identity)
    kept = {row.pk for _key, row, _record in pairs if row is not None}
    gone = [row.pk for row in old.values() if row.pk not in kept]
    if gone:
        _let_go(rows, gone, change, touched)
    return _write(session, rows, pairs, change)


def _let_go(rows: RecordRows, gone: Sequence[int], change: Change, touched: Touched) -> None:
    kept = touched(rows.model, gone) if rows.is_kept else set()
    if kept:
        change.kept += rows.model._default_manager.filter(pk__in=kept, **{_IN_LOG: True}).update(**{_IN_LOG: False})
    rows.model._default_manager.filter(pk__in=set(gone) - kept).delete()
    change.removed += len(gone) - len(kept)


def _write(
    session: SessionLog, rows: RecordRows, pairs: Sequence[tuple[str, Record | None, Any]], change: Change
) -> list[Record]:
    written, fresh, edited = [], [], []
    for position, (key, row, record) in enumerate(pairs):
        values = {"key": key, "position": position, **rows.values(record)}
        if row is None:
            row = rows.model(session=session, **values)
            fresh.append(row)
        elif any(getattr(row, column) != value for column, value in values.items()):
            _free_key(rows, row, key)
            for column, value in values.items():
                setattr(row, column, value)
            edited.append(row)
        written.append(row)
    if not written:
        return written
    manager = rows.model._default_manager
    columns = [*([_IN_LOG] if rows.is_kept else []), "line", "first_line", "last_line", *rows.columns]
    if edited:
        manager.bulk_update(edited, ["key", "position", *columns], batch_size=200)
    manager.bulk_create(fresh, batch_size=500)
    change.added += len(fresh)
    change.changed += len(edited)
    return written


def _free_key(rows: RecordRows, row: Record, key: str) -> None:
    """Two records may swap keys; a key in waiting keeps the unique constraint content meanwhile."""
    if row.key != key:
        rows.model._default_manager.filter(pk=row.pk).update(key=f"~{row.pk}")


def _words(row: Record) -> str:
    return str(row)
