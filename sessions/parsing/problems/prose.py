"""Problems told in running text: an enumeration behind a count, and a sentence that names an exception."""

from __future__ import annotations

import re

from sessions.parsing.problems.exceptions import exception_of
from sessions.parsing.problems.parts import LONGEST_TITLE, PROBLEMS, REPAIRS, Attempted, Place
from sessions.parsing.problems.verdicts import begins_with_repair, is_over, is_plan, says_failure
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import role_of
from sessions.parsing.vocabulary import Role
from sessions.text import headline, plain

_COUNTED = re.compile(
    r"(?<![\w.])(\d{1,2})\s++([^\W\d]++(?:[ ][^\W\d]++){0,2})\s{0,2}[:：(（—][ ]?((?:[^.()。（）]|\.(?=\w)){10,500})"
)
_COMMA = re.compile(r"[,;、；，]\s*(?:and\s|und\s|y\s|et\s|e\s|и\s)?")
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")
_TELLING = (None, Role.SUMMARY, Role.COMPLETED, Role.TIMELINE, Role.ERRORS, Role.SYMPTOMS, Role.IMPACT)


def places_of_enumeration(node: Node) -> list[Place]:
    """ "Fixed 3 bugs: a, b, c": as many problems as the count says, or none where it does not agree."""
    for found in _COUNTED.finditer(plain(node.text)[:2000]):
        role = role_of(found[2])
        parts = [part.strip() for part in _COMMA.split(found[3]) if part.strip()]
        if role in (*PROBLEMS, *REPAIRS) and len(parts) == int(found[1]) > 1:
            return [_enumerated(part, node, repaired=role in REPAIRS or _says_repair(node, found)) for part in parts]
    return []


def _says_repair(node: Node, found: re.Match[str]) -> bool:
    before = plain(node.text)[: found.start()]
    return begins_with_repair(headline(_SENTENCE.split(before)[-1]) or " ")


def _enumerated(words: str, node: Node, *, repaired: bool) -> Place:
    place = Place(words[:LONGEST_TITLE], node.span, "enumerated behind a count")
    if repaired:
        place.status = "fixed"
        place.fixes.append(Attempted(words[:LONGEST_TITLE], node.span, "", "worked"))
    return place


def place_of_sentence(node: Node) -> Place | None:
    """A sentence of a paragraph that says something failed and names the exception or the error code."""
    if node.kind is not NodeKind.STATEMENT or node.label or node.section().role not in _TELLING:
        return None
    for sentence in _SENTENCE.split(node.text[:3000]):
        if is_plan(sentence) or is_over(sentence):
            continue
        exception = exception_of(sentence)
        if exception and says_failure(sentence.replace(exception, " ")):
            place = Place(headline(sentence)[:LONGEST_TITLE], node.span, f"says that something failed with {exception}")
            fence = next((child for child in node.children if child.kind is NodeKind.FENCE), None)
            place.message = fence.text.strip()[:LONGEST_TITLE] if fence is not None else ""
            return place
    return None
