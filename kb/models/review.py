"""What reading left in doubt, what a second reader says of it, and what people answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from kb.models.corrections import Correction
from sessions.models import SessionLog


class Doubt(models.Model):
    """A record that was nearly dropped, or a statement that was nearly taken for one.

    kind         what it is or would be: "errors", "fixes", "next_steps" or "decisions", as in `SessionRecord`
    key          a digest of its words, with a counter for duplicates: what was answered stays so when a log is edited
    record_key   the key of the record's row; empty for a statement that was not taken
    distance     how far its certainty is from the threshold
    suggestion   what a second reader takes it for: a kind, "nothing", or empty if it has no opinion
    asked_at     when the second reader gave its opinion
    is_right     whether the reader was right, once that is answered
    said         what it is, according to the answer: a kind, or "nothing"
    is_taken     the answer is the second reader's, which was certain enough
    corrections  what the answer put right
    """

    class Answer(models.TextChoices):
        YES = "yes", "yes"
        NO = "no", "no"
        OTHER = "other", "something else"

    session = models.ForeignKey(SessionLog, on_delete=models.CASCADE, related_name="doubts")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=32)
    record_key = models.CharField(max_length=32, blank=True)
    text = models.TextField()
    line = models.PositiveIntegerField()
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    certainty = models.FloatField()
    threshold = models.FloatField()
    distance = models.FloatField()

    suggestion = models.CharField(max_length=12, blank=True)
    suggested_by = models.CharField(max_length=200, blank=True)
    suggested_certainty = models.FloatField(null=True)
    asked_at = models.DateTimeField(null=True)

    answer = models.CharField(max_length=5, choices=Answer.choices, blank=True)
    said = models.CharField(max_length=12, blank=True)
    is_taken = models.BooleanField(default=False)
    is_right = models.BooleanField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="answered_doubts"
    )
    at = models.DateTimeField(null=True)
    corrections = models.ManyToManyField(Correction, related_name="doubts", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "kind", "key"], name="one_doubt_a_key")]
        indexes = [models.Index(fields=["distance"], condition=Q(answer=""), name="open_doubts_by_distance")]

    def __str__(self) -> str:
        return self.text

    @property
    def is_record(self) -> bool:
        """Whether it was taken for a record."""
        return bool(self.record_key)
