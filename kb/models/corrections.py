"""What people put right in what was read of a log. Their decisions stand above the parser.

A correction is about one record, or about some lines. It is replayed in the order of its row whenever its log is stored
(`kb.corrections`), on what the parser says then, so that undoing one needs nothing but to replay the others.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sessions.models import Log, SessionLog


class Correction(models.Model):
    """One decision of a person about a record or about lines of a log.

    log, at_path  whose log it is; without its log it waits for one to be imported under the path again
    session       where it was applied last; null if that session is gone
    session_key   the key of that session
    record_kind   what the record is: "errors", "fixes", "next_steps" … as in `SessionRecord`; for lines, what they are,
                  or empty for nothing
    key           the key of the record, as its row has it
    words         the words that identify the record in the log, folded; what a person calls it does not count
    line          where the record is stated, or the first of the lines; `last_line` is the last of them
    around        the folded text of these lines, and what stands before and after them, to find them again:
                  {"own", "before", "after": [...], "turn": which of how many lines with these words, "like": how many
                  lines were like it, "twins", "alike": how many records had these words, or much the same}
    record        the record as it was when it was corrected, to make it again if the parser no longer reads it
    payload       CHANGED: {field: value}; FOLDED: {"into": reference}; FIX_OF: {"error": reference};
                  LINES: {"text": title, "error": reference}. A reference is {"key", "words", "line", "around"}.
    undone_at     when a person took it back
    lost_at       since when its lines are not in the log; null as soon as they are back
    """

    class Kind(models.TextChoices):
        NOT = "not", "is none"
        CHANGED = "changed", "was changed"
        FOLDED = "folded", "is the same problem as another"
        FIX_OF = "fix_of", "belongs to another error"
        LINES = "lines", "lines were named"
        CONFIRMED = "confirmed", "is right"

    log = models.ForeignKey(Log, on_delete=models.SET_NULL, null=True, related_name="corrections")
    at_path = models.CharField(max_length=1000, blank=True)
    session = models.ForeignKey(SessionLog, on_delete=models.SET_NULL, null=True, related_name="corrections")
    session_key = models.CharField(max_length=32, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    record_kind = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=32, blank=True)
    words = models.TextField(blank=True)
    line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    around = models.JSONField(default=dict, blank=True)
    record = models.JSONField(default=dict, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="corrections")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["at_path"], condition=Q(log=None), name="corrections_without_a_log")]

    def __str__(self) -> str:
        return f"{self.record_kind or 'lines'} {self.get_kind_display()}: {self.words[:80]}"

    @property
    def about(self) -> str:
        """What the record was called when it was corrected, or what the lines said."""
        return str(self.record.get("title") or self.record.get("text") or self.record.get("path") or self.words)

    def as_json(self) -> dict[str, Any]:
        """Returns what a staged log keeps of it until it is imported."""
        return {**{name: getattr(self, name) for name in STAGED_FIELDS}, "at": self.at.isoformat()}


STAGED_FIELDS = (
    "session_key", "kind", "record_kind", "key", "words", "line", "last_line", "around", "record", "payload", "by_id",
)  # fmt: skip
