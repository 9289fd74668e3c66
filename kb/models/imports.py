"""Imports as people see them: who, when, from where, what changed; and tokens for those that import by machine."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from sessions.models import Log


class Import(models.Model):
    """One act of importing: an upload, a folder, a command, a call. Its files tell what changed.

    staged       the folder of logs that wait to be taken, for an import that runs in the background
    heading      whose logs are read again
    origin       a folder, or the names of the first files, in words
    state        incomplete where logs were left: what waited to be taken was gone
    current      what was taken last
    total        how many logs it is to take, refused ones included
    beat_at      when the run last said that it is alive
    """

    class Source(models.TextChoices):
        UPLOAD = "upload", "upload"
        PASTE = "paste", "pasted text"
        FOLDER = "folder", "folder on the server"
        COMMAND = "command", "terminal (manage.py ingest)"
        WATCH = "watch", "watched folder"
        API = "api", "API"
        TAUGHT = "taught", "logs read again"

    class State(models.TextChoices):
        RUNNING = "running", "running"
        DONE = "done", "done"
        CANCELLED = "cancelled", "cancelled"
        INCOMPLETE = "incomplete", "incomplete"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="imports")
    source = models.CharField(max_length=10, choices=Source.choices)
    origin = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    heading = models.CharField(max_length=200, blank=True)
    staged = models.CharField(max_length=40, blank=True)
    total = models.PositiveIntegerField(default=0)
    current = models.CharField(max_length=1000, blank=True)
    cancel_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_source_display()} of {self.started_at:%Y-%m-%d %H:%M}"


class ImportedFile(models.Model):
    """What an import did with one log.

    sha256   of the content that was taken
    log      the log it became; gone once that is deleted
    before   the log as it was, redacted, so that the import can be undone: `kb.importing.Prepared` as JSON
    further  the content was here, and this path became a further one of it
    undone   in words, what undoing it came to
    """

    class Outcome(models.TextChoices):
        NEW = "new", "new"
        UPDATED = "updated", "updated"
        UNCHANGED = "unchanged", "already here"
        REFUSED = "refused", "refused"

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=1000)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    log = models.ForeignKey(Log, on_delete=models.SET_NULL, null=True, related_name="+")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    masked = models.PositiveIntegerField(default=0)
    before = models.JSONField(null=True)
    further = models.BooleanField(default=False)
    undone = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.path}: {self.get_outcome_display()}"


class ApiToken(models.Model):
    """Lets a machine import in somebody's name. The token itself is shown once; its digest is kept."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name


class MaskedSecret(models.Model):
    """A credential that was masked in a log, and what a person said of it. What was masked was never stored.

    line    where it stands
    masked  its surroundings, as they stand in the log; with the rule they name it after edits too
    """

    class Verdict(models.TextChoices):
        FALSE_ALARM = "false alarm", "false alarm"
        REAL = "real", "a real one"

    log = models.ForeignKey(Log, on_delete=models.CASCADE, related_name="masked_secrets")
    rule = models.CharField(max_length=60)
    line = models.PositiveIntegerField()
    masked = models.CharField(max_length=240)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["log", "rule", "masked"], name="one_secret_a_place")]
        indexes = [models.Index(fields=["verdict"])]

    def __str__(self) -> str:
        return f"{self.rule} in line {self.line}"


class TaughtHeading(models.Model):
    """What a heading means that the parser does not know: logs that hold it are read by it from then on.

    heading  folded, without numbering
    role     a value of sessions.parsing.vocabulary.Role
    """

    heading = models.CharField(max_length=200)
    role = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.heading}: {self.role}"
