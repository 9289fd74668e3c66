"""Places the records of sessions that were just stored in their groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from django.db.models import Min

from kb.grouping.description import Grouping, Member, RecordT
from kb.grouping.facts import decided_groups
from sessions.storing.bulk import insert_all


def place(
    grouping: Grouping[RecordT],
    records: Sequence[RecordT],
    members: Mapping[int, Member],
    identities: Mapping[int, int],
    unmatched: Collection[int],
    adopt: Callable[[RecordT], int | None] = lambda record: None,
) -> set[int]:
    """Gives each record its identity and a first group. Returns the records whose groups have to be recomputed.

    The usual case is quick: an identity that is known and that nobody decided on brings its group along. The number of
    queries does not depend on that of the records.

    members    the records that were grouped before
    unmatched  new identities similar to no other: their first records start groups of their own
    adopt      finds a group without records for a record that would otherwise start its own
    """
    moving = [r for r in records if r.pk not in members or members[r.pk].identity != identities[r.pk]]
    groups = _first_groups(grouping, {identities[r.pk] for r in moving}, [r.pk for r in moving if r.pk in members])
    decided = decided_groups(grouping, groups.values())
    to_compute = {r.pk for r in moving if r.pk in members or groups.get(identities[r.pk]) in decided}
    starting: dict[int, RecordT] = {}
    for record in moving:
        identity = identities[record.pk]
        if identity in groups or identity in starting:
            continue
        group = members[record.pk].group if record.pk in members else adopt(record)
        if group is None:
            starting[identity] = record
        else:
            groups[identity] = group
        if group is not None or identity not in unmatched:
            to_compute.add(record.pk)
    groups |= dict(zip(starting, grouping.start_groups(list(starting.values())), strict=True))
    _assign(grouping, {record.pk: Member(groups[identities[record.pk]], identities[record.pk]) for record in moving})
    return to_compute


def _first_groups(grouping: Grouping[RecordT], identities: Collection[int], leaving: Sequence[int]) -> dict[int, int]:
    """Returns the group of the first record of each identity that has any, besides those that are leaving."""
    same = grouping.members_where(identity__in=identities)
    if leaving:
        same = same.exclude(pk__in=grouping.members_where(record__in=leaving).values("pk"))
    first = same.order_by().values(grouping.identity).annotate(first=Min("pk")).values("first")
    rows = grouping.members_where().filter(pk__in=[row["first"] for row in first])
    return dict(rows.values_list(f"{grouping.identity}_id", f"{grouping.group}_id"))


def _assign(grouping: Grouping[RecordT], assigned: Mapping[int, Member]) -> None:
    """Stores the group and the identity of records: in their rows if they have some, else in new ones."""
    rows = list(grouping.members_where(record__in=list(assigned)))
    for row in rows:
        group, identity = assigned[getattr(row, f"{grouping.record}_id")]
        setattr(row, f"{grouping.group}_id", group)
        setattr(row, f"{grouping.identity}_id", identity)
    grouping.members._default_manager.bulk_update(rows, [grouping.group, grouping.identity], batch_size=200)
    known = {getattr(row, f"{grouping.record}_id") for row in rows}
    insert_all(
        grouping.members,
        (grouping.member(record, *member) for record, member in assigned.items() if record not in known),
    )
