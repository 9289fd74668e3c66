"""Gives groups of records their rows: an issue, a tracked step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kb.grouping.closure import connected_members
from kb.grouping.description import Grouping, Member
from kb.grouping.facts import collect_facts
from kb.grouping.groups import group


def recompute_groups(grouping: Grouping[Any], records: Iterable[int]) -> set[int]:
    """Groups these records, and all that are connected to them, anew. Returns the groups they left or have now."""
    members = connected_members(grouping, records)
    if not members:
        return set()
    assigned = _assign(grouping, group(collect_facts(grouping, members)), members)
    return assigned | {member.group for member in members.values()}


def _assign(grouping: Grouping[Any], groups: Sequence[frozenset[int]], members: Mapping[int, Member]) -> set[int]:
    """Gives each set of records a row: the oldest that one of them has and that no set before took."""
    chosen: dict[int, frozenset[int]] = {}
    heirs: dict[int, int] = {}
    for records in groups:
        current = sorted({members[record].group for record in records})
        number = next((number for number in current if number not in chosen), None)
        if number is None:
            number = grouping.revive(current, chosen, records)
        if number is None:
            number = grouping.start_beside(members[min(records)].group)
        chosen[number] = records
        heirs |= {left: number for left in current if left not in heirs}
    moving = {record: own for own, records in chosen.items() for record in records if members[record].group != own}
    _move(grouping, moving)
    grouping.settle(chosen)
    grouping.retire({left: heir for left, heir in heirs.items() if left not in chosen})
    return set(chosen)


def _move(grouping: Grouping[Any], moving: Mapping[int, int]) -> None:
    """Moves records to other groups, by number."""
    rows = list(grouping.members_where(record__in=list(moving)))
    for row in rows:
        setattr(row, f"{grouping.group}_id", moving[getattr(row, f"{grouping.record}_id")])
    grouping.members._default_manager.bulk_update(rows, [grouping.group], batch_size=500)
