"""People's merges and splits: how they are recorded, applied and taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from kb.grouping.assignment import recompute_groups
from kb.grouping.description import Grouping
from kb.grouping.facts import decided_sides
from kb.models import GroupingDecision


@dataclass(frozen=True, slots=True)
class Applied:
    """A decision that has just been applied, and the groups that it may have changed."""

    decision: GroupingDecision
    groups: set[int]


def merge(grouping: Grouping[Any], records: Collection[int], by: User | None) -> Applied:
    """Records that these are one, and groups them so. Reverts the splits that say otherwise."""
    decision = _decide(grouping, GroupingDecision.Kind.MERGE, by, records, ())
    _revert_splits(grouping, decision, set(records))
    return Applied(decision, recompute_groups(grouping, records))


def split(grouping: Grouping[Any], leaving: set[int], staying: set[int], by: User | None) -> Applied:
    """Records that these two sets of records are different, and groups them so."""
    decision = _decide(grouping, GroupingDecision.Kind.SPLIT, by, leaving, staying)
    return Applied(decision, recompute_groups(grouping, leaving | staying))


def undo(grouping: Grouping[Any], decision: GroupingDecision) -> Applied:
    """Takes a decision back, and groups the records that it was about without it. Splits it had reverted hold again."""
    decision.undone_at, decision.reverted_by = timezone.now(), None
    decision.save(update_fields=["undone_at", "reverted_by"])
    records = {*decided_records(grouping, decision), *_restore_splits(grouping, decision)}
    return Applied(decision, recompute_groups(grouping, records))


def decided_records(grouping: Grouping[Any], decision: GroupingDecision) -> list[int]:
    """Returns the records that a decision is about."""
    rows = grouping.sides_where(decision=decision).order_by(f"{grouping.record}_id")
    return list(rows.values_list(f"{grouping.record}_id", flat=True))


def _decide(
    grouping: Grouping[Any],
    kind: GroupingDecision.Kind,
    by: User | None,
    left: Collection[int],
    right: Collection[int],
) -> GroupingDecision:
    decision = GroupingDecision.objects.create(kind=kind, by=by)
    sides = [(record, "left") for record in left] + [(record, "right") for record in right]
    grouping.sides._default_manager.bulk_create(
        grouping.sides(decision=decision, side=side, **{f"{grouping.record}_id": record}) for record, side in sides
    )
    return decision


def _revert_splits(grouping: Grouping[Any], merge: GroupingDecision, records: set[int]) -> None:
    """Takes back the splits that have some of the records on either side."""
    sides = grouping.sides_where(
        record__in=records, decision__undone_at=None, decision__kind=GroupingDecision.Kind.SPLIT
    )
    for split_pk in set(sides.values_list("decision_id", flat=True)):
        ((_kind, (left, right)),) = decided_sides(grouping, [split_pk])
        if left & records and right & records:
            GroupingDecision.objects.filter(pk=split_pk).update(undone_at=timezone.now(), reverted_by=merge)


def _restore_splits(grouping: Grouping[Any], merge: GroupingDecision) -> set[int]:
    """Brings back the splits that a merge reverted, unless another merge contradicts them. Returns their records."""
    restored: set[int] = set()
    for split in GroupingDecision.objects.filter(reverted_by=merge):
        for _kind, (left, right) in decided_sides(grouping, [split.pk]):
            split.reverted_by = _merge_across(grouping, left, right)
            restored |= left | right
        if split.reverted_by is None:
            split.undone_at = None
        split.save(update_fields=["undone_at", "reverted_by"])
    return restored


def _merge_across(grouping: Grouping[Any], left: Collection[int], right: Collection[int]) -> GroupingDecision | None:
    """Returns the first merge in force that has records of both sides."""
    merges = GroupingDecision.objects.filter(kind=GroupingDecision.Kind.MERGE, undone_at=None)
    for side in (left, right):
        merges = merges.filter(pk__in=grouping.sides_where(record__in=side).values("decision"))
    return merges.order_by("pk").first()
