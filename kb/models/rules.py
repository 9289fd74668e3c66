"""Rules by which people group errors themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class GroupingRule(models.Model):
    """Errors that hold all these words are one problem, whatever their fingerprints say.

    words    words and "quoted phrases", all of which an error must hold, in any case
    project  the rule is for one project; empty for all
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
