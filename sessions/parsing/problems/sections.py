"""Sections about a single problem: with labelled parts, under an errors heading, or with a repair as their heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sessions.parsing.problems.accounts import tried_in_vain
from sessions.parsing.problems.exceptions import exception_of
from sessions.parsing.problems.listed import named_entries
from sessions.parsing.problems.parts import (
    LONGEST_MESSAGE,
    LONGEST_TITLE,
    PROBLEMS,
    REPAIRS,
    Attempted,
    Place,
    read_parts,
)
from sessions.parsing.problems.role_groups import role_group, tells_one_problem
from sessions.parsing.problems.verdicts import (
    begins_with_repair,
    is_plan,
    outcome_of,
    repaired_in,
    says_failure,
    status_of_error,
)
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import is_nothing
from sessions.parsing.tree.roles import is_bare_role, role_of
from sessions.parsing.vocabulary import Role, table
from sessions.text import headline, plain

_NEVER = frozenset(
    {
        Role.CAUSE, Role.RESULT, Role.FILES, Role.NEXT_STEPS, Role.LEARNINGS, Role.DECISIONS, Role.REFERENCES,
        Role.METRICS, Role.CHECKLIST, Role.COMMITS, Role.ENVIRONMENT, Role.OBJECTIVES, Role.COMMANDS, Role.SUMMARY,
    }
)  # fmt: skip
_PARTS = (*PROBLEMS, Role.CAUSE, *REPAIRS)
_BRIEF_WORDS = 4
_VERDICT = re.compile(r"[✅❌⚠🔴🟢]")


@dataclass(frozen=True, slots=True)
class ProblemSections:
    """The sections of a session that are about a single problem, and those that contain such a section."""

    own: frozenset[Node]
    holders: frozenset[Node]

    @classmethod
    def of(cls, sections: Iterable[Node]) -> ProblemSections:
        own: set[Node] = set()
        holders: set[Node] = set()
        for section in sections:
            if is_problem_section(section):
                own.add(section)
                for holder in section.ancestors():
                    if holder in holders:
                        break
                    holders.add(holder)
        return cls(frozenset(own), frozenset(holders))


def place_of_section(section: Node, sections: ProblemSections) -> Place | None:
    """Returns the problem a section is about, or None if it is about none or several."""
    if section in sections.holders:
        return None
    if section not in sections.own:
        return _of_role_sections(section)
    title = _title(section)
    place = Place(headline(title), section.span, f"the section {section.text[:60]!r} is about a problem")
    place.status = status_of_error(section.text) if _VERDICT.search(section.text) else "unknown"
    repaired = "" if is_plan(title) else repaired_in(title)
    if repaired:
        _read_repair_heading(place, repaired)
    if repaired and not _has_repair_inside(section):
        place.fixes.append(Attempted(headline(section.text), section.span, "", outcome_of(section.text)))
    read_parts(place, section.children)
    if place.message and (is_bare_role(place.title) or _VERDICT.search(section.text)) and not repaired:
        place.title = headline(place.message.split("\n")[0])[:LONGEST_TITLE]
    if repaired and place.message and not says_failure(place.title):
        place.title, place.brief = headline(place.message.split("\n")[0])[:LONGEST_TITLE], False
    if not place.fixes and place.cause and not repaired:
        _read_done(place, section)
    if not place.message:
        place.message = (
            _failure_below(section) or (place.cause if not says_failure(place.title) else "")[:LONGEST_TITLE]
        )
    return place


def _read_done(place: Place, section: Node) -> None:
    """Reads what was done from the words before a cause, if only the cause is labelled."""
    first = section.children[0]
    if first.kind is NodeKind.STATEMENT and not first.label and not says_failure(first.text):
        place.fixes.append(Attempted(headline(first.text)[:LONGEST_TITLE], first.span, "", outcome_of(first.text)))


def _title(section: Node) -> str:
    """Returns the heading without a leading "Issue 3:"."""
    titled = section.label and section.value and role_of(section.label) in (Role.ERRORS, Role.BLOCKERS)
    return section.value if titled else section.text


def _read_repair_heading(place: Place, repaired: str) -> None:
    place.title = repaired[:LONGEST_TITLE]
    place.status = "fixed"
    place.brief = not says_failure(repaired) or len(repaired.split()) <= _BRIEF_WORDS


def _failure_below(section: Node) -> str:
    """Returns the first words below the heading that say something went wrong."""
    for child in section.children:
        if child.kind in (NodeKind.STATEMENT, NodeKind.ITEM) and child.role is None and says_failure(child.text):
            return plain(child.text)[:LONGEST_TITLE]
    return ""


def is_problem_section(node: Node) -> bool:
    """Whether the section has the parts of a problem, or its heading says that it is about one."""
    if node.kind is not NodeKind.SECTION or node.role in _NEVER:
        return False
    if any(lists_problems(child) for child in node.children):
        return False
    if node.role in (Role.COMPLETED, Role.TIMELINE) and is_bare_role(node.text):
        return False
    if (_has_parts(node) and not _lists_several(node)) or _is_repair(node):
        return True
    if is_bare_role(node.text) or node.role in (*REPAIRS, Role.COMPLETED, Role.SYMPTOMS):
        return False
    if node.role is Role.ERRORS and node.label and node.value and role_of(node.label) is Role.ERRORS:
        return not any(child.kind is NodeKind.SECTION and child.role is Role.ERRORS for child in node.children)
    parent = node.parent
    if lists_problems(node) and not says_failure(table("roles").without(node.text)):
        return False
    if parent is not None and parent.role is Role.ERRORS and parent.kind is NodeKind.SECTION:
        return _names_problem(node) or _is_listed(node)
    return False


def _lists_several(section: Node) -> bool:
    """Whether entries follow the parts of one in a list of problems, or each begins with how severe it is."""
    if section.role is not Role.ERRORS or not is_bare_role(section.text):
        return False
    items = section.items()
    severities = sum(bool(item.value) and table("priorities").get(item.label) is not None for item in items)
    first = next((at for at, item in enumerate(items) if item.role in (Role.CAUSE, *REPAIRS)), len(items))
    return severities > 1 or (first > 0 and any(i.role is None and says_failure(i.text) for i in items[first:]))


def _is_listed(node: Node) -> bool:
    """Whether the section is among headings under "Errors", none of which is a part such as "Affected files"."""
    title = headline(node.text)
    if not _is_under_errors(node) or node.parent is None or len(title.split()) < 2 or is_nothing(title):
        return False
    beside = [child for child in node.parent.children if child.kind is not NodeKind.RULE]
    entries = all(child.kind is NodeKind.SECTION and child.role in (None, Role.ERRORS) for child in beside)
    return bool(node.children) and entries


def _has_parts(node: Node) -> bool:
    own = [c for c in node.children if c.kind in (NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.SECTION) and c.role]
    roles = {child.role for child in own if child.value or child.children}
    if any(child.kind is NodeKind.STATEMENT and tried_in_vain(child) for child in node.children):
        return True
    if any(_reports_repair(child) for child in node.children):
        roles.add(Role.FIXES)
    named = set(roles) & set(PROBLEMS)
    if node.role in REPAIRS and not named and Role.CAUSE not in roles:
        return False
    if named and (roles & {Role.CAUSE, Role.RESULT, *REPAIRS} or Role.ERRORS not in named or _is_under_errors(node)):
        return True
    if Role.CAUSE in roles and (roles & set(REPAIRS) or _reports_failure(node) or node.number is not None):
        return True
    if roles & set(REPAIRS) and (_reports_failure(node) or _is_under_errors(node)):
        return True
    failed = [c for c in own if c.role is Role.RESULT and any(mark in c.value for mark in "❌✗")]
    return any(says_failure(child.value) for child in failed)


def _is_under_errors(node: Node) -> bool:
    """Whether the heading above is only "Errors" or the like, so that each heading below it is an error."""
    return node.parent is not None and node.parent.role is Role.ERRORS and is_bare_role(node.parent.text)


def _has_repair_inside(section: Node) -> bool:
    return any(child.role in REPAIRS or _reports_repair(child) for child in section.children)


def _reports_repair(node: Node) -> bool:
    return node.kind is NodeKind.STATEMENT and node.role is None and begins_with_repair(headline(node.text))


def _reports_failure(node: Node) -> bool:
    """Whether the heading or the first statement below it says that something went wrong."""
    if says_failure(node.text):
        return True
    first = next((c for c in node.children if c.kind is NodeKind.STATEMENT), None)
    return first is not None and first.role is None and says_failure(first.text)


def _is_repair(node: Node) -> bool:
    """Whether the heading names what was put right: "Fixed the version mismatch", "Version check - FIXED"."""
    title = _title(node)
    repaired = repaired_in(title)
    if not repaired or not node.children or is_bare_role(repaired) or is_plan(title):
        return False
    if status_of_error(title) == "open":
        return False
    if says_failure(repaired) or _VERDICT.search(title):
        return True
    return len([c for c in node.children if c.kind in (NodeKind.SECTION, NodeKind.ITEM, NodeKind.TABLE)]) < 2


def lists_problems(section: Node) -> bool:
    """Whether the section lists problems: "Errors", "Bugs found"."""
    if section.kind is not NodeKind.SECTION or section.role is not Role.ERRORS or tells_one_problem(section):
        return False
    if len(section.items()) > 1 or named_entries(section):
        return True
    return any(child.kind is NodeKind.TABLE for child in section.children)


def _names_problem(section: Node) -> bool:
    """Whether a heading under an errors heading is an entry and not a part such as "Affected file"."""
    words = headline(section.text)
    if says_failure(table("roles").without(words)):
        return True
    return len(words.split()) >= 2 and (section.number is not None or (says_failure(words) and len(words.split()) >= 3))


def _of_role_sections(section: Node) -> Place | None:
    """Returns the problem of sections side by side that are its parts: "Problem", "Root cause", "Solution"."""
    if section.role not in PROBLEMS or not is_bare_role(section.text) or lists_problems(section):
        return None
    group = list(role_group(section))
    texts = [child for child in section.children if child.kind is NodeKind.STATEMENT]
    if not tells_one_problem(section):
        texts = [text for text in texts if not text.items()]
    if group and not texts:
        texts = section.items()
    answered = any(part.role in (Role.CAUSE, *REPAIRS) for part in group)
    if not texts:
        return _of_fence(section, group) if answered else None
    if not (answered or any(says_failure(text.text) or _fence_of(text) for text in texts[:3])):
        return None
    last = group[-1].last if group else section.last
    place = Place(headline(texts[0].text)[:LONGEST_TITLE], (section.first, last), "headings are the parts of a problem")
    place.message = "\n".join(plain(child.text) for child in texts[:3])
    _read_fence(place, texts)
    read_parts(place, group)
    return place


def _fence_of(statement: Node) -> Node | None:
    """Returns the block that a statement announces."""
    announces = statement.text.rstrip(" *_").endswith((":", "："))
    fences = [child for child in statement.children if child.kind is NodeKind.FENCE]
    return fences[0] if announces and fences else None


def _read_fence(place: Place, texts: list[Node]) -> None:
    """Reads the message of "It fails with:" from the block below, and its telling line as the title."""
    fence = next((found for text in texts if (found := _fence_of(text))), None)
    if fence is None:
        return
    place.message = f"{place.message}\n{fence.text.strip()}"[:LONGEST_MESSAGE]
    telling = _telling_line(fence)
    if telling and _fence_of(texts[0]) is fence:
        place.title = telling[:LONGEST_TITLE]


def _of_fence(section: Node, group: Sequence[Node]) -> Place | None:
    """Returns the problem of a section that is nothing but the output that says what failed."""
    fence = next((child for child in section.children if child.kind is NodeKind.FENCE), None)
    if fence is None or not (telling := _telling_line(fence)):
        return None
    place = Place(telling[:LONGEST_TITLE], (section.first, group[-1].last), "a heading and the output of a problem")
    place.message = fence.text.strip()[:LONGEST_MESSAGE]
    read_parts(place, list(group))
    return place


def _telling_line(fence: Node) -> str:
    """Returns the last line of a block that says what failed, or an empty string."""
    lines = [line.strip() for line in fence.text.split("\n") if line.strip()]
    return next((line for line in reversed(lines) if exception_of(line) or says_failure(line)), "")
