"""Every question the pages ask of items, each with a name and a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from kb.models import ProposedClosure, StepEvent, StepMention, TrackedStep
from kb.next_steps.reasons import MentionReason, mention_reasons
from kb.next_steps.tracking import mention_order
from kb.queries.board import BoardRow, board_rows, standing_items


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """All that the page of an item shows. `mentions` runs from the last to the first."""

    row: BoardRow
    mentions: list[StepMention]
    reasons: dict[int, MentionReason]
    closings: list[ProposedClosure]
    events: list[StepEvent]


def item_detail(pk: int, today: dt.date) -> ItemDetail:
    """An item with its mentions, proposals and history. Raises TrackedStep.DoesNotExist."""
    (row,) = board_rows([standing_items(today).get(pk=pk)], "", today)
    mentions = list(StepMention.objects.filter(item=pk).select_related("step__session__project", "wording"))
    mentions.sort(key=mention_order, reverse=True)
    closings = (
        ProposedClosure.objects.filter(item=pk)
        .select_related("session__project", "by")
        .order_by("-session__date", "pk")
    )
    events = StepEvent.objects.filter(item=pk).select_related("by").order_by("pk")
    return ItemDetail(row, mentions, mention_reasons(mentions), list(closings), list(events))


def items_with_mentions(numbers: Sequence[int]) -> list[TrackedStep]:
    """Items as a person chose them, in that order, with their mentions."""
    found = TrackedStep.objects.filter(pk__in=numbers, merged_into=None).select_related("project")
    mentions = Prefetch("mentions", StepMention.objects.select_related("step__session"))
    by_number = {item.pk: item for item in found.prefetch_related(mentions)}
    return [by_number[number] for number in dict.fromkeys(numbers) if number in by_number]
