"""Everything connected to some records: what has to be considered when their groups are computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q

from kb.grouping.description import Grouping, Member
from kb.grouping.facts import decisions_on


def connected_members(grouping: Grouping[Any], records: Iterable[int]) -> dict[int, Member]:
    """Returns the members of these records and of all that share a group, an identity, a link or a decision."""
    connected: dict[int, Member] = {}
    waiting = set(records)
    while waiting:
        fresh = grouping.members_of(waiting)
        connected |= fresh
        waiting = _neighbours(grouping, fresh, waiting) - connected.keys()
    return connected


def _neighbours(grouping: Grouping[Any], members: Mapping[int, Member], records: Collection[int]) -> set[int]:
    identities = {member.identity for member in members.values()}
    decided = grouping.sides_where(decision__in=decisions_on(grouping, records))
    near = grouping.members_where(group__in={member.group for member in members.values()})
    near |= grouping.members_where(identity__in=identities | _linked(grouping, identities))
    near |= grouping.members_where(record__in=decided.values(grouping.record))
    return set(near.values_list(f"{grouping.record}_id", flat=True))


def _linked(grouping: Grouping[Any], identities: Collection[int]) -> set[int]:
    links = grouping.links._default_manager.filter(
        Q(one__in=identities) | Q(other__in=identities), score__gte=grouping.least
    )
    return {number for pair in links.values_list("one", "other") for number in pair}
