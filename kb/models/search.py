"""The search index: one entry for each thing that can be found."""

from __future__ import annotations

import datetime as dt

from django.db import models

from sessions.models import SessionLog

_EPOCH = dt.date(1970, 1, 1)


class Kind(models.IntegerChoices):
    """What an entry is. The numbers are part of entry ids: never reuse one."""

    SESSION = 1, "session"
    ERROR = 2, "error"
    FIX = 3, "fix"
    COMMAND = 4, "command"
    NEXT_STEP = 5, "next step"
    FILE = 6, "file"
    LEARNING = 7, "learning"
    DECISION = 8, "decision"
    COMMIT = 9, "commit"


class SearchEntry(models.Model):
    """A record as search shows it. Its words stand in the database's own full-text index under the same id.

    id   orders by the session's day, so that "newest first" is the order of the primary key: see `entry_id`
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    object_id = models.BigIntegerField()
    session = models.ForeignKey(SessionLog, on_delete=models.CASCADE, related_name="search_entries")
    line = models.PositiveIntegerField()
    title = models.TextField()
    body = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_entry_a_record")]

    def __str__(self) -> str:
        return self.title


def entry_id(day: dt.date | None, kind: Kind, object_id: int) -> int:
    """63 bits: days since 1970 (19, 0 where unknown), the record's primary key (40), its kind (4)."""
    days = max((day - _EPOCH).days, 0) if day else 0
    return days << 44 | object_id << 4 | kind
