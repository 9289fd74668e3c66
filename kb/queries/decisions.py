"""The rows that a person decides on: what a form names, and what would go with it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Prefetch, QuerySet

from kb.models import (
    GroupingDecision,
    GroupingRule,
    Issue,
    Occurrence,
    ProposedClosure,
    StepEvent,
    StepMention,
    TrackedStep,
)
from sessions.models import Error


def issues_to_merge(keys: Collection[int]) -> list[Issue]:
    """Issues with their errors."""
    occurrences = Prefetch("occurrences", Occurrence.objects.select_related("error__session__project"))
    return list(Issue.objects.filter(pk__in=keys).prefetch_related(occurrences))


def errors_of_issue(issue: Issue) -> QuerySet[Error]:
    return Error.objects.filter(occurrence__issue=issue).select_related("session__project")


def mentions_of_step(step: TrackedStep) -> QuerySet[StepMention]:
    """The mentions of a step in the order of their sessions."""
    return (
        StepMention.objects.filter(tracked_step=step).select_related("step__session__project").order_by("step__session")
    )


def merged_issue(pk: int) -> Issue | None:
    """The issue with this key if it was merged into another."""
    return Issue.objects.filter(pk=pk).exclude(merged_into=None).select_related("merged_into").first()


def merged_step(pk: int) -> TrackedStep | None:
    """The step with this key if it was merged into another."""
    return TrackedStep.objects.filter(pk=pk).exclude(merged_into=None).select_related("merged_into").first()


def unanswered_closures(keys: Collection[int]) -> QuerySet[ProposedClosure]:
    return ProposedClosure.objects.filter(pk__in=keys, accepted=None).select_related("tracked_step")


def latest_events_first(keys: Collection[int]) -> QuerySet[StepEvent]:
    """Events in the order in which they can be undone."""
    return StepEvent.objects.filter(pk__in=keys).order_by("-pk")


def grouping_rules() -> QuerySet[GroupingRule]:
    return GroupingRule.objects.select_related("by")


def issue_decisions() -> QuerySet[GroupingDecision]:
    """The decisions on issues, and not those on next steps."""
    return GroupingDecision.objects.exclude(step_sides__isnull=False).exclude(step_events__isnull=False)


def last_decision_on(issue: Issue) -> GroupingDecision | None:
    """The latest decision on the errors of an issue that was not undone."""
    decisions = GroupingDecision.objects.filter(error_sides__error__occurrence__issue=issue, undone_at=None)
    return decisions.order_by("-pk").first()
