"""One tracked step over its sessions, each query with a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from kb.models import ProposedClosure, StepEvent, StepMention, TrackedStep
from kb.next_steps.reasons import MentionReason, mention_reasons
from kb.next_steps.tracking import mention_order
from kb.queries.board import BoardRow, board_rows, steps_with_status


@dataclass(frozen=True, slots=True)
class NextStepDetail:
    """Everything that the page of a tracked step shows. `mentions` runs from the last to the first."""

    row: BoardRow
    mentions: list[StepMention]
    reasons: dict[int, MentionReason]
    closures: list[ProposedClosure]
    events: list[StepEvent]


def next_step_detail(pk: int, today: dt.date) -> NextStepDetail:
    """Returns a tracked step with its mentions, proposals and history. Raises TrackedStep.DoesNotExist."""
    (row,) = board_rows([steps_with_status(today).get(pk=pk)], "", today)
    mentions = list(StepMention.objects.filter(tracked_step=pk).select_related("step__session__project", "wording"))
    mentions.sort(key=mention_order, reverse=True)
    closures = (
        ProposedClosure.objects.filter(tracked_step=pk)
        .select_related("session__project", "by")
        .order_by("-session__date", "pk")
    )
    events = StepEvent.objects.filter(tracked_step=pk).select_related("by").order_by("pk")
    return NextStepDetail(row, mentions, mention_reasons(mentions), list(closures), list(events))


def steps_with_mentions(numbers: Sequence[int]) -> list[TrackedStep]:
    """Returns the chosen steps with their mentions, in the order chosen."""
    steps = TrackedStep.objects.filter(pk__in=numbers, merged_into=None).select_related("project")
    mentions = Prefetch("mentions", StepMention.objects.select_related("step__session"))
    by_number = {step.pk: step for step in steps.prefetch_related(mentions)}
    return [by_number[number] for number in dict.fromkeys(numbers) if number in by_number]
