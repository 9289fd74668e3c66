"""What the index needs from a database besides rows: a lock for merges and removals, and releasing free space."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_LOCK = (0x4B4253, 1)  # advisory locks with two keys never collide with those with one


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
