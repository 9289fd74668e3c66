"""Cuts a log into its sessions: most files hold one, a rolling log holds one per dated entry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from sessions.parsing.metadata.dates import first_date
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import PSEUDO_HEADING_LEVEL, Document, Node, NodeKind
from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import Role, fold
from sessions.records import Span

_LONGEST_ENTRY_TITLE = 160
_DECIMAL = re.compile(r"\d{1,3}\.\d{1,3}[.\s]")
_SESSION = re.compile(
    r"session|sesion|sessao|seance|sitzung|sessie|sessione|sesiune|сессия|сеанс|会话|セッション|세션|جلسة"
)
_DATE_BEGINS = 28  # characters in which the date of such an entry stands
_WORD = re.compile(r"[^\W\d_]+")
_LIST_ROLES = {Role.NEXT_STEPS, Role.FILES, Role.REFERENCES, Role.TIMELINE, Role.ERRORS, Role.FIXES, Role.COMMITS}


def split_sessions(path: PurePosixPath, document: Document) -> list[Reading]:
    """The sessions of a log in the order of the file; at least one.

    Sections of one level that carry dates of their own are entries when there are two or more; an entry without a
    date between them ("… (cont'd)") belongs to the one before.
    """
    entries = _entries(document.root)
    if len(entries) < 2:
        heading = next((node for node in document.root.children if node.kind is NodeKind.SECTION), None)
        if heading is not None and heading.level == 1 and not _is_all_of_one_role(heading):
            heading.role = None  # the title of the log says what it is, not what stands under it
        return [Reading(path, document, document.root.children, _span(document), heading)]
    return [_reading(path, document, entries, position) for position in range(len(entries))]


def _is_all_of_one_role(heading: Node) -> bool:
    """A log that is nothing but "# Next steps" and their list."""
    return is_bare_role(heading.text) and not any(child.kind is NodeKind.SECTION for child in heading.children)


def _entries(root: Node) -> list[Node]:
    """The dated sections of the highest level that has two or more of them, with different titles."""
    by_level: dict[int, list[Node]] = {}
    for node in root.walk():
        if (
            node.kind is NodeKind.SECTION
            and node.level < PSEUDO_HEADING_LEVEL
            and _opens_entry(node)
            and _is_free(node)
        ):
            by_level.setdefault(node.level, []).append(node)
    for level in sorted(by_level):
        entries = [node for node in by_level[level] if _stands_alone(node)]
        titles = {fold(node.text) for node in entries}
        if len(titles) >= 2 and _mostly_dated(entries, root, level):
            return entries
    return []


def _is_free(node: Node) -> bool:
    """A heading inside a list item or a quote is a part of that: an entry of its own would take it apart."""
    return all(holder.kind in (NodeKind.SECTION, NodeKind.DOCUMENT) for holder in node.ancestors())


def _opens_entry(node: Node) -> bool:
    if (
        len(node.text) > _LONGEST_ENTRY_TITLE
        or _DECIMAL.match(node.text)
        or node.role
        in _LIST_ROLES
        - {
            Role.TIMELINE,
            Role.ERRORS,
            Role.FIXES,
        }
    ):
        return False
    return first_date(node.text) is not None


def _stands_alone(node: Node) -> bool:
    """Under a heading with a date of its own, an entry begins with its date: others only mention one.

    Where that is the same day, a part of the day is no entry unless it calls itself a session.
    """
    above = next((day for a in node.ancestors() if a.kind is NodeKind.SECTION and (day := first_date(a.text))), None)
    if above is None:
        return True
    return _begins_with_date(node) and (first_date(node.text) != above or _SESSION.search(fold(node.text)) is not None)


def _begins_with_date(node: Node) -> bool:
    return node.number is None and first_date(node.text[:_DATE_BEGINS]) is not None


def _mostly_dated(entries: Sequence[Node], root: Node, level: int) -> bool:
    """A log's entries are most of the sections of their level: two dated headings among many are none."""
    peers = [
        n for n in root.walk() if n.kind is NodeKind.SECTION and n.level == level and n.parent is entries[0].parent
    ]
    same = [entry for entry in entries if entry.parent is entries[0].parent]
    spread = len(entries) > len(same) and len({first_date(entry.text) for entry in entries}) > 1
    return spread or (len(same) > 1 and len(same) * 2 >= len(peers))


def _reading(path: PurePosixPath, document: Document, entries: Sequence[Node], position: int) -> Reading:
    entry = entries[position]
    entry.role = None
    first = 1 if position == 0 else entry.first
    last = entries[position + 1].first - 1 if position + 1 < len(entries) else _span(document)[1]
    nodes = [entry]
    if entry.parent is not None:
        for sibling in entry.following():
            if sibling.first > last:
                break
            nodes += _until(sibling, last)
    return Reading(path, document, nodes, (first, last), entry)


def _until(node: Node, last: int) -> list[Node]:
    """The node; of a section that holds the next entry, what stands in it before that."""
    if node.last <= last or node.kind is not NodeKind.SECTION:
        return [node]
    return [part for child in node.children if child.first <= last for part in _until(child, last)]


def _span(document: Document) -> Span:
    last = len(document.lines)
    while last > 1 and not document.lines[last - 1].strip():
        last -= 1
    return (1, last)
