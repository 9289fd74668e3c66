"""The facts that decide how some records are grouped, as the database has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kb.grouping.description import Grouping, Member
from kb.grouping.groups import Facts, Sides
from kb.models import GroupingDecision


def decisions_on(grouping: Grouping[Any], records: Iterable[int]) -> list[int]:
    """Returns the numbers of the decisions in force on any of the records."""
    sides = grouping.sides_where(record__in=list(records), decision__undone_at=None)
    return list(sides.order_by("decision_id").values_list("decision_id", flat=True).distinct())


def decided_groups(grouping: Grouping[Any], groups: Iterable[int]) -> set[int]:
    """Returns those of the groups that have a record which a decision in force names."""
    decided = grouping.sides_where(decision__undone_at=None).order_by().values(grouping.record)
    named = grouping.members_where(record__in=decided, group__in=set(groups))
    return set(named.values_list(f"{grouping.group}_id", flat=True))


def collect_facts(grouping: Grouping[Any], members: Mapping[int, Member]) -> Facts:
    """Returns what is known of these members; decisions may also name records that are not among them."""
    identities = {record: member.identity for record, member in members.items()}
    used = set(identities.values())
    links = grouping.links._default_manager.filter(one__in=used, other__in=used).values_list("one", "other", "score")
    together, apart = [], []
    for kind, (left, right) in decided_sides(grouping, decisions_on(grouping, members)):
        if kind == GroupingDecision.Kind.MERGE:
            together.append(left | right)
        else:
            apart.append((left, right))
    ranks = {number: rank for rank, number in enumerate(grouping.in_order(used))} if grouping.is_whole else {}
    scores = {(one, other): score for one, other, score in links}
    return Facts(identities, scores, together, apart, grouping.least, grouping.is_whole, ranks)


def decided_sides(grouping: Grouping[Any], decisions: Collection[int]) -> Iterator[tuple[str, Sides]]:
    """Yields each decision's kind and the records on its two sides."""
    sides: dict[int, tuple[str, dict[str, set[int]]]] = {}
    rows = grouping.sides_where(decision__in=decisions).order_by("decision_id", "pk")
    for decision, kind, side, record in rows.values_list(
        "decision_id", "decision__kind", "side", f"{grouping.record}_id"
    ):
        sides.setdefault(decision, (kind, {"left": set(), "right": set()}))[1][side].add(record)
    yield from ((kind, (frozenset(both["left"]), frozenset(both["right"]))) for kind, both in sides.values())
