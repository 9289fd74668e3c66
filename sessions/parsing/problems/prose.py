"""Problems in running text: an enumeration after a count, sentences that reveal a cause, what a list then resolves."""

from __future__ import annotations

import re

from sessions.parsing.problems.accounts import account_of, sentences_of, told_at
from sessions.parsing.problems.parts import LONGEST_TITLE, PROBLEMS, REPAIRS, Attempted, Place
from sessions.parsing.problems.verdicts import begins_with_repair, is_over, says_failure
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import role_of
from sessions.parsing.vocabulary import Role, any_of, fold, folded_words, words
from sessions.text import headline, plain

_COUNTED = re.compile(
    r"(?<![\w.])(\d{1,2})\s++([^\W\d]++(?:[ ][^\W\d]++){0,2})\s{0,2}[:：(（—][ ]?((?:[^.()。（）]|\.(?=\w)){10,500})"
)
_COMMA = re.compile(rf"[,;、；，]\s*(?:{any_of(words('conjunctions'))}\s)?")
_CLOCKED = re.compile(r"^(?:[^\W\d]{2,10}\.?,?\s)?\d{1,2}[:.h]\d{2}\s?(?:[^\W\d]{2,10}:\s|[-–—:]\s)?")
_RESOLVING = re.compile(rf"{any_of(folded_words('resolving'))}")
_NEAR = 3  # paragraphs before it that may tell the problem
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")
_NARRATIVE = (None, Role.SUMMARY, Role.COMPLETED, Role.TIMELINE, Role.ERRORS, Role.SYMPTOMS, Role.IMPACT)


def places_of_enumeration(node: Node) -> list[Place]:
    """Returns the problems of "Fixed 3 bugs: a, b, c", or none if their number differs from the count."""
    for counted in _COUNTED.finditer(plain(node.text)[:2000]):
        role = role_of(counted[2])
        parts = [part.strip() for part in _COMMA.split(counted[3]) if part.strip()]
        if role in (*PROBLEMS, *REPAIRS) and len(parts) == int(counted[1]) > 1:
            repaired = role in REPAIRS or _says_repair(node, counted)
            return [_enumerated(part, node, repaired=repaired) for part in parts]
    return []


def _says_repair(node: Node, counted: re.Match[str]) -> bool:
    before = plain(node.text)[: counted.start()]
    return begins_with_repair(headline(_SENTENCE.split(before)[-1]) or " ")


def _enumerated(text: str, node: Node, *, repaired: bool) -> Place:
    place = Place(text[:LONGEST_TITLE], node.span, "enumerated after a count")
    if repaired:
        place.status = "fixed"
        place.fixes.append(Attempted(text[:LONGEST_TITLE], node.span, "", "worked"))
    return place


def place_of_account(node: Node) -> Place | None:
    """Returns the problem of a paragraph in which a sentence reveals the cause of what the one before tells."""
    if node.kind is not NodeKind.STATEMENT or node.role is not None or node.section().role not in _NARRATIVE:
        return None
    told = sentences_of(_CLOCKED.sub("", node.text[:3000]))
    at = told_at(told)
    if at is None:
        return None
    account = account_of(told[at:])
    place = Place(account.problem[:LONGEST_TITLE], node.span, "a sentence reveals the cause of the one before")
    place.message, place.cause = plain(node.text)[:LONGEST_TITLE], account.cause
    place.fixes += [Attempted(title[:LONGEST_TITLE], node.span, "", outcome) for title, outcome in account.fixes]
    return place


def place_of_resolution(node: Node) -> Place | None:
    """Returns the problem told before "To resolve it, we did the following:", with the steps as its repair."""
    items = node.items()
    if node.kind is not NodeKind.STATEMENT or not items or not _RESOLVING.match(fold(plain(node.text))):
        return None
    before = node.parent.children[max(node.at - _NEAR, 0) : node.at] if node.parent is not None else []
    lines = [line for line in before if line.kind is NodeKind.STATEMENT]
    told = [(line, sentence) for line in lines for sentence in sentences_of(line.text)]
    first, failed = next(((line, text) for line, text in told if says_failure(text) and not is_over(text)), (node, ""))
    if not failed:
        return None
    account = account_of([failed])
    place = Place(account.problem[:LONGEST_TITLE], (first.first, node.last), "told before what resolved it")
    place.message, place.cause, place.status = failed[:LONGEST_TITLE], account.cause, "fixed"
    steps = "\n".join(plain(item.text) for item in items) if len(items) > 1 else ""
    place.fixes.append(Attempted(headline(items[0].text)[:LONGEST_TITLE], node.span, steps, "worked"))
    return place
