"""Recurring issues: errors of different sessions that are the same problem, why they are, and what people decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from sessions.models import Error


class Issue(models.Model):
    """A problem, however often it was met. Whether it recurs, regressed or holds is computed when read.

    name         what a person or a grouping rule called it; else the title of its earliest error stands for it
    named_by     the grouping rule that gave the name; null if a person did
    resolved_at  a person said that it is solved for good
    ignored_at   a person said that it is not worth a look
    merged_into  the issue that took its errors, while what people said of this one is kept
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
    """What identifies an error, by one version of the fingerprint. Errors with one signature are one problem."""

    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=32)
    parts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "digest"], name="one_signature_a_digest")]

    def __str__(self) -> str:
        return f"{self.digest} (version {self.version})"


class SignatureKey(models.Model):
    """A key under which a signature is looked for: a thing it names, or one of its words."""

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["key"])]

    def __str__(self) -> str:
        return self.key


class SignatureLink(models.Model):
    """Two signatures that are alike enough to be one problem: how much, and by which parts. `one` is the older row."""

    one = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="linked_from")
    score = models.FloatField()
    matched = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_link_a_pair")]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id} ({self.score:.2f})"


class Occurrence(models.Model):
    """An error of a session that is this issue."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="occurrences")
    error = models.OneToOneField(Error, on_delete=models.CASCADE, related_name="occurrence")
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="occurrences")

    class Meta:
        ordering = ["issue_id", "id"]

    def __str__(self) -> str:
        return f"{self.issue} in session {self.error.session_id}"


class GroupingDecision(models.Model):
    """A person's word on grouping. It binds errors, so it outlives re-imports, edited logs and new fingerprints."""

    class Kind(models.TextChoices):
        MERGE = "merge", "are one problem"
        SPLIT = "split", "are different problems"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="decisions")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by}: these {self.get_kind_display()}"


class ErrorSide(models.Model):
    """An error on one of the two sides of a decision: all of "left" are one problem, and all of "right" are."""

    class Side(models.TextChoices):
        LEFT = "left"
        RIGHT = "right"

    decision = models.ForeignKey(GroupingDecision, on_delete=models.CASCADE, related_name="sides")
    error = models.ForeignKey(Error, on_delete=models.CASCADE, related_name="decisions")
    side = models.CharField(max_length=5, choices=Side.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "error"], name="one_side_an_error")]

    def __str__(self) -> str:
        return f"{self.side}: {self.error}"


class IssueEvent(models.Model):
    """What a person did with an issue, or said of it."""

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
        GroupingDecision, on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by} {self.get_action_display()}"
