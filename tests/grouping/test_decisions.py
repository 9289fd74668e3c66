"""Merges and splits: they hold against all else, can be undone in any order, and agree with the pure grouping."""

from __future__ import annotations

import itertools
import random

import pytest
from django.contrib.auth.models import User

from kb.grouping import decisions
from kb.grouping.evidence import merged_by
from kb.models import GroupingDecision
from tests.grouping.conftest import Rows


def test_a_merge_undoes_the_split_that_it_contradicts(rows: Rows) -> None:
    identity = rows.identity()
    first, second, third = rows.put(identity, identity, rows.identity())
    split = decisions.split(rows.grouping, {second}, {first}, None).decision
    decisions.merge(rows.grouping, [second, third], None)  # has only one side of the split
    split.refresh_from_db()
    assert split.undone_at is None
    decisions.merge(rows.grouping, [first, second], None)
    split.refresh_from_db()
    assert split.undone_at is not None
    assert rows.partition() == [[first, second, third]]


def test_a_split_holds_again_when_the_merge_that_reverted_it_is_undone(rows: Rows) -> None:
    identity = rows.identity()
    first, second, third, fourth = rows.put(identity, identity, rows.identity(), rows.identity())
    split = decisions.split(rows.grouping, {second}, {first}, None).decision
    before = rows.partition()
    assert [first] in before
    small = decisions.merge(rows.grouping, [first, second, third], None).decision
    large = decisions.merge(rows.grouping, [first, second, third, fourth], None).decision
    decisions.undo(rows.grouping, small)
    assert rows.partition() == [[first, second, third, fourth]]  # the other merge still says so
    decisions.undo(rows.grouping, large)
    split.refresh_from_db()
    assert split.undone_at is None
    assert rows.partition() == rows.computed() == before


def test_a_split_that_somebody_took_back_stays_so(rows: Rows) -> None:
    identity = rows.identity()
    first, second = rows.put(identity, identity)
    split = decisions.split(rows.grouping, {second}, {first}, None).decision
    merge = decisions.merge(rows.grouping, [first, second], None).decision
    decisions.undo(rows.grouping, GroupingDecision.objects.get(pk=split.pk))
    decisions.undo(rows.grouping, merge)
    assert rows.partition() == [[first, second]]


def test_what_arrives_later_joins_beside_a_split(rows: Rows) -> None:
    identity = rows.identity()
    first, second = rows.put(identity, identity)
    decisions.split(rows.grouping, {second}, {first}, None)
    (later,) = rows.put(identity)
    assert rows.partition() == [[first, later], [second]]


def test_a_decision_is_about_its_records(rows: Rows) -> None:
    records = rows.put(rows.identity(), rows.identity())
    merge = decisions.merge(rows.grouping, records, None)
    assert decisions.decided_records(rows.grouping, merge.decision) == records
    assert rows.group_of(records[0]) in merge.groups


def test_the_person_of_the_last_merge_is_the_reason(rows: Rows) -> None:
    first, second, third = rows.put(*(rows.identity() for _ in range(3)))
    ada = User.objects.create_user("ada")
    decisions.merge(rows.grouping, [first, second], ada)
    undone = decisions.merge(rows.grouping, [second, third], None)
    assert merged_by(rows.grouping, [first, second]) == {first: "ada", second: "somebody"}
    decisions.undo(rows.grouping, undone.decision)
    assert merged_by(rows.grouping, [first, second, third]) == {first: "ada", second: "ada"}


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_imports_and_decisions_gives_the_computed_groups(rows: Rows, seed: int) -> None:
    """Each step regroups only what is connected; the result is always that of grouping everything at once."""
    dice = random.Random(seed)
    identities = [rows.identity() for _ in range(8)]
    for one, other in dice.sample(list(itertools.combinations(identities, 2)), 4):
        rows.link(one, other, dice.choice((0.7, 0.8, 0.9)))
    for _ in range(14):
        _step(rows, dice, identities)
        assert rows.partition() == rows.computed()
    for decision in GroupingDecision.objects.filter(undone_at=None):
        decisions.undo(rows.grouping, decision)
    assert rows.partition() == rows.computed()


def _step(rows: Rows, dice: random.Random, identities: list[int]) -> None:
    groups = rows.partition()
    large = [group for group in groups if len(group) > 1]
    in_force = list(GroupingDecision.objects.filter(undone_at=None))
    choice = dice.random()
    if choice < 0.2 and len(groups) > 1:
        one, other = dice.sample(groups, 2)
        decisions.merge(rows.grouping, one + other, None)
    elif choice < 0.4 and large:
        group = dice.choice(large)
        leaving = set(dice.sample(group, dice.randrange(1, len(group))))
        decisions.split(rows.grouping, leaving, set(group) - leaving, None)
    elif choice < 0.5 and in_force:
        decisions.undo(rows.grouping, dice.choice(in_force))
    else:
        rows.put(*(dice.choice(identities) for _ in range(2)))
