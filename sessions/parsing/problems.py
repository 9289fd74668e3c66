"""Finds the places of a session that state an error, and reads what each says of it.

A place is a section with labels (Problem, Cause, Fix), a label group, an entry under an errors heading, a row of an
errors table, or a bullet that says what was repaired. The same error may have several places: see `mentions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.document import Kind, Node
from sessions.parsing.entries import is_nothing
from sessions.parsing.problem_parts import LONGEST_TITLE, Attempted, Place, read_parts
from sessions.parsing.reading import Reading
from sessions.parsing.roles import is_bare_role, role_of
from sessions.parsing.text import headline, plain
from sessions.parsing.verdicts import begins_with_repair, is_hypothesis, outcome_of, says_failure, status_of_error
from sessions.parsing.vocabulary import Role
from sessions.records import Outcome

# Whatever stands under these headings is no error that was met.
_ELSEWHERE = frozenset(
    {
        Role.NEXT_STEPS, Role.LEARNINGS, Role.DECISIONS, Role.REFERENCES, Role.METRICS, Role.CHECKLIST, Role.COMMITS,
        Role.ENVIRONMENT, Role.OBJECTIVES, Role.COMMANDS,
    }
)  # fmt: skip
_PARTS = (Role.ERRORS, Role.CAUSE, Role.FIXES, Role.ATTEMPT)
_ID = re.compile(r"^[#\W]*(?:[A-Za-z]{1,10}[-_ ]?)?[\d.]*\W*$")  # a number or a ticket's name: it says nothing


def find_places(reading: Reading) -> list[Place]:
    """The places of a session in the order of the file."""
    found: list[Place] = []
    taken: set[int] = set()
    for node in reading.walk():
        if id(node) in taken or node is reading.heading or _is_elsewhere(node):
            continue
        place = _place(node)
        if place is not None and _says_which(place):
            found.append(place)
            taken.update(id(inner) for inner in node.walk())
            for part in (*_label_group(node), *_role_group(node)):
                taken.update(id(inner) for inner in part.walk())
    return found


def _says_which(place: Place) -> bool:
    """The place names a problem, not just the role of its heading ("Summary", "None")."""
    return bool(place.title) and not is_nothing(place.title) and not (is_bare_role(place.title) and not place.message)


def _is_elsewhere(node: Node) -> bool:
    return any(holder.role in _ELSEWHERE for holder in (node, *node.ancestors()))


def _place(node: Node) -> Place | None:
    match node.kind:
        case Kind.SECTION:
            return _of_section(node)
        case Kind.ROW:
            return _of_row(node)
        case Kind.ITEM | Kind.STATEMENT:
            return _of_line(node)
        case _:
            return None


def _of_section(section: Node) -> Place | None:
    """A section that is about one problem: it has labelled parts, or is an entry under an errors heading."""
    if any(_is_problem_section(inner) for inner in section.walk() if inner is not section):
        return None
    if not _is_problem_section(section):
        return _of_role_sections(section)
    title = section.value if section.label and role_of(section.label) is Role.ERRORS else section.text
    place = Place(headline(title), section.span, f"the section {section.text!r} is about a problem")
    place.status = status_of_error(section.text) if any(c in section.text for c in "✅❌⚠🔴🟢") else "unknown"
    if section.role is Role.FIXES and not any(c.role in (Role.FIXES, Role.ATTEMPT) for c in section.children):
        place.fixes.append(Attempted(headline(section.text), section.span))
    read_parts(place, section.children)
    if place.message and (is_bare_role(place.title) or any(c in section.text for c in "✅❌⚠🔴")):
        place.title = headline(place.message.split("\n")[0])[:LONGEST_TITLE]
    return place


def _of_role_sections(section: Node) -> Place | None:
    """One problem told under headings that are its roles: "Problem", "Root cause", "Solution" side by side."""
    group = list(_role_group(section))
    if not group or _lists_problems(section):
        return None
    told = [child for child in section.children if child.kind is Kind.STATEMENT] or section.items()
    if not told:
        return None
    place = Place(headline(told[0].text)[:LONGEST_TITLE], (section.first, group[-1].last), "headings tell one problem")
    place.message = "\n".join(plain(child.text) for child in told[:3])
    read_parts(place, group)
    return place


def _role_group(section: Node) -> Iterator[Node]:
    """The cause, fix and result sections that follow a problem section at its level."""
    if section.role is not Role.ERRORS or not is_bare_role(section.text) or section.parent is None:
        return
    siblings = section.parent.children
    for sibling in siblings[siblings.index(section) + 1 :]:
        if sibling.kind is Kind.RULE:
            continue
        if sibling.kind is not Kind.SECTION or sibling.role not in (Role.CAUSE, Role.FIXES, Role.ATTEMPT, Role.RESULT):
            return
        yield sibling


def _is_problem_section(node: Node) -> bool:
    """Labelled parts inside, or a telling heading under an errors heading."""
    if node.kind is not Kind.SECTION or node.role in _ELSEWHERE | {Role.CAUSE, Role.RESULT, Role.FILES}:
        return False
    if any(_lists_problems(child) for child in node.children):
        return False
    own = [child for child in node.children if child.kind in (Kind.ITEM, Kind.STATEMENT, Kind.SECTION) and child.role]
    roles = {child.role for child in own if child.value or child.children}
    if node.role in (Role.FIXES, Role.ATTEMPT) and not roles & {Role.ERRORS, Role.CAUSE}:
        return False
    if Role.ERRORS in roles & set(_PARTS) and (len(roles & set(_PARTS)) > 1 or Role.RESULT in roles):
        return True
    if {Role.CAUSE, Role.FIXES} <= roles or (Role.CAUSE in roles and says_failure(node.text)):
        return True
    parent = node.parent
    under_errors = parent is not None and parent.role is Role.ERRORS and parent.kind is Kind.SECTION
    if is_bare_role(node.text):
        return False
    telling = node.role is Role.ERRORS and node.value != "" and node.label != "" and role_of(node.label) is Role.ERRORS
    if telling:
        return not any(child.kind is Kind.SECTION and child.role is Role.ERRORS for child in node.children)
    if under_errors and node.role in (None, Role.ERRORS):
        return _says_something(node) and not all(c.kind in (Kind.ITEM, Kind.TABLE, Kind.RULE) for c in node.children)
    failed = [c for c in own if c.role is Role.RESULT and any(mark in c.value for mark in "❌✗")]
    return bool(failed) and any(says_failure(child.value) for child in failed)


def _lists_problems(section: Node) -> bool:
    """ "Errors", "Bugs found": what stands under it are problems of their own."""
    if section.kind is not Kind.SECTION or section.role is not Role.ERRORS:
        return False
    return len(section.items()) > 1 or any(child.kind is Kind.TABLE for child in section.children)


def _says_something(section: Node) -> bool:
    return len(headline(section.text).split()) >= 2 or says_failure(section.text)


def _of_row(row: Node) -> Place | None:
    """A row of a table with a column of problems."""
    roles = [role_of(title) for title in row.header]
    if Role.ERRORS not in roles or len(row.cells) < 2:
        return None
    cells = {role: plain(cell) for role, cell in reversed(list(zip(roles, row.cells, strict=False))) if role}
    problem = cells.get(Role.ERRORS, "")
    if _ID.match(problem):
        told = [plain(c) for r, c in zip(roles, row.cells, strict=False) if r in (None, Role.ERRORS, Role.SUMMARY)]
        problem = max(told, key=len)
    place = Place(headline(problem), row.span, f"a row under {' | '.join(row.header)!r}")
    place.cause = cells.get(Role.CAUSE, "")
    place.severity = cells.get(Role.SEVERITY, "")[:100]
    place.status = status_of_error(cells[Role.RESULT]) if Role.RESULT in cells else "unknown"
    fix = cells.get(Role.FIXES, "")
    if fix and not is_nothing(fix):
        outcome: Outcome = outcome_of(cells.get(Role.RESULT, "") + " " + fix)
        place.fixes.append(Attempted(headline(fix), row.span, "", outcome))
    return place


def _of_line(node: Node) -> Place | None:
    if node.role is Role.ERRORS and node.label and node.value and not _is_count(node.value):
        return _of_label(node)
    holder = next((a for a in node.ancestors() if a.kind is Kind.SECTION), None)
    listing = _listing(node)
    if listing is Role.ERRORS and node.kind is Kind.ITEM and node.role in (None, Role.ERRORS):
        place = Place(
            headline(node.label if node.label and node.children else node.text), node.span, "listed as an error"
        )
        place.status = status_of_error(node.text) if any(c in node.text for c in "✅❌⚠") else "unknown"
        read_parts(place, node.children)
        _split_arrow(place, node)
        return place
    if node.kind is Kind.ITEM and begins_with_repair(headline(node.text)) and _names_problem(node, holder):
        place = Place(headline(node.text), node.span, "says what was repaired", status="fixed")
        place.fixes.append(Attempted(headline(node.text), node.span, "", "worked"))
        return place
    if node.kind is Kind.ITEM and listing is Role.FIXES and says_failure(node.text):
        place = Place(headline(node.text), node.span, "listed as fixed", status="fixed")
        read_parts(place, node.children)
        if not place.fixes:
            place.fixes.append(Attempted(headline(node.text), node.span, "", "worked"))
        return place
    return None


def _listing(node: Node) -> Role | None:
    """The role of the heading or open label whose list a node is an entry of."""
    parent = node.parent
    if parent is None or parent.kind is Kind.ITEM:
        return None
    if parent.kind is Kind.STATEMENT and not parent.value:
        return parent.role
    return parent.role if parent.kind is Kind.SECTION else None


def _names_problem(node: Node, holder: Node | None) -> bool:
    if node.parent is not None and node.parent.kind is Kind.ITEM:
        return False
    rest = headline(node.text).split(None, 1)
    in_fixes = holder is not None and holder.role in (Role.FIXES, Role.ERRORS)
    return len(rest) == 2 and (in_fixes or says_failure(rest[1]))


def _split_arrow(place: Place, node: Node) -> None:
    """ "it failed → did this": what stands behind the arrow is the fix."""
    before, arrow, after = plain(node.text).partition(" → ")
    if arrow and after and not place.fixes:
        place.title = headline(before)
        place.fixes.append(Attempted(headline(after), node.span, "", outcome_of(after)))


def _is_count(value: str) -> bool:
    return value.strip(" ~*").split()[0].rstrip("%,.").isdigit() and len(value.split()) <= 3


def _label_group(node: Node) -> Iterator[Node]:
    """A problem label with the cause, fix and result labels that follow it as siblings."""
    if node.kind not in (Kind.ITEM, Kind.STATEMENT) or node.role is not Role.ERRORS or node.parent is None:
        return
    siblings = node.parent.children
    for sibling in siblings[siblings.index(node) + 1 :]:
        if sibling.kind in (Kind.FENCE, Kind.RULE):
            continue
        if sibling.role not in (Role.CAUSE, Role.FIXES, Role.ATTEMPT, Role.RESULT, Role.IMPACT, Role.LOCATION):
            return
        yield sibling


def _of_label(node: Node) -> Place | None:
    group = list(_label_group(node))
    last = group[-1].last if group else node.last
    place = Place(headline(node.value)[:LONGEST_TITLE], (node.first, last), f"labelled {node.label!r}")
    place.hypothesis = is_hypothesis(node.value)
    read_parts(place, [*node.children, *group])
    if not group and not says_failure(node.text) and node.parent is not None and node.parent.role is not Role.ERRORS:
        return None
    return place
