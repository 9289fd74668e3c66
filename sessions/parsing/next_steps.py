"""Extracts what is left to do: one record per top-level step, with its sub-steps in its detail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sessions.parsing.metadata.durations import is_duration
from sessions.parsing.priorities import priority_of, priority_of_groups, says_blocking
from sessions.parsing.reading import Reading
from sessions.parsing.repeated_steps import add_step
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import Entry, entries, is_labelled_line, is_nothing, listings
from sessions.parsing.tree.roles import begins_with_role, is_bare_role, names_role, role_of
from sessions.parsing.vocabulary import Key, Role, phrases, table
from sessions.records import NextStepRecord, Priority, Span
from sessions.text import comparable, headline, plain

_NO_STEPS = (
    Role.COMMANDS, Role.FILES, Role.REFERENCES, Role.COMMITS, Role.CHECKLIST, Role.COMPLETED, Role.RATIONALE,
)  # fmt: skip
_PARTS = (Role.SYMPTOMS, Role.CAUSE, Role.ANALYSIS, Role.FIXES, Role.ATTEMPT, Role.RESULT, Role.IMPACT)
_TOPICS = (Role.REFERENCES, Role.COMMITS)
_NO_BOXES = frozenset({
    *_TOPICS, Role.DECISIONS, Role.CHECKLIST, Role.LEARNINGS, Role.TESTING, Role.OBJECTIVES, Role.COMPLETED,
    Role.NEXT_STEPS, Role.BLOCKERS,
})  # fmt: skip
_OPEN = re.compile(r"[⏳⌛⬜🔲☐🔜]")
_LEAST_WORDS = 2  # of each part of a value that lists several steps
_MARK = re.compile(r"[;；()（）]")
_STRUCK = re.compile(r"^~~.+~~")
_IN_BRACKETS_AT_END = re.compile(r"[(\[]([^()\[\]]{2,20})[)\]]\W{0,30}$")
_ADDRESS = re.compile(r"<?\w{2,9}://\S+")
_STANDS = (Key.DATE, Key.DURATION, Key.STATUS)
_DONE_MARK = re.compile(r"^(?:✅|✔|✓|☑|\[x\])|(?:✅|✔|✓)\W{0,30}$")


def extract_next_steps(reading: Reading) -> tuple[NextStepRecord, ...]:
    """Returns the steps of all listings of the session. A step that is stated again is merged."""
    steps: list[NextStepRecord] = []
    listed = listings(reading, Role.NEXT_STEPS, Role.BLOCKERS, outside=(Role.DECISIONS, Role.CHECKLIST))
    for listing in [*(node for node in listed if not _is_beside_topic(node)), *_open_boxes(reading)]:
        reading.context("next_steps", f"the heading {listing.text!r}", (listing.first, listing.first))
        earlier = len(steps)
        for step in _steps(reading, listing):
            add_step(step, steps, earlier)
    for step in _labelled(reading):
        add_step(step, steps, len(steps))
    return tuple(sorted(steps, key=lambda step: step.line))


def _is_beside_topic(listing: Node) -> bool:
    """Whether a heading is below references or commits and not only called "Next steps", which those may have too."""
    return not is_bare_role(listing.text) and any(holder.role in _TOPICS for holder in listing.ancestors())


def _open_boxes(reading: Reading) -> Iterator[Node]:
    """Yields lists of unticked boxes, or of entries marked as waiting, under headings and labels without a role."""
    found: set[Node] = set()
    for node in reading.walk():
        if node.kind not in (NodeKind.SECTION, NodeKind.STATEMENT, NodeKind.ITEM) or node.role is not None:
            continue
        items = node.items()
        if not items or node.checked is not None or _is_open(node):
            continue
        if any(holder.role in _NO_BOXES or holder in found for holder in node.ancestors()):
            continue
        if sum(map(_is_open, items)) * 2 > len(items):
            found.add(node)
            yield node


def _is_open(item: Node) -> bool:
    return not item.dropped if item.checked is False else _OPEN.match(item.text) is not None and item.checked is None


def _steps(reading: Reading, listing: Node) -> Iterator[NextStepRecord]:
    for entry in _entries(listing):
        for group in entry.groups:
            reading.context("next_steps", f"groups steps: {group.text!r}", (group.first, group.first))
        reading.claim("next_steps", f"listed under {listing.text!r}", entry.span)
        yield _step(reading, entry, listing)


def _entries(listing: Node) -> list[Entry]:
    """Returns what a listing lists. A blocker with its problem, cause and repair below is a single step."""
    if listing.role is Role.BLOCKERS and listing.value and role_of(listing.label) is Role.BLOCKERS:
        # "The real blocker: double NAT" tells what was found; "Blocker 2: no access" is one
        return [Entry(listing, headline(listing.value), listing.span)] if names_role(listing.label) else []
    listed = entries(listing, skip=(*_NO_STEPS, *_PARTS))
    if listing.role is Role.BLOCKERS:
        listed = _with_parts(listed)
    elif any(entry.node.kind is not NodeKind.STATEMENT and not _is_line(entry.node) for entry in listed):
        listed = [entry for entry in listed if not _only_adds(entry.node)]
    return [entry for entry in listed if not _is_beside(entry) and not _is_advice(entry, listing)]


def _only_adds(node: Node) -> bool:
    """Whether a line beside a list of steps tells something about them: "**Code quality**: high", "**All done!**"."""
    if node.kind is NodeKind.STATEMENT:
        return is_labelled_line(node) and node.role not in (Role.NEXT_STEPS, Role.BLOCKERS)
    return _is_line(node) and not node.label


def _is_line(node: Node) -> bool:
    """Whether a heading is only a bold line with no list below it."""
    lists = (NodeKind.ITEM, NodeKind.TABLE, NodeKind.SECTION)
    return node.kind is NodeKind.SECTION and node.bold and not any(child.kind in lists for child in node.children)


def _is_beside(entry: Entry) -> bool:
    """Whether an entry is no step but says what steps take, itself or by its heading."""
    return is_remark(entry.node) or any(phrases("estimates").get(headline(group.text)) for group in entry.groups)


def _with_parts(listed: list[Entry]) -> list[Entry]:
    """Returns blockers with what is labelled as their problem, cause, attempts or evidence among their lines."""
    blockers: list[Entry] = []
    for entry in listed:
        node, before = entry.node, blockers[-1] if blockers else None
        named = bool(node.label and node.value) and node.kind is not NodeKind.SECTION
        if before is not None and named and _is_part(node, before.node):
            blockers[-1] = replace(before, span=(before.span[0], entry.span[1]))
        else:
            titled = named and node.role in (Role.ERRORS, Role.SYMPTOMS, Role.BLOCKERS) and names_role(node.label)
            blockers.append(replace(entry, text=headline(node.value)) if titled else entry)
    return blockers


def _is_part(node: Node, blocker: Node) -> bool:
    """Whether a labelled line describes the blocker stated before it."""
    if not names_role(node.label) and not is_remark(node):
        return False
    labelled = bool(blocker.label and blocker.value) and names_role(blocker.label)
    if labelled and blocker.role is Role.BLOCKERS:
        return node.role is not Role.BLOCKERS
    if labelled and blocker.role in (Role.ERRORS, Role.SYMPTOMS):
        return node.role not in (Role.ERRORS, Role.BLOCKERS)
    return node.role in _PARTS


def _is_advice(entry: Entry, listing: Node) -> bool:
    """Whether a recommendation is a rule to keep ("Always use …"), which nobody can ever tick off."""
    if entry.node.checked is not None or not any(
        node.text in phrases("recommending") for node in (listing, *entry.groups)
    ):
        return False
    rule = phrases("advising").first(entry.text[:60])
    return rule is not None and rule.start == 0


def is_remark(node: Node) -> bool:
    """Whether an entry among steps only says what they take or how they stand: "Total: 6 h", "Status: started"."""
    if node.checked is not None or node.kind not in (NodeKind.ITEM, NodeKind.STATEMENT):
        return False
    text = plain(node.text)
    if node.label and node.value:
        return phrases("estimates").get(node.label) is not None or table("keys").get(node.label) in _STANDS
    return _ADDRESS.fullmatch(text) is not None or is_duration(text)


def _step(reading: Reading, entry: Entry, listing: Node) -> NextStepRecord:
    node = entry.node
    whole = " ".join(node.cells) if node.cells else node.text
    return NextStepRecord(
        text=entry.text,
        line=entry.span[0],
        lines=entry.span,
        detail=_detail(reading, entry.span),
        priority=priority_of(whole) or _labelled_priority(node) or priority_of_groups((listing, *entry.groups)),
        blocker=_is_blocker(node, listing, entry),
        done=_is_done(node),
    )


def step_of(reading: Reading, node: Node, text: str, span: Span) -> NextStepRecord:
    """Returns the step that a node states though no heading or label says so; its headings may give it a priority."""
    holders = [holder for holder in node.ancestors() if holder.kind in (NodeKind.SECTION, NodeKind.ITEM)]
    groups = [holder for holder in holders if holder is not reading.heading]  # which is about the whole session
    return NextStepRecord(
        text=text,
        line=span[0],
        lines=span,
        detail=_detail(reading, node.span),
        priority=priority_of(node.text) or _labelled_priority(node) or priority_of_groups(groups),
        blocker=says_blocking(node.text),
        done=_is_done(node),
    )


def _labelled_priority(node: Node) -> Priority | None:
    """Returns the priority of "Priority: high" below the step, or of the row's column of priorities."""
    cells = [cell for title, cell in zip(node.header, node.cells, strict=False) if role_of(title) is Role.SEVERITY]
    stated = [*cells, *(child.value for child in node.children if child.role is Role.SEVERITY and child.value)]
    return next((priority for value in stated if (priority := priority_of(f"({value})"))), None)


