"""The priority of a step."""

from __future__ import annotations

import pytest

from sessions.parsing.priorities import priority_of, priority_of_groups, says_blocking
from sessions.parsing.tree.document import Node, NodeKind


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("rebuild the index (P1)", "P1"),
        ("rebuild the index (high priority)", "P1"),
        ("Index neu aufbauen (dringend)", "P0"),
        ("rebuild the index (not urgent)", None),
        ("Index neu aufbauen (nicht dringend)", None),
        ("rebuild the index (medium-term)", None),
        ("🔴 rebuild the index", "P0"),
        ("rebuild the index", None),
        ("rebuild the index before P1 ships", None),  # a priority that is only mentioned
        ("write the P0 plan of the crane", None),
        ("rebuild the index, priority P1 today", "P1"),
        ("rebuild the index — P2", "P2"),
        ("rebuild the index (P0-4)", None),  # the number of an item
        ("[2순위] rebuild the index", "P2"),
        ("rebuild the index (prioritate 3)", "P3"),
    ],
)
def test_by_its_own_words(text: str, priority: str | None) -> None:
    assert priority_of(text) == priority


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("blocks the release", True),
        ("waiting for the tide", True),
        ("not blocking the release", False),
        ("no blockers", False),
        ("blocks #12", True),
        ("render the 730 blocks of the chart", False),
        ("keep the thinking blocks", False),
        ("move the blocking call into a worker", False),
        ("의존성 업데이트", False),
        ("依存関係を更新する", False),
        ("this is not a release blocker", False),
        ("no longer a hard blocker for the crane", False),
        ("the login is not working and blocks the crane", True),
        ("rebuild the index", False),
    ],
)
def test_says_that_it_blocks(text: str, blocks: bool) -> None:
    assert says_blocking(text) == blocks


def test_by_its_innermost_group() -> None:
    groups = [Node(NodeKind.SECTION, 1, 1, title) for title in ("High priority", "Low priority", "Backend")]
    assert priority_of_groups(groups) == "P3"
