"""Splits a log into sessions: most files hold one, a rolling log holds one per dated entry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from sessions.parsing.metadata.dates import first_date
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import PSEUDO_HEADING_LEVEL, Document, Node, NodeKind
from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import Role, any_of, fold, folded_words
from sessions.records import Span

_LONGEST_ENTRY_TITLE = 160
_DECIMAL = re.compile(r"\d{1,3}\.\d{1,3}[.\s](?!\d{2})")
_SESSION = re.compile(any_of(folded_words("session_words")))
_SEVERAL = 3  # entries
_DATE_BEGINS = 28  # characters at the beginning of a title that hold its date
_LIST_ROLES = {Role.NEXT_STEPS, Role.FILES, Role.REFERENCES, Role.COMMITS}  # a date in such a heading opens no entry


def split_sessions(path: PurePosixPath, document: Document) -> list[Reading]:
    """Returns the sessions of a log in the order of the file, at least one.

    Two or more sections of a level with dates of their own are entries. A section without a date between them
    ("… (cont'd)") belongs to the entry before it.
    """
    entries = _entries(document.root)
    if len(entries) < 2:
        heading = next((node for node in document.root.children if node.kind is NodeKind.SECTION), None)
        if heading is not None and heading.level == 1 and not _is_all_of_one_role(heading):
            heading.role = None  # the title of a log does not describe what is below it
        return [Reading(path, document, document.root.children, _span(document), heading)]
    return [_reading(path, document, entries, position) for position in range(len(entries))]


def _is_all_of_one_role(heading: Node) -> bool:
    """Whether the log is nothing but "# Next steps" and their list."""
    return is_bare_role(heading.text) and not any(child.kind is NodeKind.SECTION for child in heading.children)


def _entries(root: Node) -> list[Node]:
    """Returns the dated sections of the highest level that has two or more of them with different titles."""
    by_level: dict[int, list[Node]] = {}
    for node in root.walk():
        if (
            node.kind is NodeKind.SECTION
            and node.level < PSEUDO_HEADING_LEVEL
            and _opens_entry(node)
            and _is_free(node)
        ):
            by_level.setdefault(node.level, []).append(node)
    dated = {level: [node for node in by_level[level] if _is_entry(node)] for level in sorted(by_level)}
    several = {level: some for level, some in dated.items() if len({fold(node.text) for node in some}) >= 2}
    mostly = (some for level, some in several.items() if _mostly_dated(some, root, level))
    called_sessions = (some for some in several.values() if _are_called_sessions(some))
    return next(mostly, []) or next(called_sessions, [])


def _are_called_sessions(entries: Sequence[Node]) -> bool:
    """Whether all of several entries begin with "Session", so that their parts may be headings of the same level."""
    return len(entries) >= _SEVERAL and all(_SESSION.match(fold(entry.text)) for entry in entries)


def _is_free(node: Node) -> bool:
    """Whether the heading is outside list items and quotes, which an entry must not take apart."""
    return all(holder.kind in (NodeKind.SECTION, NodeKind.DOCUMENT) for holder in node.ancestors())


def _opens_entry(node: Node) -> bool:
    if len(node.text) > _LONGEST_ENTRY_TITLE or _DECIMAL.match(node.text) or node.role in _LIST_ROLES:
        return False
    return first_date(node.text) is not None


def _is_entry(node: Node) -> bool:
    """Whether a dated section is an entry. Under a dated heading it must begin with its date.

    If that is the same day, it must also call itself a session: else it is a part of that day.
    """
    above = next((day for a in node.ancestors() if a.kind is NodeKind.SECTION and (day := first_date(a.text))), None)
    if above is None:
        return True
    return _begins_with_date(node) and (first_date(node.text) != above or _SESSION.search(fold(node.text)) is not None)


def _begins_with_date(node: Node) -> bool:
    return node.number is None and first_date(node.text[:_DATE_BEGINS]) is not None


def _mostly_dated(entries: Sequence[Node], root: Node, level: int) -> bool:
    """Whether the entries are most of the sections of their level. Two dated headings among many are not entries."""
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
    nodes = [part for node in document.root.children for part in _within(node, first, last)]
    return Reading(path, document, nodes, (first, last), entry)


def _within(node: Node, first: int, last: int) -> list[Node]:
    """Returns the node if it is within these lines, else the parts of a section that are."""
    if first <= node.first and node.last <= last:
        return [node]
    if node.kind is not NodeKind.SECTION or node.last < first or node.first > last:
        return []
    return [part for child in node.children for part in _within(child, first, last)]


def _span(document: Document) -> Span:
    last = len(document.lines)
    while last > 1 and not document.lines[last - 1].strip():
        last -= 1
    return (1, last)
