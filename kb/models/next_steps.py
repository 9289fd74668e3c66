"""What is left to do: one item for all sessions that raise it, and what people did with it."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import models

from kb.models.issues import GroupingDecision
from sessions.models import NextStep, Project

_PRIORITY_MARK = re.compile(r"^\W{0,3}P[0-3]\b[\s*]*[:.)\]–—-][\s*:)\]–—-]*|\s*[(\[]P[0-3][)\]]\W?$")


class TrackedStep(models.Model):
    """A next step, however many sessions raise it. Whether it is open, asleep or dropped is computed when read.

    text ... sessions     facts of its mentions, brought up to date whenever those change
    done_at ... priority  what people said, as its events that are not undone tell it
    snoozed_until         None while `snoozed_at` is set: until it is raised again
    merged_into           the item that took its mentions, while what people said of this one is kept
    is_open ...           how it stands, where `kb.queries.board.standing_items` loaded it
    """

    is_open: bool
    is_asleep: bool
    is_dropped: bool
    is_blocker: bool
    priority_now: str
    later_sessions: int

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="items")
    text = models.TextField()
    latest = models.ForeignKey(NextStep, on_delete=models.SET_NULL, null=True, related_name="+")
    raised_on = models.DateField(null=True)
    latest_on = models.DateField(null=True)
    latest_seen_at = models.DateTimeField(null=True)
    sessions = models.PositiveIntegerField(default=0)

    done_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    snoozed_at = models.DateTimeField(null=True)
    snoozed_until = models.DateField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="assigned_items"
    )
    priority = models.CharField(max_length=2, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="merged")

    def __str__(self) -> str:
        """What is to be done. The priority that the log writes before or behind it is shown on its own."""
        return _PRIORITY_MARK.sub("", self.text).strip() or self.text


class StepWording(models.Model):
    """The words of a step without marks, numbering and priority. Steps of a project worded the same are one item."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="wordings")
    digest = models.CharField(max_length=32)
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "digest"], name="one_wording_a_digest")]

    def __str__(self) -> str:
        return self.words


class StepWordingKey(models.Model):
    """A word under which a wording is looked for."""

    wording = models.ForeignKey(StepWording, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["key"])]

    def __str__(self) -> str:
        return self.key


class StepWordingLink(models.Model):
    """Two wordings that are alike enough to be one item: how much, and the words they share."""

    one = models.ForeignKey(StepWording, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(StepWording, on_delete=models.CASCADE, related_name="linked_from")
    score = models.FloatField()
    shared = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_link_a_pair_of_wordings")]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id} ({self.score:.2f})"


class StepMention(models.Model):
    """A step of a session that is this item."""

    item = models.ForeignKey(TrackedStep, on_delete=models.CASCADE, related_name="mentions")
    step = models.OneToOneField(NextStep, on_delete=models.CASCADE, related_name="mention")
    wording = models.ForeignKey(StepWording, on_delete=models.PROTECT, related_name="mentions")
    seen_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.step} in session {self.step.session_id}"


class StepSide(models.Model):
    """A step on one of the two sides of a decision: all of "left" are one item, and all of "right" are."""

    decision = models.ForeignKey(GroupingDecision, on_delete=models.CASCADE, related_name="step_sides")
    step = models.ForeignKey(NextStep, on_delete=models.CASCADE, related_name="decisions")
    side = models.CharField(max_length=5, choices=[("left", "left"), ("right", "right")])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "step"], name="one_side_a_step")]

    def __str__(self) -> str:
        return f"{self.side}: {self.step}"


class StepEvent(models.Model):
    """What a person did with an item. `value` is a day, a user name or a priority; undone ones no longer count."""

    class Action(models.TextChoices):
        DONE = "done", "marked it done"
        REOPENED = "reopened", "reopened it"
        SNOOZED = "snoozed", "snoozed it"
        WOKEN = "woken", "woke it up"
        ASSIGNED = "assigned", "assigned it"
        PRIORITY = "priority", "set its priority"
        COMMENTED = "commented", "commented"
        MERGED = "merged", "merged items into it"
        SPLIT = "split", "split mentions off"

    item = models.ForeignKey(TrackedStep, on_delete=models.CASCADE, related_name="events")
    action = models.CharField(max_length=10, choices=Action.choices)
    value = models.CharField(max_length=150, blank=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="item_events")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    decision = models.ForeignKey(GroupingDecision, on_delete=models.SET_NULL, null=True, related_name="item_events")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by} {self.get_action_display()}"


class ProposedClosure(models.Model):
    """A proposal to close an item: a later session tells that the work is done. Nothing closes before it is accepted.

    kind, text, line  the record that tells it: a fix that worked, a fixed error, a commit or an objective reached
    """

    item = models.ForeignKey(TrackedStep, on_delete=models.CASCADE, related_name="closings")
    session = models.ForeignKey("session_logs.SessionLog", on_delete=models.CASCADE, related_name="closings")
    kind = models.CharField(max_length=12)
    text = models.TextField()
    line = models.PositiveIntegerField()
    score = models.FloatField()
    shared = models.JSONField(default=list)
    accepted = models.BooleanField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="closings")
    at = models.DateTimeField(null=True)
    event = models.ForeignKey(StepEvent, on_delete=models.SET_NULL, null=True, related_name="closings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "session", "kind", "text"], name="one_closing_a_record")]

    def __str__(self) -> str:
        return f"{self.item}: {self.text}"
