"""The layout of a log, and its headings that nothing is known of: what one teaches the parser by."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sessions.parsing.document import Document, Kind, Node
from sessions.parsing.roles import heading_key
from sessions.records import LineCoverage

_MOST_HEADINGS = 8
_MOST_UNKNOWN = 20
_TOP = 2  # levels of headings that make a layout


@dataclass(frozen=True, slots=True)
class Layout:
    """name: the known headings of a log in their order; unknown: lines not understood, by the heading over them."""

    name: str
    unknown: dict[str, int]


def layout_of(document: Document, coverage: LineCoverage) -> Layout:
    """What sections a log has, named by their roles, and how much lies under headings without one."""
    sections = [node for node in document.walk() if node.kind is Kind.SECTION]
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
    """The innermost section over a line."""
    at = bisect_right(starts, number) - 1
    if at < 0:
        return None
    around = (sections[at], *sections[at].ancestors())
    return next((node for node in around if node.kind is Kind.SECTION and node.last >= number), None)
