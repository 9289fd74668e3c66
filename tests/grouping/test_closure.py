"""What is connected to a record: by its group, its identity, a link or a decision, and only while that holds."""

from __future__ import annotations

from kb.grouping import decisions
from kb.grouping.closure import connected_members
from tests.grouping.conftest import Rows


def connected(rows: Rows, record: int) -> set[int]:
    return set(connected_members(rows.grouping, [record]))


def test_equal_identities_and_chains_of_links_connect(rows: Rows) -> None:
    identities = [rows.identity() for _ in range(4)]
    rows.link(identities[0], identities[1])
    rows.link(identities[1], identities[2])
    first, same, second, third, alone = rows.put(identities[0], *identities)
    assert connected(rows, first) == {first, same, second, third}
    assert connected(rows, alone) == {alone}


def test_a_decision_connects_both_of_its_sides_until_it_is_undone(rows: Rows) -> None:
    left, right = rows.put(rows.identity(), rows.identity())
    split = decisions.split(rows.grouping, {left}, {right}, None).decision
    assert connected(rows, left) == {left, right}
    decisions.undo(rows.grouping, split)
    assert connected(rows, left) == {left}


def test_records_without_a_member_connect_nothing(rows: Rows) -> None:
    rows.put(rows.identity())
    assert connected(rows, rows.record().pk) == set()
