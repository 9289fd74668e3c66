"""Lists of repairs beside a list of problems: each repair is one of a problem stated there, and states none."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from sessions.parsing.problems.parts import LONGEST_TITLE, REPAIRS, Place
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import names_role_besides
from sessions.parsing.vocabulary import Role
from sessions.text import comparable, headline

_SHARED = 60  # percent of similarity from which a repair names its problem


def problems_answered(node: Node) -> Sequence[Node]:
    """Returns the list of problems before the list of repairs that an item is in, under headings of one level."""
    section = node.parent
    if node.kind is not NodeKind.ITEM or section is None or section.kind is not NodeKind.SECTION:
        return ()
    if section.role not in REPAIRS or section.parent is None or section.at == 0:
        return ()
    before = section.parent.children[section.at - 1]
    if before.kind is not NodeKind.SECTION or before.role is not Role.ERRORS or before.level != section.level:
        return ()
    listed = before.items()
    plain_list = len(listed) > 1 and len(listed) == len(before.children) and names_role_besides(before.text)
    return listed if plain_list else ()


def place_of_answer(place: Place, node: Node, problems: Sequence[Node]) -> Place | None:
    """Returns the problem that a repair read from an item is for, by its number or else by its words."""
    problem = next((one for one in problems if one.number is not None and one.number == node.number), None)
    if problem is None:
        words = comparable(node.text)
        problem = max(problems, key=lambda one: fuzz.token_set_ratio(words, comparable(one.text)))
        if fuzz.token_set_ratio(words, comparable(problem.text)) < _SHARED:
            return None
    answer = Place(headline(problem.text)[:LONGEST_TITLE], problem.span, "what was done about a problem listed before")
    answer.fixes, answer.remedy = place.fixes, True
    return answer
