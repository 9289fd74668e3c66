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


CHAIN = {10: 1, 11: 2, 12: 3}


def test_similarity_does_not_chain_in_whole_groups() -> None:
    facts = Facts(CHAIN, {(1, 2): 0.9, (2, 3): 0.8}, least=0.7, is_whole=True)
    assert groups(facts) == [[10, 11], [12]]


def test_a_whole_group_takes_what_is_similar_on_average() -> None:
    links = {(1, 2): 0.9, (2, 3): 0.9, (1, 3): 0.6}
    assert groups(Facts(CHAIN, links, least=0.7, is_whole=True)) == [[10, 11, 12]]


def test_links_under_the_least_score_join_nothing() -> None:
    assert groups(Facts(CHAIN, LINKS, least=0.85)) == [[10, 11], [12]]


def test_what_people_merged_is_one_unit_of_a_whole_group() -> None:
    """A new telling joins a merged group if it is similar to any part of it: people know that the parts are one."""
    facts = Facts(CHAIN, {(2, 3): 0.9}, [frozenset({10, 11})], least=0.7, is_whole=True)
    assert groups(facts) == [[10, 11, 12]]


@given(
    st.dictionaries(st.integers(0, 12), st.integers(0, 6), min_size=1),
    st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 6)), st.floats(0.1, 1.0), max_size=12),
    st.permutations(range(7)),
)
def test_the_order_of_arrival_makes_no_difference_to_whole_groups(
    signatures: dict[int, int], links: dict[tuple[int, int], float], numbers: list[int]
) -> None:
    """Identities get their numbers as they arrive; their ranks do not depend on it."""
    clean = {(min(pair), max(pair)): score for pair, score in links.items() if pair[0] != pair[1]}
    renamed = {record: numbers[identity] for record, identity in signatures.items()}
    pairs = {(numbers[a], numbers[b]): score for (a, b), score in clean.items()}
    turned = {(min(pair), max(pair)): score for pair, score in pairs.items()}
    ranks = {numbers[identity]: identity for identity in range(7)}
    before = Facts(signatures, clean, least=0.5, is_whole=True)
    after = Facts(renamed, turned, least=0.5, is_whole=True, ranks=ranks)
    assert group(before) == group(after)
