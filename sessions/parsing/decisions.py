"""Extracts decisions: one record a choice stated as such, with its reasons where they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.document import Kind, Node
from sessions.parsing.entries import entries, is_nothing, listings
from sessions.parsing.learnings import lesson_text
from sessions.parsing.reading import Reading
from sessions.parsing.roles import role_of
from sessions.parsing.text import headline, plain
from sessions.parsing.vocabulary import Role
from sessions.records import DecisionRecord

_REASONS = (Role.RATIONALE, Role.CAUSE, Role.ANALYSIS)
_BECAUSE = re.compile(r"\s(?:—|–|because|since|weil|porque|parce que|perché|потому что)\s", re.IGNORECASE)


def extract_decisions(reading: Reading) -> tuple[DecisionRecord, ...]:
    found: list[DecisionRecord] = []
    for listing in listings(reading, Role.DECISIONS, outside=(Role.NEXT_STEPS, Role.LEARNINGS)):
        reading.context("decisions", f"the heading {listing.text!r}", (listing.first, listing.first))
        for entry in entries(listing, skip=(Role.REFERENCES, Role.RATIONALE)):
            reading.claim("decisions", f"listed under {listing.text!r}", entry.span)
            text = lesson_text(entry.text, entry.node)
            found.append(DecisionRecord(text, entry.span[0], entry.span, _rationale(entry.node)))
    found += _labelled(reading)
    return tuple(sorted(found, key=lambda record: record.line))


def _rationale(node: Node) -> str:
    """What stands behind "Rationale:" under the choice, in its column, or behind a dash or a "because"."""
    for cell, title in zip(node.cells, node.header, strict=False):
        if role_of(title) in _REASONS:
            return plain(cell)
    for child in node.walk():
        if child is not node and child.label and child.role in _REASONS:
            return plain(child.value) or "\n".join(plain(item.text) for item in child.children)
    parts = _BECAUSE.split(plain(node.text), maxsplit=1)
    return parts[1] if len(parts) == 2 else ""


def _labelled(reading: Reading) -> Iterator[DecisionRecord]:
    """ "**Decision**: …" anywhere else."""
    for node in reading.walk():
        if node.role is not Role.DECISIONS or node.kind not in (Kind.STATEMENT, Kind.ITEM) or not node.bold:
            continue
        if not node.label or not node.value or is_nothing(node.value):
            continue
        if any(a.role in (Role.DECISIONS, Role.NEXT_STEPS) for a in node.ancestors()):
            continue
        reading.claim("decisions", f"labelled {node.label!r}", node.span)
        yield DecisionRecord(headline(node.value), node.first, node.span, _rationale(node))
