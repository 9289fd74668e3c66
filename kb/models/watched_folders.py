"""Folders on the server whose new and changed logs are imported as they are written."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

_SILENCE = dt.timedelta(seconds=60)  # without a heartbeat for this long, no process watches


class WatchedFolder(models.Model):
    """A folder that is kept to be watched. One that is removed stays as a row, so that it can be put back.

    path           absolute, without links
    from_terminal  it was named in the terminal, which may name any folder; the others are bound to IMPORT_FOLDERS
    logs           how many logs were in it when it was last there
    seen_at        when it was last there
    problem        why it could not be looked at the last time, in a sentence; empty if it could
    heartbeat_at   when a process last watched it; null if that was stopped
    """

    path = models.CharField(max_length=1000)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    from_terminal = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)
    paused_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    logs = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=1300, blank=True)
    heartbeat_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["path"], condition=Q(removed_at=None), name="one_watched_folder_a_path")
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def state(self) -> str:
        """Returns "paused", "away" (it could not be looked at), "watched", or "idle" if no process watches."""
        if self.paused_at is not None:
            return "paused"
        if self.heartbeat_at is None or timezone.now() - self.heartbeat_at > _SILENCE:
            return "idle"
        return "away" if self.problem else "watched"
