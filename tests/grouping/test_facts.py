"""The facts that the database holds on some records."""

from __future__ import annotations

from kb.grouping import decisions
from kb.grouping.facts import collect_facts, decided_groups, decisions_on
from tests.grouping.conftest import Rows


def test_decisions_in_force_become_sets_of_records(rows: Rows) -> None:
    first, second, third = rows.put(*(rows.identity() for _ in range(3)))
    merge = decisions.merge(rows.grouping, [first, second], None).decision
    decisions.split(rows.grouping, {third}, {first, second}, None)
    facts = collect_facts(rows.grouping, rows.grouping.members_of([first, second, third]))
    assert facts.together == [frozenset({first, second})]
    assert facts.apart == [(frozenset({third}), frozenset({first, second}))]
    decisions.undo(rows.grouping, merge)
    facts = collect_facts(rows.grouping, rows.grouping.members_of([first, second, third]))
    assert (facts.together, len(facts.apart)) == ([], 1)


def test_links_to_identities_outside_are_left_out(rows: Rows) -> None:
    inside, outside = rows.identity(), rows.identity()
    rows.link(inside, outside)
    record, other = rows.put(inside, outside)
    assert collect_facts(rows.grouping, rows.grouping.members_of([record])).links == {}
    assert collect_facts(rows.grouping, rows.grouping.members_of([record, other])).links == {(inside, outside): 0.9}


def test_a_group_is_decided_while_a_decision_names_one_of_its_records(rows: Rows) -> None:
    identity = rows.identity()
    first, same, other = rows.put(identity, identity, rows.identity())
    assert not decided_groups(rows.grouping, [rows.group_of(first)])
    decision = decisions.merge(rows.grouping, [same, other], None).decision
    assert decided_groups(rows.grouping, [rows.group_of(first)]) == {rows.group_of(first)}
    assert decisions_on(rows.grouping, [first]) == []
    decisions.undo(rows.grouping, decision)
    assert not decided_groups(rows.grouping, [rows.group_of(first)])
