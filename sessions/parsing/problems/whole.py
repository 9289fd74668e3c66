"""A log that is about a single problem as a whole: its sections are the cause and the repair."""

from __future__ import annotations

import re

from sessions.parsing.problems.parts import LONGEST_TITLE, PROBLEMS, REPAIRS, Place, read_parts
from sessions.parsing.problems.verdicts import says_failure
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import Role
from sessions.text import headline

_ASIDE = re.compile(r"\s[—–-]\s|[:：(（]")


def place_of_log(heading: Node) -> tuple[Place, list[Node]] | None:
    """Returns the problem of a log whose sections are its cause and its repair, and the nodes it was read from."""
    parts = [c for c in heading.children if c.kind is NodeKind.SECTION and is_bare_role(_ASIDE.split(c.text)[0])]
    cause = next((part for part in parts if part.role is Role.CAUSE), None)
    repair = next((part for part in parts if part.role in REPAIRS), None)
    if cause is None or repair is None or any(part.role in PROBLEMS for part in parts):
        return None
    texts = [c for c in heading.children if c.kind is NodeKind.STATEMENT and c.first < cause.first and not c.label]
    stated = next((text for text in texts if says_failure(text.text)), None)
    title = stated.text if stated is not None else heading.text
    first = stated.first if stated is not None else heading.first
    place = Place(
        headline(title)[:LONGEST_TITLE], (first, cause.last), "the log is about a problem, stated under its title"
    )
    place.message = headline(title)
    read_parts(place, [cause, repair])
    return place, [*([stated] if stated is not None else []), cause, repair]