def _detail(reading: Reading, span: Span) -> str:
    """Returns everything below the first line of the step, as written."""
    if span[1] <= span[0]:
        return ""
    return reading.document.source((span[0] + 1, span[1])).strip("\n")


def _is_blocker(node: Node, listing: Node, entry: Entry) -> bool:
    if listing.role is Role.BLOCKERS or any(group.role is Role.BLOCKERS for group in entry.groups):
        return True
    if says_blocking(node.text):
        return True
    return any(
        child.label and child.label in phrases("blocking") and not (child.value and is_nothing(child.value))
        for child in node.walk()
    )


def _is_done(node: Node) -> bool:
    """Whether the step is ticked, struck out or dropped, so that nobody has to do it."""
    if node.checked is not None:
        return node.checked or node.dropped
    text = node.text.strip()
    return bool(_STRUCK.match(text) or _DONE_MARK.search(text)) or any(
        phrases("done").get(part) for part in _IN_BRACKETS_AT_END.findall(text)
    )


def _labelled(reading: Reading) -> Iterator[NextStepRecord]:
    """Yields the steps of "**Next step**: …" and "**Blocker**: …"."""
    for node in reading.walk():
        if not labels_step(node):
            continue
        if any(a.role in (Role.NEXT_STEPS, Role.BLOCKERS, Role.CHECKLIST) for a in node.ancestors()):
            continue
        reading.claim("next_steps", f"labelled {node.label!r}", node.span)
        for text in _several(node.value):
            yield NextStepRecord(
                text=headline(text),
                line=node.first,
                lines=node.span,
                priority=priority_of(text),
                blocker=node.role is Role.BLOCKERS,
                done=_is_done(node),
            )


def labels_step(node: Node) -> bool:
    """Whether a line is "**Next step**: …" or "Blocker: …", which says so whatever heading it is under."""
    if node.kind not in (NodeKind.STATEMENT, NodeKind.ITEM) or not node.value or not node.label:
        return False
    if node.role not in (Role.NEXT_STEPS, Role.BLOCKERS) or is_nothing(plain(node.value)):
        return False
    return node.bold or is_bare_role(node.label) or begins_with_role(node.label, Role.NEXT_STEPS)


def _several(value: str) -> list[str]:
    """Returns the steps of "deploy the worker; check the logs", or the value itself if its parts are no steps."""
    parts, first, depth = [], 0, 0
    for mark in _MARK.finditer(value):
        depth = max(depth + (mark[0] in "(（") - (mark[0] in ")）"), 0)
        if not depth and mark[0] in ";；":
            parts.append(value[first : mark.start()].strip())
            first = mark.end()
    parts = [part for part in [*parts, value[first:].strip()] if part]
    several = len(parts) > 1 and all(len(comparable(part).split()) >= _LEAST_WORDS for part in parts)
    return parts if several else [value]
