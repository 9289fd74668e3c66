"""The layout of a log and its unknown headings, from which people teach the parser."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sessions.parsing.tree.document import Document, Node, NodeKind
from sessions.parsing.tree.roles import heading_key
from sessions.records import LineCoverage

_MOST_HEADINGS = 8
_MOST_UNKNOWN = 20
_TOP = 2  # levels of headings that make up a layout


@dataclass(frozen=True, slots=True)
class Layout:
    """The known headings of a log in order, and how many lines below each unknown heading were not understood."""

    name: str
    unknown: dict[str, int]


def layout_of(document: Document, coverage: LineCoverage) -> Layout:
    """Returns the roles of a log's sections, and how much is below headings without a role."""
    sections = [node for node in document.walk() if node.kind is NodeKind.SECTION]
    roles = dict.fromkeys(str(node.role) for node in sections if node.role and node.level <= _TOP + 1)
    starts = [node.first for node in sections]
    unknown: Counter[str] = Counter()
    for first, last in coverage.unparsed:
        for number in range(first, last + 1):
            section = _section_of(number, sections, starts)
            if section and section.role is None and (heading := heading_key(section.text)):
                unknown[heading] += 1
    name = " · ".join(list(roles)[:_MOST_HEADINGS]) or "no known heading"
    return Layout(name, dict(unknown.most_common(_MOST_UNKNOWN)))


def _section_of(number: int, sections: Sequence[Node], starts: Sequence[int]) -> Node | None:
    """Returns the innermost section around a line."""
    at = bisect_right(starts, number) - 1
    if at < 0:
        return None
    around = (sections[at], *sections[at].ancestors())
    return next((node for node in around if node.kind is NodeKind.SECTION and node.last >= number), None)
