"""What stands around a problem and says that it is still there, whatever the session as a whole came to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from sessions.parsing.problems.parts import REPAIRS
from sessions.parsing.problems.verdicts import NOT_DONE
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import is_unfinished
from sessions.parsing.vocabulary import Role, fold, folded_words, table, whole

_UNSOLVED = re.compile(whole(folded_words("unsolved")))
_OPEN_ROLES = (Role.NEXT_STEPS, Role.BLOCKERS)
_NOT_DONE = re.compile(rf"^[\W\d]{{0,4}}[{NOT_DONE}⛔]")
_LONGEST_HEADING, _LONGEST_TEXT = 120, 400
_SHORTEST_STATUS = 2  # words, of which none can be left out
_CLAUSE_ENDS = re.compile(r"[.;:!?](?:\s|$)|[。；：！？,，、()（）\[\]—–|*]|\s-\s")


def stays_open(node: Node) -> bool:
    """Whether a box without a tick, a mark, or a heading above says that what a node tells of is still to be solved."""
    marked = any(_NOT_DONE.match(text) for text in (node.text, *node.cells))
    return marked or is_unticked(node) or any(map(_is_over_unsolved, _above(node)))


@lru_cache(maxsize=2048)
def says_it_is_open(text: str) -> bool:
    """Whether a clause says no more than that the problem is still there, and none after it that it was solved.

    "The gate hangs. Still failing.", "Slow gate (open)", "Not fixed yet: …"; but not "fails when the gate is open".
    """
    statuses, is_open = table("error_statuses"), False
    for clause in _CLAUSE_ENDS.split(fold(text[:_LONGEST_TEXT])):
        if _is_status_alone(clause.strip()):
            is_open = True
        elif is_open and any(match.meaning in ("fixed", "workaround") for match in statuses.find_all(clause)):
            is_open = False
    return is_open


def _is_status_alone(clause: str) -> bool:
    """Whether a clause is a word for an open problem, with one more word at most: "still not fixed"."""
    words = clause.split()
    shorter = (words[1:], words[:-1]) if len(words) > _SHORTEST_STATUS else ()
    return any(table("error_statuses").get(" ".join(some)) == "open" for some in (words, *shorter))


def is_unticked(node: Node) -> bool:
    """Whether a node is part of something that is to be done, by a box without a tick."""
    boxes = (holder.checked for holder in (node, *node.ancestors()) if holder.checked is not None)
    return next(boxes, None) is False


def _above(node: Node) -> Iterator[Node]:
    """Yields the headings and labels over a node, but for the title of the log."""
    return (a for a in node.ancestors() if (a.kind is NodeKind.SECTION and a.level > 1) or a.label)


def _is_over_unsolved(holder: Node) -> bool:
    heading = holder.text if holder.kind is NodeKind.SECTION else holder.label
    return (holder.role in _OPEN_ROLES and not holder.value.strip(" :")) or says_unsolved(heading)


@lru_cache(maxsize=1024)
def says_unsolved(heading: str) -> bool:
    """Whether a heading is over problems that are still there: "Known issues", but not "Open issues (resolved)".

    "Known issues & fixes" is over what was done about them.
    """
    said = fold(heading[:_LONGEST_HEADING])
    rest = _UNSOLVED.sub(" ", said)
    is_solved = any(match.meaning in ("fixed", "workaround") for match in table("error_statuses").find_all(rest))
    if rest == said:
        return is_unfinished(heading) and not is_solved
    return not is_solved and all(match.meaning not in REPAIRS for match in table("roles").find_all(rest))
