"""What one place says of an error: its message, cause and status, and the fixes it tells of, in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessions.parsing.document import Kind, Node
from sessions.parsing.entries import is_nothing
from sessions.parsing.text import headline, plain
from sessions.parsing.verdicts import begins_with_repair, is_hypothesis, outcome_of, says_failure, status_of_error
from sessions.parsing.vocabulary import Role
from sessions.records import ErrorStatus, Outcome, Span

LONGEST_TITLE = 300


@dataclass(slots=True)
class Attempted:
    """A fix as one place states it."""

    title: str
    span: Span
    detail: str = ""
    outcome: Outcome = "unknown"


@dataclass(slots=True)
class Place:
    """What one place says of an error. `hypothesis`: it names no error of its own, only a suspicion."""

    title: str
    span: Span
    why: str
    message: str = ""
    cause: str = ""
    status: ErrorStatus = "unknown"
    severity: str = ""
    hypothesis: bool = False
    fixes: list[Attempted] = field(default_factory=list)


def read_parts(place: Place, nodes: list[Node]) -> None:
    """Reads the labelled parts and sub-sections of a place in order; a result belongs to the fix before it."""
    for node in nodes:
        role = node.role
        if node.kind is Kind.FENCE:
            if not place.message and not place.fixes and not node.language and len(node.text) < 2000:
                place.message = node.text.strip()
            continue
        value = plain(node.value) if node.label else ""
        body = value or _body(node)
        if role is Role.ERRORS:
            _read_problem(place, node, body)
        elif role is Role.CAUSE:
            place.cause = place.cause or body
        elif role in (Role.FIXES, Role.ATTEMPT):
            _read_fix(place, node, body)
        elif role is Role.RESULT:
            _read_result(place, node, body)
        elif role is Role.SEVERITY:
            place.severity = place.severity or value[:100]
        elif node.kind is Kind.SECTION:
            read_parts(place, node.children)


def _read_problem(place: Place, node: Node, body: str) -> None:
    if is_hypothesis(body):
        place.hypothesis = True
    fence = next((child for child in node.walk() if child.kind is Kind.FENCE and len(child.text) < 2000), None)
    stated = body if node.label and node.value else ""
    if not place.message:
        place.message = stated or (fence.text.strip() if fence else "")
    elif stated and stated not in place.message:
        place.message = f"{place.message}\n{stated}"
    if node.kind is Kind.SECTION:
        read_parts(place, node.children)


def _read_fix(place: Place, node: Node, body: str) -> None:
    """A fix; where a list of attempts follows, each of them one."""
    items = [child for child in node.children if child.kind is Kind.ITEM and child.text]
    if node.role is Role.ATTEMPT and items and not (node.label and node.value):
        for item in items:
            worked = outcome_of(item.text)
            outcome: Outcome = worked if worked != "worked" or place.status == "fixed" else "failed"
            place.fixes.append(Attempted(headline(item.text), item.span, "", outcome))
        return
    if body and not is_nothing(body):
        title = headline(body.split("\n")[0])[:LONGEST_TITLE]
        inner = [child for child in node.walk() if child is not node and child.role is Role.RESULT and child.value]
        outcome = outcome_of(inner[-1].value) if inner else outcome_of(node.text)
        place.fixes.append(Attempted(title, node.span, body if "\n" in body else "", outcome))


def _read_result(place: Place, node: Node, body: str) -> None:
    text = node.value or node.text
    if place.fixes:
        outcome = outcome_of(text)
        place.fixes[-1].outcome = outcome if outcome != "unknown" else place.fixes[-1].outcome
        place.fixes[-1].span = (place.fixes[-1].span[0], max(place.fixes[-1].span[1], node.last))
        if outcome == "worked" or place.status == "unknown":
            place.status = status_of_error(text)
    else:
        if any(mark in text for mark in "❌✗") and says_failure(text) and not place.message:
            place.message = headline(text)
        elif says_failure(body) and place.message and node.label and body not in place.message:
            place.message = f"{place.message}; {body}"
        place.status = status_of_error(text)
        if begins_with_repair(headline(text)) and len(body.split()) > 2:
            place.fixes.append(Attempted(headline(body), node.span, "", "worked"))


def _body(node: Node) -> str:
    """The words below a heading or open label, a line a statement."""
    lines = [plain(child.text) for child in node.walk() if child is not node and _is_text(child)]
    return "\n".join(lines[:12])


def _is_text(node: Node) -> bool:
    return node.kind in (Kind.ITEM, Kind.STATEMENT, Kind.SECTION) and bool(node.text)
