"""Finds the places of a session that state an error, and reads what each says of it.

A place is a section about one problem, a row of a table, a group of labels, an entry under an errors heading, or a
line that says what was repaired. The same error may have several places: see `mentions`.
"""

from __future__ import annotations

from sessions.parsing.problems.lines import FailingShares, label_group, place_of_line
from sessions.parsing.problems.parts import Place
from sessions.parsing.problems.prose import place_of_sentence, places_of_enumeration
from sessions.parsing.problems.rows import place_of_row
from sessions.parsing.problems.sections import ProblemSections, place_of_log, place_of_section, role_group
from sessions.parsing.problems.verdicts import cause_in, status_of_error
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import is_nothing
from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import Role

# Whatever stands under these headings is no error that was met.
_ELSEWHERE = frozenset(
    {
        Role.NEXT_STEPS, Role.LEARNINGS, Role.DECISIONS, Role.REFERENCES, Role.METRICS, Role.CHECKLIST, Role.COMMITS,
        Role.ENVIRONMENT, Role.OBJECTIVES, Role.COMMANDS,
    }
)  # fmt: skip


_TEXTS = (NodeKind.STATEMENT, NodeKind.ITEM, NodeKind.ROW)


def find_places(reading: Reading) -> list[Place]:
    """The places of a session in the order of the file."""
    found: list[Place] = []
    taken: set[int] = set()
    if reading.heading is not None and (whole := place_of_log(reading.heading)):
        found.append(whole[0])
        taken.update(id(inner) for part in whole[1] for inner in part.walk())
    known, shares = ProblemSections.of(reading.sections()), FailingShares()
    for node in reading.walk():
        if id(node) in taken or node is reading.heading or _is_elsewhere(node):
            continue
        places = [place for place in _places(node, known, shares) if _says_which(place)]
        if places:
            for place in places:
                place.listing = _listing_id(node, place)
                _complete(place, node)
            found += places
            taken.update(id(inner) for inner in node.walk())
            for part in (*label_group(node), *role_group(node)):
                taken.update(id(inner) for inner in part.walk())
    return found


def _complete(place: Place, node: Node) -> None:
    """What the place leaves unsaid: its cause as told in passing, its status as the heading over it says."""
    if not place.cause:
        texts = [place.title, place.message, *(child.text for child in node.walk() if child.kind in _TEXTS)]
        place.cause = next((cause for text in texts[:20] if (cause := cause_in(text))), "")
    holder = node.section()
    if place.status == "unknown" and holder.kind is NodeKind.SECTION and holder.role is Role.ERRORS:
        stated = status_of_error(holder.text)
        place.status = stated if stated in ("open", "fixed") else place.status


def _listing_id(node: Node, place: Place) -> int:
    """Entries of one list, rows of one table and numbered sections of one parent share their listing."""
    if (
        node.kind is NodeKind.STATEMENT
        or place.brief
        or place.remedy
        or (node.kind is NodeKind.SECTION and node.number is None)
    ):
        return 0
    return id(node.parent)


def _says_which(place: Place) -> bool:
    """The place names a problem, not just the role of its heading ("Summary", "None")."""
    return bool(place.title) and not is_nothing(place.title) and not (is_bare_role(place.title) and not place.message)


def _is_elsewhere(node: Node) -> bool:
    return any(holder.role in _ELSEWHERE for holder in (node, *node.ancestors()))


def _places(node: Node, known: ProblemSections, shares: FailingShares) -> list[Place]:
    match node.kind:
        case NodeKind.SECTION:
            place = place_of_section(node, known)
        case NodeKind.ROW:
            place = place_of_row(node)
        case NodeKind.ITEM | NodeKind.STATEMENT:
            if enumerated := places_of_enumeration(node):
                return enumerated
            place = place_of_line(node, shares) or place_of_sentence(node)
        case _:
            place = None
    return [place] if place is not None else []
