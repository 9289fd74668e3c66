"""Accounts for every non-blank line of a log: in a record, known context, or not understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sessions.parsing.document import PSEUDO_HEADING_LEVEL, Document, Kind, Node
from sessions.parsing.reading import Claim, Reading
from sessions.parsing.vocabulary import Role
from sessions.records import LineCoverage, Span

# Sections that tell what was done or where to read on: understood, though nothing in them is a record.
_NARRATIVE = frozenset(
    {
        Role.SUMMARY, Role.COMPLETED, Role.TESTING, Role.TIMELINE, Role.REFERENCES, Role.CHECKLIST, Role.RESULT,
        Role.IMPACT, Role.LOCATION, Role.COMMANDS, Role.FILES, Role.COMMITS, Role.ENVIRONMENT, Role.METRICS,
        Role.OBJECTIVES, Role.RATIONALE,
    }
)  # fmt: skip


def measure_coverage(document: Document, readings: Sequence[Reading]) -> LineCoverage:
    """Lines in records, in context and in neither; the three add up to the non-blank lines of the log."""
    filled = {number for number, line in enumerate(document.lines, start=1) if line.strip()}
    claims = all_claims(document, readings)
    recorded = _lines(claim.span for claim in claims if claim.recorded) & filled
    context = (_lines(claim.span for claim in claims if not claim.recorded) & filled) - recorded
    return LineCoverage(len(filled), len(recorded), len(context), _spans(sorted(filled - recorded - context)))


def all_claims(document: Document, readings: Sequence[Reading]) -> list[Claim]:
    """What the extractors took, then what the shape of the log makes known context."""
    return [*(claim for reading in readings for claim in reading.claims), *_known_context(document)]


def _lines(spans: Iterable[Span]) -> set[int]:
    return {number for first, last in spans for number in range(first, last + 1)}


def _known_context(document: Document) -> Iterator[Claim]:
    """Headings, rules, table heads, and everything in sections that tell rather than list."""
    for node in document.walk():
        if node.kind is Kind.SECTION:
            role = f"a heading: {node.role}" if node.role else "a heading"
            yield Claim((node.first, _heading_end(node)), "structure", role, recorded=False)
        elif node.kind is Kind.RULE:
            yield Claim(node.span, "structure", "a rule", recorded=False)
        elif node.kind is Kind.TABLE:
            yield Claim((node.first, node.first + 1), "structure", "a table's head", recorded=False)
        if node.role in _NARRATIVE and node.kind in (Kind.SECTION, Kind.STATEMENT, Kind.ITEM):
            yield Claim(node.span, "structure", f"told under {node.text[:40]!r} ({node.role})", recorded=False)


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
