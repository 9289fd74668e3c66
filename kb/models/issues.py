"""Recurring issues: errors of different sessions that are the same problem, why, and what people did about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from kb.models.grouping import GroupingDecision, Side
from sessions.models import Error, Project


class Issue(models.Model):
    """A problem, however often it was met. Whether it is new, recurring or regressed is computed when it is read.

    title        the title of its earliest error
    name         what a person or a grouping rule called it; shown instead of the title
    named_by     the grouping rule that gave the name; null if a person did
    resolved_at  when a person called it solved for good
    ignored_at   when a person called it not worth looking at
    merged_into  the issue that has its errors now; this one only keeps its history
    """

    title = models.TextField()
    name = models.TextField(blank=True)
    named_by = models.ForeignKey(
        "GroupingRule", on_delete=models.SET_NULL, null=True, blank=True, related_name="named_issues"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    ignored_at = models.DateTimeField(null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="issues"
    )
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged")

    def __str__(self) -> str:
        return self.name or self.title


class Signature(models.Model):
    """What identifies an error, by one version of the fingerprint. Errors with the same signature are one problem.

    project  the project whose errors have it; null if it comes from a person's rule, or from an older version
    vectors  its meaning, 384 bytes: three rows of signed numbers; empty if it was made without meaning
    """

    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=32)
    parts = models.JSONField(default=dict)
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="signatures")
    vectors = models.BinaryField(default=bytes)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "digest"], name="one_signature_a_digest")]

    def __str__(self) -> str:
        return f"{self.digest} (version {self.version})"


class SignatureKey(models.Model):
    """A key by which similar signatures of a project are found: its title, a word, a name, or a cell of meaning."""

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=80)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["key", "project", "signature"])]  # all that is read of the table

    def __str__(self) -> str:
        return self.key


class SignatureLink(models.Model):
    """Two signatures that are similar, with their score and what matched. `one` is the older row.

    Those with a lower score than `similarity.SAME` are kept because groups have to be similar as wholes.
    """

    one = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="linked_from")
    score = models.FloatField()
    matched = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_link_a_pair")]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id} ({self.score:.2f})"


class Occurrence(models.Model):
    """An error of a session that belongs to an issue."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="occurrences")
    error = models.OneToOneField(Error, on_delete=models.CASCADE, related_name="occurrence")
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="occurrences")

    class Meta:
        ordering = ["issue_id", "id"]

    def __str__(self) -> str:
        return f"{self.issue} in session {self.error.session_id}"


class ErrorSide(models.Model):
    """An error on one of the two sides of a decision. Each side is one problem."""

    decision = models.ForeignKey(GroupingDecision, on_delete=models.CASCADE, related_name="error_sides")
    error = models.ForeignKey(Error, on_delete=models.CASCADE, related_name="decision_sides")
    side = models.CharField(max_length=5, choices=Side.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "error"], name="one_side_an_error")]

    def __str__(self) -> str:
        return f"{self.side}: {self.error}"


class IssueEvent(models.Model):
    """What a person did with an issue, or said about it."""

    class Action(models.TextChoices):
        RESOLVED = "resolved", "resolved it"
        REOPENED = "reopened", "reopened it"
        IGNORED = "ignored", "ignored it"
        RENAMED = "renamed", "renamed it"
        ASSIGNED = "assigned", "assigned it"
        COMMENTED = "commented", "commented"
        MERGED = "merged", "merged issues into it"
        SPLIT = "split", "split errors off"
        UNDONE = "undone", "took a decision back"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="events")
    action = models.CharField(max_length=10, choices=Action.choices)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="issue_events")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(
        GroupingDecision, on_delete=models.SET_NULL, null=True, blank=True, related_name="issue_events"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by} {self.get_action_display()}"
