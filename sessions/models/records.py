"""The records of a session, one model for each kind. `sessions.records` explains what they mean."""

from __future__ import annotations

from django.db import models

from sessions.models.session_logs import SessionLog


class Record(models.Model):
    """What every record has.

    key    identifies the record within its session, also after the log was edited around it
    line   where it is first stated; first_line and last_line bound what belongs to it
    stated the words of the log, if a person gave the record others
    """

    session = models.ForeignKey(SessionLog, on_delete=models.CASCADE)
    key = models.CharField(max_length=32)
    position = models.PositiveIntegerField(help_text="Order in the session, from 0.")
    line = models.PositiveIntegerField()
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    stated = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["session_id", "position"]
        constraints = [models.UniqueConstraint(fields=["session", "key"], name="one_%(class)s_a_key")]


class JudgedRecord(Record):
    """A record of a kind that is read by meaning too.

    found_by   what read it first
    certainty  the probability that it is such a record, from 0 to 1; null if rules alone read the log
    """

    class FoundBy(models.TextChoices):
        RULES = "rules", "by rules"
        MEANING = "meaning", "by meaning"
        PERSON = "person", "by a person"

    found_by = models.CharField(max_length=10, choices=FoundBy.choices, default=FoundBy.RULES)
    certainty = models.FloatField(null=True, blank=True)

    class Meta(Record.Meta):
        abstract = True


class Objective(Record):
    text = models.TextField()
    done = models.BooleanField(null=True)

    def __str__(self) -> str:
        return self.text


class Error(JudgedRecord):
    """A distinct problem. `mentions` holds every place that states it: [[first, last], ...].

    in_log  false once it vanished from its log and is kept because a person acted on it
    """

    in_log = models.BooleanField(default=True)

    class Status(models.TextChoices):
        FIXED = "fixed", "fixed"
        WORKAROUND = "workaround", "workaround"
        PARTIAL = "partial", "partly fixed"
        OPEN = "open", "open"
        UNKNOWN = "unknown", "unknown"

    title = models.TextField()
    message = models.TextField(blank=True)
    exception = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UNKNOWN)
    severity = models.CharField(max_length=100, blank=True)
    root_cause = models.TextField(blank=True)
    mentions = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.title


class Fix(JudgedRecord):
    """One attempt at one or more errors."""

    class Outcome(models.TextChoices):
        WORKED = "worked", "worked"
        PARTIAL = "partial", "helped in part"
        FAILED = "failed", "did not help"
        UNKNOWN = "unknown", "outcome unknown"

    title = models.TextField()
    detail = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.UNKNOWN)
    errors = models.ManyToManyField(Error, through="Attempt", related_name="fixes")

    class Meta(JudgedRecord.Meta):
        verbose_name_plural = "fixes"

    def __str__(self) -> str:
        return self.title


class Attempt(models.Model):
    """A fix tried on an error. `position` is its place in the error's ladder of attempts, from 0."""

    fix = models.ForeignKey(Fix, on_delete=models.CASCADE, related_name="attempts")
    error = models.ForeignKey(Error, on_delete=models.CASCADE, related_name="attempts")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["error_id", "position"]
        constraints = [models.UniqueConstraint(fields=["fix", "error"], name="one_attempt_a_fix_and_error")]

    def __str__(self) -> str:
        return f"{self.fix} → {self.error}"


class Command(Record):
    text = models.TextField()
    language = models.CharField(max_length=40, blank=True)
    purpose = models.TextField(blank=True)
    cwd = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return self.text


class NextStep(JudgedRecord):
    class Priority(models.TextChoices):
        P0 = "P0", "P0"
        P1 = "P1", "P1"
        P2 = "P2", "P2"
        P3 = "P3", "P3"

    text = models.TextField()
    detail = models.TextField(blank=True)
    priority = models.CharField(max_length=2, choices=Priority.choices, blank=True)
    blocker = models.BooleanField(default=False)
    done = models.BooleanField(default=False)

    class Meta(JudgedRecord.Meta):
        indexes = [models.Index(fields=["priority", "done"])]

    def __str__(self) -> str:
        return self.text


class FileChange(Record):
    class Action(models.TextChoices):
        CREATED = "created", "created"
        MODIFIED = "modified", "modified"
        DELETED = "deleted", "deleted"
        RENAMED = "renamed", "renamed"

    path = models.CharField(max_length=1000)
    action = models.CharField(max_length=10, choices=Action.choices, blank=True)
    lines_changed = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["path"])]

    def __str__(self) -> str:
        return self.path


class Learning(Record):
    text = models.TextField()

    def __str__(self) -> str:
        return self.text


class Decision(JudgedRecord):
    text = models.TextField()
    rationale = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.text


class Commit(Record):
    hash = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.hash[:9]} {self.message}".strip()
