"""Projects, and the work sessions on them."""

from __future__ import annotations

from django.db import models
from django.db.models import F

from sessions.models.logs import Log


class Project(models.Model):
    """What a session was about: named by the log, else by its folder."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SessionLog(models.Model):
    """One dated account of work. What the log does not say is null or empty, never guessed.

    in_log  false once it vanished from its log and is kept because a person acted on one of its errors
    """

    class Status(models.TextChoices):
        COMPLETE = "complete", "complete"
        PARTIAL = "partial", "partial"
        BLOCKED = "blocked", "blocked"
        IN_PROGRESS = "in_progress", "in progress"
        FAILED = "failed", "failed"

    log = models.ForeignKey(Log, on_delete=models.CASCADE, related_name="sessions")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sessions")
    key = models.CharField(max_length=32, help_text="Stays when the log is edited.")
    position = models.PositiveIntegerField(help_text="Order in the file, from 0.")
    title = models.CharField(max_length=500)
    date = models.DateField(null=True, blank=True)
    ended = models.DateField(null=True, blank=True)
    duration_minutes = models.PositiveIntegerField(null=True, blank=True)
    duration_text = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, blank=True)
    status_text = models.CharField(max_length=500, blank=True)
    type = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    metrics = models.JSONField(default=dict, blank=True)
    environment = models.JSONField(default=dict, blank=True)
    in_log = models.BooleanField(default=True)
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()

    class Meta:
        ordering = [F("date").desc(nulls_last=True), "-id"]
        constraints = [models.UniqueConstraint(fields=["log", "key"], name="one_session_a_key")]
        indexes = [models.Index(fields=["project", "-date"]), models.Index(fields=["-date", "-id"])]

    def __str__(self) -> str:
        return self.title
