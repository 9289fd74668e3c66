"""Problems that are entries of a list of problems, and what entries say was done about them."""

from __future__ import annotations

import re

from sessions.parsing.problems.accounts import account_of, sentences_of
from sessions.parsing.problems.apart import CONSEQUENCE, problem_and_repair
from sessions.parsing.problems.parts import LONGEST_TITLE, Attempted, Place, read_parts
from sessions.parsing.problems.verdicts import (
    begins_with_action,
    begins_with_repair,
    is_safeguard,
    outcome_of,
    repaired_in,
    says_failure,
)
from sessions.parsing.problems.verdicts import status_of_error as status_of
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import names_role, names_role_besides
from sessions.parsing.vocabulary import Role, any_of, phrases, table, words
from sessions.text import headline, plain

_MEANS = re.compile(rf",?\s{any_of(words('means'))}\s", re.IGNORECASE)
_BAD = re.compile(r"[❌✗✘⛔🔴🐛]")


class NamedEntries:
    """The named entries of the lists of a session, found once per list."""

    def __init__(self) -> None:
        self._of: dict[Node, frozenset[Node]] = {}

    def __contains__(self, node: Node) -> bool:
        if node.parent is None or node.kind is not NodeKind.STATEMENT:
            return False
        if node.parent not in self._of:
            self._of[node.parent] = frozenset(named_entries(node.parent))
        return node in self._of[node.parent]


def named_entries(section: Node) -> list[Node]:
    """Returns the lines of a section that are entries of a list without bullets: "**Login**: nothing happens"."""
    lines = [child for child in section.children if child.kind is NodeKind.STATEMENT]
    named = [line for line in lines if line.bold and line.label and line.value and line.role is None]
    return named if len(named) > 1 and len(named) == len(lines) and names_role(section.text) else []


def place_of_listed(node: Node) -> Place | None:
    """Returns the problem of an entry under an errors heading."""
    text = headline(node.text)
    verb = phrases("repairs").first(text[:60]) or table("actions").first(text[:60])
    if verb is not None and verb.start == 0 and not says_failure(text[len(verb.phrase) :]):
        return _of_remedy(node) or (_of_resolved(node, text) if begins_with_repair(text) else None)
    if is_safeguard(text) or (not says_failure(text) and not _is_among_problems(node)):
        return None
    place = Place(headline(node.text), node.span, "listed as an error")
    if node.label and node.children and not node.value:
        place.title = headline(node.label)
    place.marked = _BAD.match(node.text) is not None
    place.status = status_of(node.text) if any(c in node.text for c in "✅❌⚠") else "unknown"
    if node.checked:
        place.status = "fixed"
    read_parts(place, node.children)
    split_repair(place, node, node.text)
    if not place.fixes and not _is_left_open(node):
        read_told(place, node)
    if _is_left_open(node) and place.status in ("unknown", "fixed") and status_of(node.text) == "unknown":
        place.fixes, place.status = [], "open"
        return place
    if repaired := repaired_in(node.text):
        place.title, place.status = _MEANS.split(repaired)[0][:LONGEST_TITLE], "fixed"
        if not place.fixes:
            place.fixes.append(Attempted(headline(node.text), node.span, "", "worked"))
    return place


def _is_left_open(node: Node) -> bool:
    """Whether the list is one of problems that were left as they are, so that a repair in it is only proposed."""
    parent = node.parent
    return parent is not None and parent.kind is NodeKind.SECTION and status_of(parent.text) == "open"


def read_told(place: Place, node: Node) -> None:
    """Reads an entry of several sentences: what was wrong, why, and what was done."""
    told = sentences_of(node.value if node.bold and node.label and node.value else node.text)
    if len(told) < 2:
        return
    account = account_of(told)
    if not account.fixes:
        return
    named = node.bold and node.label and len(node.label.split()) > 1
    place.title = (headline(node.label) if named else account.problem)[:LONGEST_TITLE]
    place.cause = account.cause or (account.problem if named else place.cause)
    place.message = plain(node.text)[:LONGEST_TITLE]
    place.fixes += [Attempted(title[:LONGEST_TITLE], node.span, "", outcome) for title, outcome in account.fixes]


def _of_resolved(node: Node, text: str) -> Place | None:
    """Returns the problem of "Resolved the port clash by moving the mock server" in a list of problems."""
    repaired = repaired_in(text)
    if len(repaired.split()) < 2 and repaired.isascii():
        return None
    place = Place(_MEANS.split(repaired)[0][:LONGEST_TITLE], node.span, "listed as resolved", status="fixed")
    place.fixes.append(Attempted(text[:LONGEST_TITLE], node.span, "", "worked"))
    return place


def _of_remedy(node: Node) -> Place | None:
    """Returns the fix that an entry among listed problems is for the entry above it."""
    before = node.parent.children[node.at - 1] if node.parent is not None and node.at > 0 else None
    if before is None or before.kind is not NodeKind.ITEM or begins_with_action(headline(before.text)):
        return None
    place = Place(headline(before.text)[:LONGEST_TITLE], before.span, "what was done about the entry above")
    place.fixes.append(Attempted(headline(node.text)[:LONGEST_TITLE], node.span))
    place.remedy = True
    return place


def _is_among_problems(node: Node) -> bool:
    """Whether an entry without words of failure counts because its list is plainly one of problems."""
    if _BAD.match(node.text):
        return True
    listing = node.parent
    if listing is None or not names_role_besides(listing.label or listing.text):
        return False
    return _is_left_open(node) or "✅" not in node.text


def split_repair(place: Place, node: Node, text: str) -> None:
    """Reads "it failed → did this" and "it failed - fixed by doing this": the second part is the fix."""
    problem, repair = problem_and_repair(text)
    if not repair or place.fixes:
        return
    place.title = problem[:LONGEST_TITLE]
    place.fixes.append(Attempted(repair[:LONGEST_TITLE], node.span, "", outcome_of(repair)))
    if place.status == "unknown":
        place.status = "workaround" if CONSEQUENCE.match(repair) else status_of(repair)


def listing_role(node: Node) -> Role | None:
    """Returns the role of the heading or open label that lists the node."""
    parent = node.parent
    if parent is None or (parent.kind is NodeKind.ITEM and (parent.value or not parent.label)):
        return None
    if parent.kind is NodeKind.STATEMENT and parent.role is None:
        return listing_role(parent)
    if parent.kind is NodeKind.STATEMENT and parent.label and parent.value:
        return None
    return parent.role if parent.kind is not NodeKind.DOCUMENT else None
