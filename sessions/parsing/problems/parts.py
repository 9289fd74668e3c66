"""What a place says of an error: its message, cause and status, and the fixes in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sessions.parsing.problems.accounts import tried_in_vain
from sessions.parsing.problems.verdicts import (
    NOT_DONE,
    begins_with_repair,
    is_hypothesis,
    is_proposed,
    is_unverified,
    outcome_of,
    repaired_in,
    says_failure,
    status_of_error,
)
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import is_nothing
from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import Role
from sessions.records import ErrorStatus, Outcome, Span
from sessions.text import headline, plain

_NOT_DONE = re.compile(f"[{NOT_DONE}]")
_CLAUSE = re.compile(r"\s[-–—]\s|[.,;:，。；：](?=\s|$)|\n")  # "None available - the bundle is served as it is"
LONGEST_TITLE = 300
LONGEST_MESSAGE = 2000
PROBLEMS = (Role.ERRORS, Role.SYMPTOMS)
REPAIRS = (Role.FIXES, Role.ATTEMPT)


@dataclass(slots=True)
class Attempted:
    """A fix as a place states it. `is_attempt`: it is called one, so that others may come after it."""

    title: str
    span: Span
    detail: str = ""
    outcome: Outcome = "unknown"
    is_attempt: bool = False


@dataclass(slots=True)
class Place:
    """What a place says of an error.

    why         why the place was taken to state an error
    hypothesis  it states no error of its own, only a suspicion
    remedy      it repeats the entry before it, to say what was done about it
    brief       a few words that only refer to an error stated elsewhere, such as "Version check - FIXED"
    marked      its status is only a mark before it, as it was when it was found
    listing     the list, table or heading whose entry the place is; entries side by side are different errors
    """

    title: str
    span: Span
    why: str
    message: str = ""
    cause: str = ""
    status: ErrorStatus = "unknown"
    severity: str = ""
    hypothesis: bool = False
    brief: bool = False
    remedy: bool = False
    marked: bool = False
    listing: Node | None = None
    fixes: list[Attempted] = field(default_factory=list)


def read_parts(place: Place, nodes: list[Node]) -> None:
    """Reads the labelled parts and sub-sections of a place in order. A result belongs to the fix before it."""
    for node in nodes:
        if node.kind is NodeKind.FENCE:
            if not place.message and not place.fixes and not node.language:
                place.message = node.text.strip()[:LONGEST_MESSAGE]
            continue
        reader = _READERS.get(node.role) if node.role is not None else None
        if reader is not None:
            reader(place, node, (plain(node.value) if node.label else "") or _body(node))
        elif node.kind is NodeKind.SECTION:
            read_parts(place, node.children)
        elif not node.label and (begins_with_repair(headline(node.text)) or tried_in_vain(node)):
            _read_repair(place, node)


def _read_cause(place: Place, _node: Node, body: str) -> None:
    place.cause = place.cause or body


def _read_severity(place: Place, node: Node, _body: str) -> None:
    place.severity = place.severity or plain(node.value if node.label else "")[:100]


def _read_repair(place: Place, node: Node) -> None:
    """Reads a line that says what was repaired, as a fix and as a part of the message."""
    place.fixes.append(Attempted(headline(node.text)[:LONGEST_TITLE], node.span, "", outcome_of(node.text)))
    repaired = repaired_in(node.text)
    if says_failure(repaired) and repaired not in place.message:
        place.message = "\n".join(part for part in (repaired, place.message) if part)[:LONGEST_MESSAGE]


def _read_problem(place: Place, node: Node, body: str) -> None:
    if is_hypothesis(body):
        place.hypothesis = True
    fence = next((child for child in node.walk() if child.kind is NodeKind.FENCE), None)
    below = node.kind is NodeKind.SECTION and (node.role is Role.SYMPTOMS or is_bare_role(node.text))
    listed = body if below else ""
    stated = body if node.label and node.value else listed
    if not place.message:
        place.message = stated or (fence.text.strip()[:LONGEST_MESSAGE] if fence else "")
    elif stated and stated not in place.message:
        place.message = f"{place.message}\n{stated}"
    if node.kind is NodeKind.SECTION and node.role is Role.ERRORS:
        read_parts(place, node.children)


def _read_fix(place: Place, node: Node, body: str) -> None:
    """Reads a fix, or each of a list of attempts. What is only proposed does not count."""
    if is_proposed(node.label or node.text):
        place.status = "open" if place.status == "unknown" and not place.fixes else place.status
        return
    items = [child for child in node.children if child.kind is NodeKind.ITEM and child.text]
    apart = node.role is Role.ATTEMPT or (len(items) > 1 and all(item.bold and item.label for item in items))
    if apart and items and not (node.label and node.value):
        for item in items:
            if _NOT_DONE.match(item.text):
                continue
            place.fixes.append(Attempted(headline(item.text)[:LONGEST_TITLE], item.span, "", _tried(item, node, place)))
        return
    body = body or _commands(node)
    if body and not is_nothing(next((part for part in _CLAUSE.split(body) if part.strip()), "")):
        title = headline(body.split("\n")[0])[:LONGEST_TITLE]
        if is_unverified(node.text):
            place.status = "open"
        detail, is_attempt = body if "\n" in body else "", node.role is Role.ATTEMPT
        place.fixes.append(Attempted(title, node.span, detail, outcome_of(node.text), is_attempt))


def _commands(node: Node) -> str:
    """Returns the lines of a repair that is only a block of commands, without comments."""
    fence = next((child for child in node.children if child.kind is NodeKind.FENCE), None)
    lines = fence.text.split("\n") if fence is not None else []
    return "\n".join(line.strip() for line in lines if line.strip() and not line.lstrip().startswith(("#", "//")))


def _tried(item: Node, listing: Node, place: Place) -> Outcome:
    """Returns the outcome of a listed attempt."""
    if is_unverified(listing.text):
        place.status = "open"
        return "unknown"
    return outcome_of(item.text)


def _read_result(place: Place, node: Node, body: str) -> None:
    text = node.value or node.text
    if place.fixes:
        outcome = outcome_of(f"→ {text}")  # a result reads like what follows an arrow
        place.fixes[-1].outcome = outcome if outcome != "unknown" else place.fixes[-1].outcome
        place.fixes[-1].span = (place.fixes[-1].span[0], max(place.fixes[-1].span[1], node.last))
        if outcome == "worked" or place.status == "unknown":
            place.status = status_of_error(text)
        return
    if any(mark in text for mark in "❌✗") and says_failure(text) and not place.message:
        place.message = headline(text)
    elif says_failure(body) and place.message and node.label and body not in place.message:
        place.message = f"{place.message}; {body}"
    place.status = status_of_error(text)


def _body(node: Node) -> str:
    """Returns the words below a heading or open label, one line per statement."""
    lines = [plain(child.text) for child in node.walk() if child is not node and _is_text(child)]
    return "\n".join(lines[:12])


def _is_text(node: Node) -> bool:
    return node.kind in (NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.SECTION) and bool(node.text)


_READERS: dict[Role, Callable[[Place, Node, str], None]] = {
    Role.ERRORS: _read_problem,
    Role.SYMPTOMS: _read_problem,
    Role.CAUSE: _read_cause,
    Role.ANALYSIS: _read_cause,
    Role.FIXES: _read_fix,
    Role.ATTEMPT: _read_fix,
    Role.RESULT: _read_result,
    Role.SEVERITY: _read_severity,
}
