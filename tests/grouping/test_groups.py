"""Which errors are one problem does not depend on the order of the facts, and people's word stands above all."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from kb.grouping.groups import Facts, group

LINKS = {(1, 2): 0.9, (2, 3): 0.8}


def groups(facts: Facts) -> list[list[int]]:
    return [sorted(errors) for errors in group(facts)]


def test_equal_signatures_and_links_join() -> None:
    facts = Facts({10: 1, 11: 1, 12: 2, 13: 3, 14: 4}, LINKS)
    assert groups(facts) == [[10, 11, 12, 13], [14]]


def test_a_merge_joins_what_nothing_else_does() -> None:
    assert groups(Facts({10: 1, 11: 2, 12: 3}, {}, [frozenset({10, 12})])) == [[10, 12], [11]]


def test_a_split_holds_against_equal_signatures_and_links() -> None:
    facts = Facts({10: 1, 11: 1, 12: 2}, LINKS, (), [(frozenset({11}), frozenset({10, 12}))])
    assert groups(facts) == [[10, 12], [11]]


def test_what_comes_later_joins_beside_a_split() -> None:
    facts = Facts({10: 1, 11: 1, 12: 1}, {}, (), [(frozenset({11}), frozenset({10}))])
    assert groups(facts) == [[10, 12], [11]]


@given(
    st.dictionaries(st.integers(0, 12), st.integers(0, 6), min_size=1),
    st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 6)), st.floats(0.7, 1.0), max_size=8),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_facts_makes_no_difference(
    signatures: dict[int, int], links: dict[tuple[int, int], float], dice: random.Random
) -> None:
    shuffled = list(signatures.items())
    dice.shuffle(shuffled)
    turned = list(links.items())
    dice.shuffle(turned)
    assert group(Facts(signatures, links)) == group(Facts(dict(shuffled), dict(turned)))
