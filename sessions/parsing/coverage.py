"""Accounts for every non-blank line of a log: in a record, known context, or not understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sessions.parsing.document import PSEUDO_HEADING_LEVEL, Document, Kind, Node
from sessions.parsing.reading import Reading
from sessions.parsing.vocabulary import Role
from sessions.records import Coverage, Span

# Sections that tell what was done or where to read on: understood, though nothing in them is a record.
_NARRATIVE = frozenset(
    {
        Role.SUMMARY, Role.COMPLETED, Role.TESTING, Role.TIMELINE, Role.REFERENCES, Role.CHECKLIST, Role.RESULT,
        Role.IMPACT, Role.LOCATION, Role.COMMANDS, Role.FILES, Role.COMMITS, Role.ENVIRONMENT, Role.METRICS,
        Role.OBJECTIVES, Role.RATIONALE,
    }
)  # fmt: skip


def measure_coverage(document: Document, readings: Sequence[Reading]) -> Coverage:
    """Lines in records, in context and in neither; the three add up to the non-blank lines of the log."""
    filled = {number for number, line in enumerate(document.lines, start=1) if line.strip()}
    claims = [claim for reading in readings for claim in reading.claims]
    recorded = _lines(claim.span for claim in claims if claim.recorded)
    context = _lines(claim.span for claim in claims if not claim.recorded)
    context |= _known_context(document)
    recorded &= filled
    context = (context & filled) - recorded
    return Coverage(len(filled), len(recorded), len(context), _spans(sorted(filled - recorded - context)))


def _lines(spans: Iterable[Span]) -> set[int]:
    return {number for first, last in spans for number in range(first, last + 1)}


def _known_context(document: Document) -> set[int]:
    """Headings, rules, table heads, and everything in sections that tell rather than list."""
    known: set[int] = set()
    for node in document.walk():
        if node.kind is Kind.SECTION:
            known.update(range(node.first, _heading_end(node) + 1))
        elif node.kind is Kind.RULE:
            known.update(range(node.first, node.last + 1))
        elif node.kind is Kind.TABLE:
            known.update((node.first, node.first + 1))
        if node.role in _NARRATIVE and node.kind in (Kind.SECTION, Kind.STATEMENT, Kind.ITEM):
            known.update(range(node.first, node.last + 1))
    return known


def _heading_end(section: Node) -> int:
    first_child = section.children[0].first if section.children else section.last + 1
    if section.level >= PSEUDO_HEADING_LEVEL:
        return section.first
    return min(section.first + 2, first_child - 1) if first_child > section.first else section.first


def _spans(numbers: Sequence[int]) -> tuple[Span, ...]:
    """Runs of line numbers as spans. Blank lines between divide them."""
    spans: list[Span] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return tuple(spans)
