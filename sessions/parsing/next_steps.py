"""Extracts what is left to do, one record a top-level step, with its sub-steps in its detail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.document import Kind, Node
from sessions.parsing.entries import Entry, entries, is_nothing, listings
from sessions.parsing.priorities import priority_of
from sessions.parsing.reading import Reading
from sessions.parsing.text import headline, plain
from sessions.parsing.vocabulary import Role, fold, phrases
from sessions.records import NextStepRecord

_NO_STEPS = (
    Role.COMMANDS,
    Role.FILES,
    Role.REFERENCES,
    Role.COMMITS,
    Role.CHECKLIST,
    Role.COMPLETED,
    Role.RATIONALE,
)
_ELSEWHERE = (Role.LEARNINGS, Role.DECISIONS, Role.REFERENCES, Role.COMMITS, Role.CHECKLIST)
_STRUCK = re.compile(r"^~~.+~~")
_DONE_MARK = re.compile(r"^(?:✅|✔|✓|☑|\[x\])|(?:✅|✔|✓)\W*$")


def extract_next_steps(reading: Reading) -> tuple[NextStepRecord, ...]:
    """The steps of all listings of the session; a step that is stated again is the same step."""
    steps: dict[str, NextStepRecord] = {}
    for listing in listings(reading, Role.NEXT_STEPS, Role.BLOCKERS, outside=_ELSEWHERE):
        reading.context("next_steps", f"the heading {listing.text!r}", (listing.first, listing.first))
        for step in _steps(reading, listing):
            known = steps.setdefault(fold(step.text), step)
            if known is not step:
                reading.claim("next_steps", "states a step again", step.lines)
    for step in _labelled(reading):
        steps.setdefault(fold(step.text), step)
    return tuple(steps.values())


def _steps(reading: Reading, listing: Node) -> Iterator[NextStepRecord]:
    for entry in entries(listing, skip=_NO_STEPS):
        for group in entry.groups:
            reading.context("next_steps", f"groups steps: {group.text!r}", (group.first, group.first))
        reading.claim("next_steps", f"listed under {listing.text!r}", entry.span)
        yield _step(reading, entry, listing)


def _step(reading: Reading, entry: Entry, listing: Node) -> NextStepRecord:
    node = entry.node
    whole = " ".join(node.cells) if node.cells else node.text
    return NextStepRecord(
        text=entry.text,
        line=entry.span[0],
        lines=entry.span,
        detail=_detail(reading, node),
        priority=priority_of(whole, (listing, *entry.groups)),
        blocker=_is_blocker(node, listing, entry),
        done=_is_done(node),
    )


def _detail(reading: Reading, node: Node) -> str:
    """Everything below the step's own first line, as written."""
    if node.last <= node.first:
        return ""
    return reading.document.source((node.first + 1, node.last)).strip("\n")


def _is_blocker(node: Node, listing: Node, entry: Entry) -> bool:
    if listing.role is Role.BLOCKERS or any(group.role is Role.BLOCKERS for group in entry.groups):
        return True
    if node.text in phrases("blocking"):
        return True
    return any(child.label and child.label in phrases("blocking") for child in node.walk())


def _is_done(node: Node) -> bool:
    if node.checked is not None:
        return node.checked
    text = node.text.strip()
    return bool(_STRUCK.match(text) or _DONE_MARK.search(text)) or any(
        phrases("done").get(part) for part in re.findall(r"[(\[]([^()\[\]]{2,20})[)\]]\W*$", text)
    )


def _labelled(reading: Reading) -> Iterator[NextStepRecord]:
    """ "**Next step**: …" and "**Blocker**: …" with the step behind the colon."""
    for node in reading.walk():
        if node.kind not in (Kind.STATEMENT, Kind.ITEM) or not node.value or not node.label or not node.bold:
            continue
        if node.role not in (Role.NEXT_STEPS, Role.BLOCKERS) or is_nothing(plain(node.value)):
            continue
        if any(a.role in (Role.NEXT_STEPS, Role.BLOCKERS, *_ELSEWHERE) for a in node.ancestors()):
            continue
        reading.claim("next_steps", f"labelled {node.label!r}", node.span)
        yield NextStepRecord(
            text=headline(node.value),
            line=node.first,
            lines=node.span,
            priority=priority_of(node.value),
            blocker=node.role is Role.BLOCKERS,
            done=_is_done(node),
        )
