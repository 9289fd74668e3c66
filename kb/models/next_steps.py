"""What is left to do: one tracked step for all sessions that raise it, and what people did with it."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import models

from kb.models.grouping import GroupingDecision, Side
from sessions.models import NextStep, Project

# Not of "P0-1" and "P0.1", which are names.
_PRIORITY_MARK = re.compile(
    r"^\W{0,3}(P[0-3])\b[\s*]*(?:[:：)）\]】]|[.–—-](?!\d))[\s*:)\]–—-]*|\s*[(\[](P[0-3])[)\]]\W?$"
)


def without_priority(text: str, shown: str = "") -> str:
    """Returns the text of a step without the priority that the log wrote before or after it, which stands beside it.

    shown   the priority beside it, if another one is to stay in the text
    """
    rest = _PRIORITY_MARK.sub(lambda mark: mark[0] if shown and shown not in mark.groups() else "", text)
    return rest.strip() or text


class TrackedStep(models.Model):
    """A next step, however many sessions raise it. Whether it is open, asleep or dropped is computed when it is read.

    text ... session_count  facts from its mentions, updated whenever those change
    done_at ... priority    what people said: the outcome of its events that are not undone
    snoozed_until           null while `snoozed_at` is set: snoozed until it is raised again
    merged_into             the step that has its mentions now; this one only keeps its history
    is_open ...             its status, if it was loaded by `kb.queries.board.steps_with_status`
    """

    is_open: bool
    is_asleep: bool
    is_dropped: bool
    is_blocker: bool
    priority_now: str
    later_sessions: int

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tracked_steps")
    text = models.TextField()
    latest = models.ForeignKey(NextStep, on_delete=models.SET_NULL, null=True, related_name="+")
    raised_on = models.DateField(null=True)
    latest_on = models.DateField(null=True)
    latest_seen_at = models.DateTimeField(null=True)
    session_count = models.PositiveIntegerField(default=0)

    done_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    snoozed_at = models.DateTimeField(null=True)
    snoozed_until = models.DateField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="assigned_steps"
    )
    priority = models.CharField(max_length=2, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="merged")

    def __str__(self) -> str:
        """Returns the text without the priority that the log wrote before or after it, which is shown separately."""
        return without_priority(self.text)


class StepWording(models.Model):
    """The words of a step. Steps of a project that have the same wording are one tracked step."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="step_wordings")
    digest = models.CharField(max_length=32)
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "digest"], name="one_wording_a_digest")]

    def __str__(self) -> str:
        return self.words


class StepWordingKey(models.Model):
    """A word by which similar wordings are found."""

    wording = models.ForeignKey(StepWording, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["key", "wording"])]  # all that is read of the table

    def __str__(self) -> str:
        return self.key


class StepWordingLink(models.Model):
    """Two wordings similar enough to be one step, with their score and the words they share. `one` is the older row."""

    one = models.ForeignKey(StepWording, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(StepWording, on_delete=models.CASCADE, related_name="linked_from")
    score = models.FloatField()
    shared = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_link_a_pair_of_wordings")]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id} ({self.score:.2f})"


class StepMention(models.Model):
    """A next step in a session's log that belongs to a tracked step."""

    tracked_step = models.ForeignKey(TrackedStep, on_delete=models.CASCADE, related_name="mentions")
    step = models.OneToOneField(NextStep, on_delete=models.CASCADE, related_name="mention")
    wording = models.ForeignKey(StepWording, on_delete=models.PROTECT, related_name="mentions")
    seen_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.step} in session {self.step.session_id}"


class StepSide(models.Model):
    """A next step on one of the two sides of a decision. Each side is one tracked step."""

    decision = models.ForeignKey(GroupingDecision, on_delete=models.CASCADE, related_name="step_sides")
    step = models.ForeignKey(NextStep, on_delete=models.CASCADE, related_name="decision_sides")
    side = models.CharField(max_length=5, choices=Side.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "step"], name="one_side_a_step")]

    def __str__(self) -> str:
        return f"{self.side}: {self.step}"


class StepEvent(models.Model):
    """What a person did with a step. Undone events no longer count.

    value     a day, a priority, or the name that the user had to whom it was assigned
    assignee  that user, under whatever name
    """

    class Action(models.TextChoices):
        DONE = "done", "marked it done"
        REOPENED = "reopened", "reopened it"
        SNOOZED = "snoozed", "snoozed it"
        WOKEN = "woken", "woke it up"
        ASSIGNED = "assigned", "assigned it"
        PRIORITY = "priority", "set its priority"
        COMMENTED = "commented", "commented"
        MERGED = "merged", "merged steps into it"
        SPLIT = "split", "split mentions off"

    tracked_step = models.ForeignKey(TrackedStep, on_delete=models.CASCADE, related_name="events")
    action = models.CharField(max_length=10, choices=Action.choices)
    value = models.CharField(max_length=150, blank=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="step_events")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    decision = models.ForeignKey(GroupingDecision, on_delete=models.SET_NULL, null=True, related_name="step_events")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by} {self.get_action_display()}"


class ProposedClosure(models.Model):
    """A proposal to close a step because a later session reports the work as done. It stays open until accepted.

    kind, text, line  the record that reports it: a fix that worked, a fixed error, a commit or an objective reached
    event             the event that closed the step, if the proposal was accepted
    """

    tracked_step = models.ForeignKey(TrackedStep, on_delete=models.CASCADE, related_name="proposed_closures")
    session = models.ForeignKey("session_logs.SessionLog", on_delete=models.CASCADE, related_name="proposed_closures")
    kind = models.CharField(max_length=12)
    text = models.TextField()
    line = models.PositiveIntegerField()
    score = models.FloatField()
    shared = models.JSONField(default=list)
    accepted = models.BooleanField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="answered_closures"
    )
    at = models.DateTimeField(null=True)
    event = models.ForeignKey(StepEvent, on_delete=models.SET_NULL, null=True, related_name="proposed_closures")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tracked_step", "session", "kind", "text"], name="one_closure_a_record")
        ]

    def __str__(self) -> str:
        return f"{self.tracked_step}: {self.text}"
