"""What people say about which errors, or which next steps, are the same."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class GroupingDecision(models.Model):
    """A merge or a split. It binds records, so it outlives repeated imports, edited logs and new fingerprints.

    reverted_by  the merge that took this split back; when that is undone, the split holds again
    """

    class Kind(models.TextChoices):
        MERGE = "merge", "are one problem"
        SPLIT = "split", "are different problems"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="grouping_decisions"
    )
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    reverted_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reverted")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by}: these {self.get_kind_display()}"


class Side(models.TextChoices):
    """Where a record is in a decision. A merge has only a left side; a split sets left and right apart."""

    LEFT = "left"
    RIGHT = "right"


class GroupingRule(models.Model):
    """Errors that contain all these words are one problem, whatever their fingerprints say.

    words    words and "quoted phrases", all of which an error must contain, in upper or lower case
    project  the only project that the rule is for; empty for all
    name     what the problem is called
    """

    words = models.TextField()
    project = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="grouping_rules"
    )
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.words} → {self.name}"
