"""The first group of a record that was just stored, and whether its groups have to be computed."""

from __future__ import annotations

from kb.grouping import decisions
from kb.grouping.placement import place
from tests.grouping.conftest import Rows


def test_the_first_record_of_an_unmatched_identity_starts_a_group(rows: Rows) -> None:
    identity = rows.identity()
    first, second = rows.record(), rows.record()
    by_record = {first.pk: identity, second.pk: identity}
    assert place(rows.grouping, [first, second], {}, by_record, {identity}) == set()
    assert rows.group_of(first.pk) == rows.group_of(second.pk)


def test_a_known_identity_brings_its_group_along(rows: Rows) -> None:
    identity = rows.identity()
    (known,) = rows.put(identity)
    record = rows.record()
    assert place(rows.grouping, [record], {}, {record.pk: identity}, set()) == set()
    assert rows.group_of(record.pk) == rows.group_of(known)


def test_an_identity_with_links_or_decisions_has_to_be_computed(rows: Rows) -> None:
    decided = rows.identity()
    records = rows.put(decided, rows.identity())
    decisions.merge(rows.grouping, records, None)
    linked, known = rows.record(), rows.record()
    by_record = {linked.pk: rows.identity(), known.pk: decided}
    assert place(rows.grouping, [linked, known], {}, by_record, set()) == {linked.pk, known.pk}


def test_a_changed_identity_moves_the_record(rows: Rows) -> None:
    old, new = rows.identity(), rows.identity()
    moving, target = rows.put(old, new)
    record = rows.grouping.members_where(record=moving).get()
    owner = getattr(record, rows.grouping.record)
    members = rows.grouping.members_of([moving])
    assert place(rows.grouping, [owner], members, {moving: old}, set()) == set()
    assert place(rows.grouping, [owner], members, {moving: new}, set()) == {moving}
    assert rows.group_of(moving) == rows.group_of(target)
    assert rows.grouping.members_of([moving])[moving].identity == new


def test_a_group_without_records_is_adopted_before_a_new_one_is_started(rows: Rows) -> None:
    (abandoned,) = rows.grouping.start_groups([rows.record()])
    record, other = rows.record(), rows.record()
    by_record = {record.pk: rows.identity(), other.pk: rows.identity()}
    adopt = {record.pk: abandoned}
    place(rows.grouping, [record, other], {}, by_record, set(by_record.values()), lambda r: adopt.get(r.pk))
    assert rows.group_of(record.pk) == abandoned != rows.group_of(other.pk)
