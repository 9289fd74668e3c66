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
    taken: set[int] = set()
    heirs: dict[int, int] = {}
    for records in groups:
        current = sorted({members[record].group for record in records})
        chosen = next((number for number in current if number not in taken), None)
        if chosen is None:
            chosen = grouping.revive(current, taken, records)
        if chosen is None:
            chosen = grouping.start_beside(members[min(records)].group)
        taken.add(chosen)
        moving = [record for record in records if members[record].group != chosen]
        if moving:
            grouping.members_where(record__in=moving).update(**{grouping.group: chosen})
        grouping.settle(chosen, records)
        heirs |= {number: chosen for number in current if number not in heirs}
    grouping.retire({number: heir for number, heir in heirs.items() if number not in taken})
    return taken
