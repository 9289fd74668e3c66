"""Places the records of a session that was just stored in their groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from kb.grouping.description import Grouping, Member, RecordT
from kb.grouping.facts import is_decided


def place(
    grouping: Grouping[RecordT],
    records: Sequence[RecordT],
    members: Mapping[int, Member],
    identities: Mapping[int, int],
    unmatched: Collection[int],
    adopt: Callable[[RecordT], int | None] = lambda record: None,
) -> set[int]:
    """Gives each record its identity and a first group. Returns the records whose groups have to be recomputed.

    members    the records that were grouped before
    unmatched  new identities similar to no other: their first records start groups of their own, all in one statement
    adopt      finds a group without records for a record that would otherwise start its own
    """
    first = {identities[record.pk]: record for record in reversed(records) if record.pk not in members}
    starting = [
        record
        for record in records
        if identities[record.pk] in unmatched and first.get(identities[record.pk]) is record and adopt(record) is None
    ]
    _start(grouping, starting, identities)
    started = {record.pk for record in starting}
    rest = [record for record in records if record.pk not in started]
    return {r.pk for r in rest if _join(grouping, r, members.get(r.pk), identities[r.pk], adopt)}


def _start(grouping: Grouping[RecordT], records: Sequence[RecordT], identities: Mapping[int, int]) -> None:
    groups = grouping.start_groups(records)
    grouping.members._default_manager.bulk_create(
        grouping.member(record.pk, group, identities[record.pk]) for record, group in zip(records, groups, strict=True)
    )


def _join(
    grouping: Grouping[RecordT],
    record: RecordT,
    member: Member | None,
    identity: int,
    adopt: Callable[[RecordT], int | None],
) -> bool:
    """Gives a record its identity. Returns whether its group has to be recomputed.

    The usual case is quick: an identity that is known and that nobody decided on brings its group along.
    """
    if member is not None and member.identity == identity:
        return False
    same = grouping.members_where(identity=identity).exclude(**{grouping.record: record}).order_by("pk")
    group = same.values_list(f"{grouping.group}_id", flat=True).first()
    is_known = group is not None
    if group is None:
        group = member.group if member else adopt(record)
    if group is None:
        (group,) = grouping.start_groups([record])
    if member is not None:
        grouping.members_where(record=record.pk).update(**{grouping.group: group, grouping.identity: identity})
        return True
    grouping.member(record.pk, group, identity).save(force_insert=True)
    return not is_known or is_decided(grouping, group)
