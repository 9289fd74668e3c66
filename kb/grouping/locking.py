"""A lock for whoever groups the records of a project: two that cannot see each other's would never join them."""

from __future__ import annotations

import zlib
from collections.abc import Collection

from django.db import connection

_LOCK = 0x4B4247  # advisory locks with two keys never collide with those with one


def lock_projects(names: Collection[str]) -> None:
    """Waits for others that group records of these projects, and holds them off until the transaction ends.

    SQLite only ever allows one writer. On PostgreSQL everybody takes the locks in the same order, before any other, so
    that no two wait for each other; what is read afterwards includes what those before have committed.
    """
    if connection.vendor != "postgresql" or not names:
        return
    keys = sorted({zlib.crc32(name.encode(errors="replace")) - 2**31 for name in names})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key", (_LOCK, keys))
