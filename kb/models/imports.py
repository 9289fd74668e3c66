"""Imports as people see them: who, when, from where and what changed; and the tokens of machines."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from sessions.models import Log


class ImportOrigin(models.TextChoices):
    """How logs came in."""

    UPLOAD = "upload", "upload"
    PASTE = "paste", "pasted text"
    FOLDER = "folder", "folder on the server"
    COMMAND = "command", "terminal (manage.py ingest)"
    WATCH = "watch", "watched folder"
    API = "api", "API"
    TAUGHT = "taught", "logs read again"


class ImportState(models.TextChoices):
    RUNNING = "running", "running"
    DONE = "done", "done"
    CANCELLED = "cancelled", "cancelled"
    INCOMPLETE = "incomplete", "incomplete"
    UNDOING = "undoing", "being undone"
    UNDONE = "undone", "undone"


class ImportOutcome(models.TextChoices):
    """What importing one log came to."""

    NEW = "new", "new"
    UPDATED = "updated", "updated"
    UNCHANGED = "unchanged", "already here"
    REFUSED = "refused", "refused"


class Import(models.Model):
    """One act of importing: an upload, a folder, a command, an API call. Its files say what changed.

    label         the folder, or the names of the first files
    state         incomplete if staged logs were swept before they could be imported
    batch         the token of the staged logs, for an import that runs in the background
    heading       the taught heading whose logs are read again
    total         how many logs there are to import, refused ones included
    current       the log imported last
    heartbeat_at  when the run last showed that it is alive
    undone_at     when somebody last asked to undo it
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="imports")
    origin = models.CharField(max_length=10, choices=ImportOrigin.choices)
    label = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.RUNNING)
    heading = models.CharField(max_length=200, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    total = models.PositiveIntegerField(default=0)
    current = models.CharField(max_length=1000, blank=True)
    cancel_requested = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_origin_display()} of {self.started_at:%Y-%m-%d %H:%M}"


LEFT = "left unchanged, because a later import changed it"  # the undo_result of a file that can still be undone


class ImportedFile(models.Model):
    """What an import did with one log.

    sha256       of the imported content
    log          the log it became; null once that is deleted
    before       the log as it was, redacted, so that the import can be undone: `kb.importing.Prepared` as JSON
    is_copy      the content was already here, and this path was added to it
    undo_result  what undoing it did, in words
    """

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=1000)
    outcome = models.CharField(max_length=10, choices=ImportOutcome.choices)
    reason = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    log = models.ForeignKey(Log, on_delete=models.SET_NULL, null=True, related_name="+")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    masked = models.PositiveIntegerField(default=0)
    before = models.JSONField(null=True)
    is_copy = models.BooleanField(default=False)
    undo_result = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["path", "id"], name="imported_files_of_a_path")]

    def __str__(self) -> str:
        return f"{self.path}: {self.get_outcome_display()}"

    @property
    def is_left(self) -> bool:
        """It was to be undone, but a later import had changed its log."""
        return self.undo_result == LEFT


class ApiToken(models.Model):
    """Lets a machine import in somebody's name. The token itself is shown once; its digest is kept.

    may_read  whether it may also search, and ask what is known about an error
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    may_read = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name


class SecretVerdict(models.TextChoices):
    FALSE_ALARM = "false alarm", "false alarm"
    REAL = "real", "real credential"


class MaskedSecret(models.Model):
    """A credential that was masked in a log, and a person's verdict on it. What was masked was never stored.

    line    its line in the log
    masked  the masked text around it, which together with the rule identifies it after edits too
    """

    log = models.ForeignKey(Log, on_delete=models.CASCADE, related_name="masked_secrets")
    rule = models.CharField(max_length=60)
    line = models.PositiveIntegerField()
    masked = models.CharField(max_length=240)
    verdict = models.CharField(max_length=12, choices=SecretVerdict.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["log", "rule", "masked"], name="one_secret_a_place")]
        indexes = [models.Index(fields=["verdict"])]

    def __str__(self) -> str:
        return f"{self.rule} in line {self.line}"


class TaughtHeading(models.Model):
    """The meaning a person gave to a heading that the parser does not know. Logs that contain it are read with it.

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
