"""What the index needs from a database: a lock for merges and removals, many rows at once, and releasing free space."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

_LOCK = (0x4B4253, 1)  # advisory locks with two keys never collide with those with one
_ROWS_AT_ONCE = 500


@contextmanager
def lock_segments(*, exclusive: bool = False) -> Iterator[None]:
    """Opens a transaction in which no merge replaces a segment and, if `exclusive`, nothing is removed from one.

    SQLite only ever allows one writer. PostgreSQL uses an advisory lock until the transaction ends: shared by
    removals, exclusive for a merge, which takes it before any other lock. A removal that waited for a merge sees
    the merged segment, since each of its statements reads what was committed before it.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            function = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {function}(%s, %s)", _LOCK)
        yield


def release_space(*, compact: bool = False) -> None:
    """Truncates SQLite's write-ahead log. `compact` also frees unused pages, which keeps SQLite's writers waiting."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if compact:
            cursor.execute("VACUUM" if connection.vendor == "sqlite" else "VACUUM kb_block, kb_segment")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def insert_rows(model: type[Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Inserts rows of these columns, with ids in their order.

    SQLite runs one prepared statement for all, at a seventh of what `bulk_create` takes; psycopg2 would send each row
    by itself.
    """
    if connection.vendor != "sqlite":
        model._default_manager.bulk_create(
            (model(**dict(zip(columns, row, strict=True))) for row in rows), batch_size=_ROWS_AT_ONCE
        )
        return
    quote = connection.ops.quote_name
    names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
