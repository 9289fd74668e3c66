"""Problems stated in single lines: labels, entries under an errors heading, and what a line says was repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.files.paths import is_path
from sessions.parsing.problems.accounts import account_of, reveals_cause, sentences_of
from sessions.parsing.problems.answers import place_of_answer, problems_answered
from sessions.parsing.problems.listed import (
    NamedEntries,
    listing_role,
    place_of_listed,
    read_told,
    split_repair,
)
from sessions.parsing.problems.parts import LONGEST_TITLE, PROBLEMS, REPAIRS, Attempted, Place, read_parts
from sessions.parsing.problems.verdicts import (
    begins_with_action,
    begins_with_repair,
    is_plan,
    is_safeguard,
    outcome_of,
    repaired_in,
    says_failure,
    without_aside,
)
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import names_role
from sessions.parsing.vocabulary import Role, any_of, phrases, words
from sessions.text import headline, plain

_NUMBERING = re.compile(r"(?<![\s#\d])[\s#\d]++$|\([^()]*+\)$")
_GOING_ON = re.compile(rf"\s?[,;—–-]\s(?={any_of(words('going_on'))}\s)", re.IGNORECASE)
_DASH = re.compile(r"\s[—–-]\s")
_LEAST_WORDS = 3
_MARKS = "~*_`-–—"
_SENTENCE = re.compile(r"(?<=[.;。；])[ \t]+")
_PARTS = (Role.CAUSE, *REPAIRS, Role.RESULT)
_FOLLOWS = (Role.CAUSE, Role.ANALYSIS, *REPAIRS, Role.RESULT, Role.IMPACT, Role.LOCATION, Role.SYMPTOMS, Role.SEVERITY)


def place_of_line(node: Node, named: NamedEntries) -> Place | None:
    """Returns the problem a list item or a statement states, if any."""
    if node.role in PROBLEMS and node.label and node.value:
        value = [word for part in node.value.split() if (word := part.strip(_MARKS))]
        if not value:
            return None
        if not _is_count(value):
            return _of_label(node)
    if going_on := _of_going_on(node):
        return going_on
    entry = node.kind is NodeKind.ITEM or node in named
    if entry and node.role in (None, Role.ERRORS) and listing_role(node) is Role.ERRORS:
        return place_of_listed(node)
    place = _of_named_repair(node) or _of_told_repair(node) or _of_repair(node) or _of_reference(node)
    problems = problems_answered(node) if place is not None else ()
    return place_of_answer(place, node, problems) if place is not None and problems else place


def _of_going_on(node: Node) -> Place | None:
    """Returns the problem of "The build breaks at the icons (known), went on without them"."""
    parts = _GOING_ON.split(plain(node.text)[:600], maxsplit=1)
    if len(parts) != 2 or len(parts[0].split()) < _LEAST_WORDS or is_plan(headline(parts[0])):
        return None
    title, action = headline(_NUMBERING.sub("", parts[0])), plain(node.text)[:600][len(parts[0]) :].strip(" ,;—–-.")
    place = Place(title[:LONGEST_TITLE], node.span, "says how work went on in spite of it", status="workaround")
    place.fixes.append(Attempted(headline(action)[:LONGEST_TITLE], node.span, "", "worked"))
    return place


def _of_named_repair(node: Node) -> Place | None:
    """Returns the problem of "Fixed: what was wrong — what was done"."""
    if not (node.label and node.value) or not phrases("repairs").get(node.label):
        return None
    parts = _DASH.split(plain(node.value), maxsplit=1)
    if len(parts) != 2 or len(parts[0].split()) < _LEAST_WORDS or begins_with_action(parts[0]) or is_plan(parts[0]):
        return None
    title = without_aside(headline(parts[0]))[:LONGEST_TITLE]
    place = Place(title, node.span, f"labelled {node.label[:40]!r}", status="fixed")
    place.fixes.append(Attempted(headline(parts[1])[:LONGEST_TITLE], node.span, "", "worked"))
    return place


def _of_told_repair(node: Node) -> Place | None:
    """Returns the problem of "- **Basket emptied**: the session expired. Lifetime raised." among repairs."""
    if not _is_named_repair(node) or not node.bold or len(node.label.split()) < 2:
        return None
    place = Place(headline(node.label)[:LONGEST_TITLE], node.span, "tells what was wrong and what was done")
    read_told(place, node)
    return place if place.fixes else None


def _of_reference(node: Node) -> Place | None:
    """Returns a named entry among repairs, which may be the repair of a problem that is stated elsewhere."""
    if not _is_named_repair(node):
        return None
    place = Place(headline(node.label)[:LONGEST_TITLE], node.span, "listed as a repair of it", brief=True)
    place.fixes.append(Attempted(headline(node.value)[:LONGEST_TITLE], node.span, "", outcome_of(node.value)))
    return place


def _is_named_repair(node: Node) -> bool:
    if node.kind is not NodeKind.ITEM or not (node.label and node.value) or node.role is not None:
        return False
    return listing_role(node) in REPAIRS and not is_plan(node.value)


def _of_repair(node: Node) -> Place | None:
    """Returns the problem that a line, or a line below it, says was put right."""
    if node.kind is NodeKind.STATEMENT and len(node.items()) > 1:
        return None
    listed = listing_role(node) in REPAIRS
    if is_safeguard(headline(node.text)):
        return None
    if listed and node.number is not None and node.items() and (place := _of_repair_under(node)):
        return place
    if is_plan(headline(node.text)) and not (listed or node.checked or listing_role(node) is Role.COMPLETED):
        return None
    repaired = _repaired(node)
    if not repaired and node.kind is NodeKind.ITEM and listed and says_failure(node.text):
        repaired = headline(node.text)
    if repaired and (says_failure(repaired) or (listed and len(repaired.split()) > 1)):
        place = Place(repaired[:LONGEST_TITLE], node.span, "says what was repaired", status="fixed")
        place.message = headline(node.text)[:LONGEST_TITLE]
        read_parts(place, node.children)
        if not place.fixes:
            place.fixes.append(Attempted(headline(node.text)[:LONGEST_TITLE], node.span, "", "worked"))
        return place
    return _of_repair_under(node) if node.kind is NodeKind.ITEM and node.number is not None else None


def _repaired(node: Node) -> str:
    """Returns what a line says was repaired: "Fixed X", or "module.py fixed: X"."""
    if node.label and node.value and repaired_in(node.label) and node.bold:
        return headline(node.value)
    if begins_with_repair(headline(node.text)):
        return repaired_in(node.text)
    later = (repaired_in(part) for part in _SENTENCE.split(node.text)[1:] if begins_with_repair(headline(part)))
    return next((repaired for repaired in later if says_failure(repaired)), "")


def _of_repair_under(node: Node) -> Place | None:
    """Returns the problem of "2. Database settings" with "- Fixed connection failures" below it."""
    listed = listing_role(node) in REPAIRS
    if not (listed and says_failure(headline(node.text))):
        return _of_repaired_child(node, listed=listed)
    if not node.items():
        return None
    place = Place(headline(node.text)[:LONGEST_TITLE], node.span, "listed as repaired", status="fixed")
    place.message = "\n".join(plain(child.text) for child in node.items() if says_failure(child.text))[:LONGEST_TITLE]
    place.fixes.append(Attempted(headline(node.items()[0].text), node.span, _below(node), "worked"))
    return place


def _of_repaired_child(node: Node, *, listed: bool) -> Place | None:
    for child in node.items():
        repaired = repaired_in(child.text) if begins_with_repair(headline(child.text)) else ""
        if not repaired and listed and says_failure(child.text):
            repaired = headline(child.text)
        if repaired and says_failure(repaired):
            place = Place(repaired[:LONGEST_TITLE], node.span, "its entry says what was repaired", status="fixed")
            place.message = headline(node.text)[:LONGEST_TITLE]
            place.fixes.append(Attempted(headline(node.text)[:LONGEST_TITLE], node.span, _below(node), "worked"))
            return place
    return None


def _below(node: Node) -> str:
    return "\n".join(plain(child.text) for child in node.items())


def _is_count(value: list[str]) -> bool:
    """Whether the words of a value only count problems ("3 of 40")."""
    return value[0].rstrip("%,.").isdigit() and len(value) <= 3


def label_group(node: Node) -> Iterator[Node]:
    """Yields the cause, fix and result labels that follow a problem label, or a line that states one, as siblings."""
    if node.kind not in (NodeKind.ITEM, NodeKind.STATEMENT) or node.parent is None:
        return
    if node.role in PROBLEMS:
        yield from _labelled_after(node)
    elif node.role is None and node.number is None and not node.children:
        yield from _parts_after(node)


def _parts_after(node: Node) -> Iterator[Node]:
    """Yields "Root cause: …" or "Tried: …" right after a line, and further such parts."""
    expected: tuple[Role, ...] = (Role.CAUSE, Role.ATTEMPT)
    for sibling in node.following():
        if sibling.kind is not node.kind or sibling.role not in expected:
            return
        if not (sibling.label and sibling.value and names_role(sibling.label)):
            return
        yield sibling
        expected = _PARTS


def _labelled_after(node: Node) -> Iterator[Node]:
    for sibling in node.following():
        if sibling.kind in (NodeKind.FENCE, NodeKind.RULE):
            continue
        if sibling.role not in _FOLLOWS and not sibling.text.startswith("→"):
            return
        yield sibling


def _read_account(place: Place, node: Node) -> None:
    """Reads a value of several sentences: the first tells the problem, further ones its cause and what was done."""
    told = sentences_of(node.value)
    if len(told) < 2:
        return
    account = account_of(told)
    if account.fixes or reveals_cause(told[1]):
        place.title, place.message, place.cause = account.problem[:LONGEST_TITLE], plain(node.value), account.cause
        place.fixes += [Attempted(title[:LONGEST_TITLE], node.span, "", outcome) for title, outcome in account.fixes]


def _of_label(node: Node) -> Place | None:
    if is_path(node.value.strip("` ")):
        return None
    group = list(label_group(node))
    last = group[-1].last if group else node.last
    place = Place(headline(node.value)[:LONGEST_TITLE], (node.first, last), f"labelled {node.label[:40]!r}")
    _read_account(place, node)
    read_parts(place, [*node.children, *group])
    for arrow in (sibling for sibling in group if sibling.text.startswith("→")):
        place.fixes.append(Attempted(headline(arrow.text)[:LONGEST_TITLE], arrow.span, "", outcome_of(arrow.text)))
    split_repair(place, node, node.value)
    if not group and not says_failure(node.text) and node.parent is not None and node.parent.role is not Role.ERRORS:
        return None
    return place
