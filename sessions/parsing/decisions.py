"""Extracts decisions: one record for each choice stated as such, with its reasons if they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.learnings import lesson_text
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import Entry, entries, is_nothing, is_record, listings, without_remarks
from sessions.parsing.tree.roles import role_of
from sessions.parsing.vocabulary import Role, any_of, words
from sessions.records import DecisionRecord
from sessions.text import headline, plain

_REASONS = (Role.RATIONALE, Role.CAUSE, Role.ANALYSIS)
_TITLE = re.compile(rf"^\W{{0,9}}{any_of(words('title_words'))}\W{{0,9}}$", re.IGNORECASE)
_BECAUSE = re.compile(rf"\s(?:—|–|{any_of(words('reasons'))})\s", re.IGNORECASE)


def extract_decisions(reading: Reading) -> tuple[DecisionRecord, ...]:
    decisions: list[DecisionRecord] = []
    for listing in listings(reading, Role.DECISIONS, outside=(Role.NEXT_STEPS, Role.LEARNINGS)):
        reading.context("decisions", f"the heading {listing.text!r}", (listing.first, listing.first))
        for entry in _entries(listing):
            reading.claim("decisions", f"listed under {listing.text[:60]!r}", entry.span)
            text = _text(entry)
            decisions.append(DecisionRecord(text, entry.span[0], entry.span, _rationale(entry.node)))
    decisions += _labelled(reading)
    return tuple(sorted(decisions, key=lambda record: record.line))


def _entries(listing: Node) -> list[Entry]:
    if is_record(listing):
        return [Entry(listing, headline(listing.text), listing.span)]
    return without_remarks(entries(listing, skip=(Role.REFERENCES, Role.RATIONALE)), Role.DECISIONS)


def _text(entry: Entry) -> str:
    """Returns the words of a decision. If it has parts, those are its title, its heading and its "Decision"."""
    if not is_record(entry.node):
        return lesson_text(entry.text, entry.node)
    stated = [child for child in entry.node.children if child.role is Role.DECISIONS]
    choices = [plain(part.value) if part.label and part.value else lesson_text("", part).strip() for part in stated]
    titles = [lesson_text("", child).strip() for child in entry.node.children if _TITLE.match(child.text)]
    return "\n".join(part for part in [*titles, entry.text, *choices] if part)


def _rationale(node: Node) -> str:
    """Returns the reasons under "Rationale:", in the column of reasons, or after a dash or a "because"."""
    for cell, title in zip(node.cells, node.header, strict=False):
        if role_of(title) in _REASONS:
            return plain(cell)
    for child in node.walk():
        if child is not node and child.role in _REASONS and (child.label or child.kind is NodeKind.SECTION):
            return plain(child.value if child.label else "") or "\n".join(plain(item.text) for item in child.children)
    parts = _BECAUSE.split(plain(node.text), maxsplit=1)
    return parts[1] if len(parts) == 2 else ""


def _labelled(reading: Reading) -> Iterator[DecisionRecord]:
    """Yields the decisions of "**Decision**: …" anywhere else."""
    for node in reading.walk():
        if node.role is not Role.DECISIONS or node.kind not in (NodeKind.STATEMENT, NodeKind.ITEM) or not node.bold:
            continue
        if not node.label or not node.value or is_nothing(node.value):
            continue
        if any(a.role in (Role.DECISIONS, Role.NEXT_STEPS) for a in node.ancestors()):
            continue
        reading.claim("decisions", f"labelled {node.label!r}", node.span)
        yield DecisionRecord(headline(node.value), node.first, node.span, _rationale(node))
