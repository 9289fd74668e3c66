"""Sections side by side that tell of one problem: "Problem", "Root cause", "Solution"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sessions.parsing.problems.parts import PROBLEMS, REPAIRS
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import Role, phrases

_BESIDE = (Role.CAUSE, Role.ANALYSIS, *REPAIRS, Role.RESULT, Role.SYMPTOMS)


def role_group(section: Node) -> Iterator[Node]:
    """Yields the cause, fix and result sections that follow a problem section at its level."""
    if section.role not in PROBLEMS or not is_bare_role(section.text) or section.parent is None:
        return
    for sibling in section.following():
        if sibling.kind is NodeKind.RULE:
            continue
        if sibling.kind is not NodeKind.SECTION or sibling.role not in _BESIDE or sibling.level != section.level:
            return
        yield sibling


def tells_one_problem(section: Node) -> bool:
    """Whether a list under "Problem" tells of one problem in several points: a section beside it tells its repair.

    A repair for each of the numbered points makes them problems of their own.
    """
    if section.kind is not NodeKind.SECTION or phrases("one_problem").get(section.text) is None:
        return False
    repairs = [part for part in role_group(section) if part.role in REPAIRS]
    return bool(repairs) and not any(_answer_each(part, section.items()) for part in repairs)


def _answer_each(repair: Node, points: Sequence[Node]) -> bool:
    numbered = len(points) > 1 and all(point.number is not None for point in points)
    return numbered and len(repair.items()) == len(points)
