"""What differs between two states of the issues."""

from __future__ import annotations

import pytest

from kb.linking.changes import Changes, compare


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({1: 10, 2: 11}, {1: 10, 2: 11}, Changes({}, {}), id="nothing"),
        pytest.param({1: 10, 2: 11}, {1: 10, 2: 10}, Changes({11: 10}, {}), id="one joined"),
        pytest.param({1: 10, 2: 11, 3: 12}, {1: 10, 2: 10, 3: 10}, Changes({11: 10, 12: 10}, {}), id="two joined"),
        pytest.param({1: 10, 2: 10}, {1: 10, 2: 20}, Changes({}, {10: [10, 20]}), id="one divided"),
        pytest.param(
            {1: 10, 2: 11, 3: 11}, {1: 10, 2: 10, 3: 11}, Changes({}, {11: [10, 11]}), id="a part goes elsewhere"
        ),
        pytest.param({1: 10}, {1: 20}, Changes({}, {}), id="only another number"),
        pytest.param({1: 10, 2: 11}, {1: 10, 3: 11}, Changes({}, {}), id="errors of only one state do not count"),
    ],
)
def test_states_are_compared_by_the_errors_of_both(
    before: dict[int, int], after: dict[int, int], expected: Changes
) -> None:
    assert compare(before, after) == expected
