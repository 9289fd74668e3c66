"""Groups keep their rows: the oldest one wins, what was merged comes back, and nothing is left without records."""

from __future__ import annotations

from kb.grouping import decisions
from kb.grouping.assignment import recompute_groups
from tests.grouping.conftest import Rows


def test_joining_groups_keeps_the_oldest_and_removes_the_others(rows: Rows) -> None:
    one, other = rows.identity(), rows.identity()
    first, second = rows.put(one, other)
    kept, removed = rows.group_of(first), rows.group_of(second)
    rows.link(one, other)
    assert recompute_groups(rows.grouping, [second]) == {kept, removed}
    assert rows.group_of(second) == kept
    assert not rows.groups().filter(pk=removed).exists()


def test_a_split_off_part_gets_a_row_of_its_own(rows: Rows) -> None:
    identity = rows.identity()
    first, second = rows.put(identity, identity)
    kept = rows.group_of(first)
    decisions.split(rows.grouping, {second}, {first}, None)
    assert rows.group_of(first) == kept
    assert rows.group_of(second) not in (kept, None)


def test_computing_again_changes_nothing(rows: Rows) -> None:
    identities = [rows.identity() for _ in range(3)]
    rows.link(identities[0], identities[2])
    records = rows.put(*identities)
    before = [rows.group_of(record) for record in records]
    recompute_groups(rows.grouping, records)
    assert [rows.group_of(record) for record in records] == before


def test_nothing_to_compute_asks_nothing(rows: Rows) -> None:
    assert recompute_groups(rows.grouping, []) == set()
    assert recompute_groups(rows.grouping, [rows.record().pk]) == set()
