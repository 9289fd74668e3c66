"""Recurring issues: errors of different sessions that are the same problem."""

from __future__ import annotations

from django.db import models

from sessions.models import Error


class Issue(models.Model):
    """A problem, however often it was met. Whether it recurs, regressed or holds is computed when read.

    version      the fingerprint version that made it (see `kb.linking.fingerprints`)
    fingerprint  a digest of the parts that identify the problem, unique a version
    """

    title = models.TextField()
    version = models.PositiveSmallIntegerField()
    fingerprint = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "fingerprint"], name="one_issue_a_fingerprint")]

    def __str__(self) -> str:
        return self.title


class Occurrence(models.Model):
    """An error of a session that is this issue, and why: the parts of the fingerprint that matched."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="occurrences")
    error = models.OneToOneField(Error, on_delete=models.CASCADE, related_name="occurrence")
    parts = models.JSONField(default=dict)

    class Meta:
        ordering = ["issue_id", "id"]

    def __str__(self) -> str:
        return f"{self.issue} in session {self.error.session_id}"
