"""Runs that link a base again after a new version of the fingerprint, and what they changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Relinking(models.Model):
    """One run over the sessions whose errors have signatures of an older version, or none.

    version            of the fingerprint that the errors get
    total, done        sessions
    failed             sessions of `done` whose errors could not be linked; the next run tries them again
    heartbeat_at       when the run last showed that it is alive; null if it was stopped
    before             the issue of each error at the start, {error: issue}; empty once the run is finished
    changes            {"joined": [{"issue", "title", "into"}], "divided": [{"issue", "title", "into": [...]}]}
    joined, divided    how many issues there are in `changes`
    dismissed_at       when a person had seen the changes
    """

    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    joined = models.PositiveIntegerField(default=0)
    divided = models.PositiveIntegerField(default=0)
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(finished_at=None), name="one_relinking_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.done} of {self.total} sessions, version {self.version}"
