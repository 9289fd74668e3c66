"""Accounts for every non-blank line of a log: in a record, in known context, or not understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sessions.parsing.reading import Claim, Reading
from sessions.parsing.tree.document import PSEUDO_HEADING_LEVEL, Document, Node, NodeKind
from sessions.parsing.vocabulary import Role
from sessions.records import LineCoverage, Span

# Sections that say what was done or where to read more: understood, though not part of a record.
_NARRATIVE = frozenset(
    {
        Role.SUMMARY, Role.COMPLETED, Role.TESTING, Role.TIMELINE, Role.REFERENCES, Role.CHECKLIST, Role.RESULT,
        Role.IMPACT, Role.LOCATION, Role.COMMANDS, Role.FILES, Role.COMMITS, Role.ENVIRONMENT, Role.METRICS,
        Role.OBJECTIVES, Role.RATIONALE,
    }
)  # fmt: skip


def measure_coverage(document: Document, readings: Sequence[Reading]) -> LineCoverage:
    """Returns how many lines are in records, in context and in neither, which adds up to all non-blank lines."""
    filled = {number for number, line in enumerate(document.lines, start=1) if line.strip()}
    claims = all_claims(document, readings)
    recorded = _lines(claim.span for claim in claims if claim.recorded) & filled
    context = (_lines(claim.span for claim in claims if not claim.recorded) & filled) - recorded
    return LineCoverage(len(filled), len(recorded), len(context), _spans(sorted(filled - recorded - context)))


def all_claims(document: Document, readings: Sequence[Reading]) -> list[Claim]:
    """Returns the claims of the extractors, then those on lines that the structure of the log makes known context."""
    return [*(claim for reading in readings for claim in reading.claims), *_known_context(document)]


def _lines(spans: Iterable[Span]) -> set[int]:
    return {number for first, last in spans for number in range(first, last + 1)}


def _known_context(document: Document) -> Iterator[Claim]:
    """Yields claims on headings, rules, table heads, and everything in narrative sections."""
    for node in document.walk():
        if node.kind is NodeKind.SECTION:
            role = f"a heading: {node.role}" if node.role else "a heading"
            yield Claim((node.first, _heading_end(node)), "structure", role, recorded=False)
        elif node.kind is NodeKind.RULE:
            yield Claim(node.span, "structure", "a rule", recorded=False)
        elif node.kind is NodeKind.TABLE:
            yield Claim((node.first, node.first + 1), "structure", "a table's head", recorded=False)
        if node.role in _NARRATIVE and node.kind in (NodeKind.SECTION, NodeKind.STATEMENT, NodeKind.ITEM):
            yield Claim(node.span, "structure", f"narrative under {node.text[:40]!r} ({node.role})", recorded=False)


def _heading_end(section: Node) -> int:
    first_child = section.children[0].first if section.children else section.last + 1
    if section.level >= PSEUDO_HEADING_LEVEL:
        return section.first
    return min(section.first + 2, first_child - 1) if first_child > section.first else section.first


def _spans(numbers: Sequence[int]) -> tuple[Span, ...]:
    """Returns runs of line numbers as spans, separated by blank lines."""
    spans: list[Span] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return tuple(spans)
