"""Brings the rows of a session in line with its records: by key, else by likeness, else as new rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from rapidfuzz import fuzz

from sessions.models import Record, SessionLog
from sessions.storing.keys import identity, keyed
from sessions.storing.rows import HOW_FOUND, RecordRows

Row = TypeVar("Row")
New = TypeVar("New")

# Returns those rows of a model, by primary key, that a person has acted on.
Touched = Callable[[type[Record], Sequence[int]], set[int]]

_IN_LOG = "in_log"  # the field of the models whose rows may outlive their record
_ALIKE = 70  # percent of likeness (rapidfuzz ratio) from which an edited record is still the same record
_MOST_COMPARED = 200  # rows of a kind beyond which rows are matched by key only: comparing costs their product


@dataclass(slots=True)
class RecordChanges:
    """How many records an import added, changed and removed. `kept` ones vanished, but a person had acted on them."""

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
    """Returns (key, row, record) for each new record, in order; the row is None for a record that had none."""
    spare = {key: row for key, row in old.items() if key not in new}
    paired: dict[str, Row] = {key: old[key] for key in new if key in old}
    unpaired = {key: record for key, record in new.items() if key not in old}
    if len(spare) * len(unpaired) <= _MOST_COMPARED**2:
        scores = (
            (fuzz.ratio(words_of_row(row), words_of_new(record)), old_key, key)
            for old_key, row in spare.items()
            for key, record in unpaired.items()
        )
        for _score, old_key, key in sorted((s for s in scores if s[0] >= alike), reverse=True):
            if old_key in spare and key not in paired:
                paired[key] = spare.pop(old_key)
    return [(key, paired.get(key), record) for key, record in new.items()]


def write_rows(
    session: SessionLog,
    rows: RecordRows,
    records: Sequence[Any],
    changes: RecordChanges,
    touched: Touched,
    *,
    is_new: bool = False,
) -> list[Any]:
    """Writes the records of one kind of a session and adds to `changes`. Returns the rows in the records' order."""
    old: dict[str, Record] = {}
    if not is_new:
        old = {row.key: row for row in rows.model._default_manager.filter(session=session)}
    new = dict(keyed(records, identity))
    pairs = pair_rows(old, new, lambda row: row.stated or str(row), identity)
    paired = {row.pk for _key, row, _record in pairs if row is not None}
    vanished = [row.pk for row in old.values() if row.pk not in paired]
    if vanished:
        _remove_vanished(rows, vanished, changes, touched)
    return _write(session, rows, pairs, changes)


def _remove_vanished(rows: RecordRows, vanished: Sequence[int], changes: RecordChanges, touched: Touched) -> None:
    kept = touched(rows.model, vanished) if rows.is_kept else set()
    if kept:
        changes.kept += rows.model._default_manager.filter(pk__in=kept, **{_IN_LOG: True}).update(**{_IN_LOG: False})
    rows.model._default_manager.filter(pk__in=set(vanished) - kept).delete()
    changes.removed += len(vanished) - len(kept)


def _write(
    session: SessionLog, rows: RecordRows, pairs: Sequence[tuple[str, Record | None, Any]], changes: RecordChanges
) -> list[Record]:
    written, fresh, edited = [], [], []
    for position, (key, row, record) in enumerate(pairs):
        values = {"key": key, "position": position, **rows.values(record)}
        if row is None:
            row = rows.model(session=session, **values)
            fresh.append(row)
        elif different := {column for column, value in values.items() if getattr(row, column) != value}:
            changes.changed += not different <= set(HOW_FOUND)
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
    changes.added += len(fresh)
    return written


def _free_key(rows: RecordRows, row: Record, key: str) -> None:
    """Gives a row a temporary key, since two records may swap theirs and keys are unique."""
    if row.key != key:
        rows.model._default_manager.filter(pk=row.pk).update(key=f"~{row.pk}")
