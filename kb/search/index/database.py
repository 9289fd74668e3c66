"""What the index asks of a database beyond rows: locks that merges and removals share, and space given back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_LOCK = (0x4B4253, 1)  # two-key advisory locks leave the one-key ones to others


@contextmanager
def segments_held(*, alone: bool = False) -> Iterator[None]:
    """A transaction in which no segment is replaced by another; `alone`: nor is anything removed from one.

    SQLite lets one transaction write at a time anyway. On PostgreSQL it is an advisory lock until the transaction
    ends: shared by removals, and taken alone by a merge before it takes any other lock. A removal that waited for a
    merge sees what the merge made, since each of its statements reads what was committed before it.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {function}(%s, %s)", _LOCK)
        yield


def give_back_space(*, compact: bool = False) -> None:
    """Shortens SQLite's log of writes to nothing; `compact` also gives the free pages of the tables back.

    Compacting SQLite writes the file anew and keeps writers waiting meanwhile.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if compact:
            cursor.execute("VACUUM" if connection.vendor == "sqlite" else "VACUUM kb_block, kb_segment")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
