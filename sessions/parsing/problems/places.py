"""Finds the places of a session that state an error, and reads what each says about it.

A place is a section about a problem, a row of a table, a group of labels, an entry under an errors heading, or a line
that says what was repaired. The same error may have several places (see `mentions`).
"""

from __future__ import annotations

from sessions.parsing.problems.lines import label_group, place_of_line
from sessions.parsing.problems.listed import NamedEntries
from sessions.parsing.problems.parts import LONGEST_TITLE, PROBLEMS, Place, read_parts
from sessions.parsing.problems.prose import (
    place_of_account,
    place_of_resolution,
    places_of_enumeration,
)
from sessions.parsing.problems.role_groups import role_group
from sessions.parsing.problems.rows import place_of_row
from sessions.parsing.problems.sections import ProblemSections, place_of_section
from sessions.parsing.problems.timeline import place_of_timeline
from sessions.parsing.problems.unsolved import is_unticked, says_it_is_open, stays_open
from sessions.parsing.problems.verdicts import cause_in, is_conditional, is_reference, outcome_of, status_of_error
from sessions.parsing.problems.whole import place_of_log
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import is_nothing
from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import Role
from sessions.text import headline

# Whatever is below these headings is not an error that occurred.
_ELSEWHERE = frozenset(
    {
        Role.NEXT_STEPS, Role.LEARNINGS, Role.DECISIONS, Role.REFERENCES, Role.METRICS, Role.CHECKLIST, Role.COMMITS,
        Role.ENVIRONMENT, Role.OBJECTIVES, Role.COMMANDS,
    }
)  # fmt: skip
_TEXTS = (NodeKind.STATEMENT, NodeKind.ITEM, NodeKind.ROW)


def find_places(reading: Reading) -> list[Place]:
    """Returns the places of a session in the order of the file."""
    places: list[Place] = []
    taken: set[Node] = set()
    if reading.heading is not None and (whole := place_of_log(reading.heading)):
        places.append(whole[0])
        taken.update(inner for part in whole[1] for inner in part.walk())
    sections, named = ProblemSections.of(reading.sections()), NamedEntries()
    for node in reading.walk():
        if node in taken or node is reading.heading or _is_elsewhere(node):
            continue
        stated = [place for place in _places_of(node, sections, named) if _names_problem(place)]
        if stated and node.role not in PROBLEMS and (below := list(label_group(node))):
            read_parts(stated[-1], below)  # "Root cause: …" and the like, in lines of their own
            stated[-1].span = (stated[-1].span[0], max(stated[-1].span[1], below[-1].last))
        for place in stated:
            place.listing = _listing(node, place)
            _complete(place, node)
        if stated:
            places += stated
            taken.update(inner for part in (node, *label_group(node), *role_group(node)) for inner in part.walk())
    return places


def _complete(place: Place, node: Node) -> None:
    """Fills in what the place leaves out: a cause given in passing, and the status of the heading above."""
    if not place.cause:
        texts = [place.title, place.message, *(child.text for child in node.walk() if _may_give_cause(child))]
        place.cause = next((cause for text in texts[:20] if (cause := cause_in(text))), "")
    if is_unticked(node):
        place.fixes.clear()  # a repair that is still to be made
    if place.status == "unknown" and _is_open(place, node):
        place.status = "open"
    holder = node.section()
    if place.status == "unknown" and holder.kind is NodeKind.SECTION and holder.role is Role.ERRORS:
        stated = status_of_error(holder.text)
        if stated == "fixed" and outcome_of(node.text) == "failed":
            stated = "open"
        place.status = stated if stated in ("open", "fixed") else place.status


def _may_give_cause(node: Node) -> bool:
    """Whether a text may tell in passing why: what was only tried tells why that was tried."""
    return node.kind in _TEXTS and all(holder.role is not Role.ATTEMPT for holder in (node, *node.ancestors()))


def _is_open(place: Place, node: Node) -> bool:
    """Whether what stands around a place says that its problem is still there, and no repair of it worked."""
    if any(holder.role is Role.BLOCKERS for holder in (node, *node.ancestors())):
        return True
    is_open = stays_open(node) or says_it_is_open(node.text) or says_it_is_open(place.message)
    return is_open and all(attempt.outcome != "worked" for attempt in place.fixes)


def _listing(node: Node, place: Place) -> Node | None:
    """Returns what the entries of a list, the rows of a table or the numbered sections of a parent have in common."""
    is_entry = node.kind is not NodeKind.STATEMENT and (node.kind is not NodeKind.SECTION or node.number is not None)
    return node.parent if is_entry and not place.brief and not place.remedy else None


def _names_problem(place: Place) -> bool:
    """Whether the place names a problem and not only the role of its heading ("Summary", "None") or a ticket."""
    if is_reference(place.title):
        place.title, place.message = headline(place.message.split("\n")[0])[:LONGEST_TITLE], place.message
        return bool(place.title) and not is_reference(place.title)
    return bool(place.title) and not is_nothing(place.title) and not (is_bare_role(place.title) and not place.message)


def _is_elsewhere(node: Node) -> bool:
    return any(holder.role in _ELSEWHERE or _is_conditional(holder) for holder in (node, *node.ancestors()))


def _is_conditional(section: Node) -> bool:
    """Whether a heading is over what to do in case of a problem: "If the port is taken"."""
    return section.kind is NodeKind.SECTION and is_conditional(section.text)


def _places_of(node: Node, sections: ProblemSections, named: NamedEntries) -> list[Place]:
    match node.kind:
        case NodeKind.SECTION:
            place = place_of_timeline(node) or place_of_section(node, sections)
        case NodeKind.TABLE:
            place = place_of_timeline(node)
        case NodeKind.ROW:
            place = place_of_row(node)
        case NodeKind.ITEM | NodeKind.STATEMENT:
            if enumerated := places_of_enumeration(node):
                return enumerated
            place = place_of_resolution(node) or place_of_line(node, named) or place_of_account(node)
        case _:
            place = None
    return [place] if place is not None else []
