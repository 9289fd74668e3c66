"""The search index: an entry for each record that can be found, and the segments that store their words."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from sessions.models import SessionLog


class EntryKind(models.IntegerChoices):
    """What kind of record an entry shows, or a line of the log.

    Entries and saved searches store these numbers: never reuse one.
    """

    SESSION = 1, "session"
    ERROR = 2, "error"
    FIX = 3, "fix"
    COMMAND = 4, "command"
    NEXT_STEP = 5, "next step"
    FILE = 6, "file"
    LEARNING = 7, "learning"
    DECISION = 8, "decision"
    COMMIT = 9, "commit"
    PASSAGE = 10, "line"

    @property
    def filter_value(self) -> str:
        """The value of the type filter: "step" for a next step."""
        return self.label.rsplit(" ", 1)[-1]


class SearchEntry(models.Model):
    """A record or a line as search shows it. Segments refer to it by its id, which is never given to another one.

    object_id  key of the record; of a line, its session's key and its place among the session's lines in one number
    """

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
    """A part of the index. Its words never change; a merge replaces it together with others.

    version      format and analyser that wrote it; search only reads segments of the current version
    level        0 for the segment of one transaction; a merge makes one above the highest of those it merged
    first, last  lowest and highest entry id
    entries      all its entry ids, as a serialised roaring bitmap
    size         number of entries
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
    """Consecutive tokens of a segment with their entries, or vectors of entries in consecutive cells.

    `kb.search.index.postings` and `kb.search.index.vectors` define the formats.

    first     its first token; of vectors a mark with the first and the last cell
    checksum  CRC-32 of its data
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="blocks")
    first = models.TextField()
    data = models.BinaryField()
    checksum = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.first


class Removal(models.Model):
    """Entries removed from a segment. Each change adds a row, so that two changes never wait for each other.

    entries  their ids, as a serialised roaring bitmap
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="removals")
    entries = models.BinaryField()

    def __str__(self) -> str:
        return f"removed from {self.segment_id}"


class MergeLease(models.Model):
    """The single row that says who is merging the index: `holder`, until the time in `until` has passed."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    holder = models.UUIDField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"held until {self.until}"


class SavedSearch(models.Model):
    """A query somebody wants to come back to.

    seen  by kind, the highest primary key of a record when the search was last opened; higher ones are new
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
