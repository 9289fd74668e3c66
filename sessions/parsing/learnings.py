"""Extracts lessons: one record for each lesson stated as such."""

from __future__ import annotations

from collections.abc import Iterator

from sessions.parsing.next_steps import labels_step
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import entries, is_nothing, listings, without_remarks
from sessions.parsing.vocabulary import Role
from sessions.records import LearningRecord
from sessions.text import headline


def extract_learnings(reading: Reading) -> tuple[LearningRecord, ...]:
    lessons: list[LearningRecord] = []
    for listing in listings(reading, Role.LEARNINGS, outside=(Role.NEXT_STEPS,)):
        reading.context("learnings", f"the heading {listing.text!r}", (listing.first, listing.first))
        listed = entries(listing, skip=(Role.REFERENCES, Role.COMMANDS, Role.NEXT_STEPS))
        for entry in without_remarks(listed, Role.LEARNINGS):
            if labels_step(entry.node):
                continue
            reading.claim("learnings", f"listed under {listing.text!r}", entry.span)
            lessons.append(LearningRecord(lesson_text(entry.text, entry.node), entry.span[0], entry.span))
    lessons += _labelled(reading)
    return tuple(sorted(lessons, key=lambda record: record.line))


def lesson_text(title: str, node: Node) -> str:
    """Returns the words of a lesson: a heading together with the statements below it."""
    if node.kind is not NodeKind.SECTION:
        return title
    texts = [headline(child.text) for child in node.children if child.kind in (NodeKind.STATEMENT, NodeKind.ITEM)]
    return "\n".join([title, *texts])


def _labelled(reading: Reading) -> Iterator[LearningRecord]:
    """Yields the lessons of "**Lesson**: …" anywhere else."""
    for node in reading.walk():
        if node.role is not Role.LEARNINGS or node.kind not in (NodeKind.STATEMENT, NodeKind.ITEM) or not node.bold:
            continue
        if not node.label or not node.value or is_nothing(node.value):
            continue
        if any(a.role in (Role.LEARNINGS, Role.NEXT_STEPS) for a in node.ancestors()):
            continue
        reading.claim("learnings", f"labelled {node.label!r}", node.span)
        yield LearningRecord(headline(node.value), node.first, node.span)
