"""The search index: one entry for each thing that can be found, and the segments that hold their words."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from sessions.models import SessionLog


class EntryKind(models.IntegerChoices):
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

    @property
    def filter_value(self) -> str:
        """The value of the type filter: "step" for a next step."""
        return self.label.rsplit(" ", 1)[-1]


class SearchEntry(models.Model):
    """A record as search shows it. The segments of the index know it by its id, which no other record gets."""

    id = models.BigAutoField(primary_key=True)
    kind = models.PositiveSmallIntegerField(choices=EntryKind.choices)
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


class Segment(models.Model):
    """A part of the index whose words are never changed, only written anew with those of others.

    version   of the analyser and the format it was written by: search reads those of the current version alone
    level     0 holds one session; a merge of several of one level makes one of the next
    first     lowest and `last` highest entry id it holds
    entries   all entry ids it holds, as a serialised roaring bitmap, and `size` how many they are
    """

    class State(models.IntegerChoices):
        LIVE = 1, "live"
        BUILDING = 2, "being written"
        GARBAGE = 3, "to be deleted"
        DAMAGED = 4, "damaged"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    version = models.CharField(max_length=20)
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.LIVE)
    level = models.PositiveSmallIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    size = models.PositiveBigIntegerField()
    entries = models.BinaryField()
    block_count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["first"], name="segment_first")]

    def __str__(self) -> str:
        return f"level {self.level}, entries {self.first} to {self.last}"


class Block(models.Model):
    """Consecutive tokens of a segment with their entries: see `kb.search.index.postings`.

    first      its first token
    checksum   CRC-32 of its data
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="blocks")
    first = models.TextField()
    data = models.BinaryField()
    checksum = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.first


class Removal(models.Model):
    """Entries of a segment that are gone: a row for each change, so that no two of them wait for one another.

    entries   their ids, as a serialised roaring bitmap
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="removals")
    entries = models.BinaryField()

    def __str__(self) -> str:
        return f"removed from {self.segment_id}"


class MergeLease(models.Model):
    """The one row that says who merges the index: `holder`, unless `until` has passed without a sign of life."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    holder = models.UUIDField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"held until {self.until}"


class SavedSearch(models.Model):
    """A query somebody wants to come back to.

    seen   highest primary key of a record of each kind when it was last looked at; a record beyond is new
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000)
    seen = models.JSONField(default=dict)
    looked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "saved searches"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_saved_search_a_name")]

    def __str__(self) -> str:
        return self.name
