"""Extracts the files a session created, changed, renamed or deleted: one record per path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sessions.parsing.files.lines import records_of_row, records_of_text, records_of_tree
from sessions.parsing.files.mentions import mentioned_files
from sessions.parsing.files.paths import is_path
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import listings
from sessions.parsing.vocabulary import Role, table
from sessions.records import FileAction, FileRecord
from sessions.text import headline

_ELSEWHERE = (Role.NEXT_STEPS, Role.REFERENCES, Role.COMMANDS)
_SHARE = 2  # every second entry of a list of files must begin with a path


def extract_files(reading: Reading) -> tuple[FileRecord, ...]:
    """Returns the files that are listed, that a label names, or that a line says were created or changed."""
    records: list[FileRecord] = []
    listed: set[Node] = set()
    for listing in listings(reading, Role.FILES, outside=_ELSEWHERE):
        reading.context("files", f"the heading {listing.text!r}", (listing.first, listing.first))
        listed.update(listing.walk())
        records += _of_listing(reading, listing)
    for listing in _unnamed_listings(reading, listed):
        listed.update(listing.walk())
        records += _of_listing(reading, listing)
    nodes = (node for node in reading.walk() if node not in listed)
    for record, why in mentioned_files(nodes):
        reading.claim("files", why, (record.line, record.line))
        records.append(record)
    return _merged(records)


def _unnamed_listings(reading: Reading, listed: set[Node]) -> Iterator[Node]:
    """Yields lists and tables whose entries begin with a path, under words that say they were created or changed."""
    for node in reading.walk():
        if node in listed or node.kind not in (NodeKind.SECTION, NodeKind.STATEMENT, NodeKind.ITEM):
            continue
        entries = [child for child in node.children if child.kind is NodeKind.ITEM]
        entries += [row for child in node.children if child.kind is NodeKind.TABLE for row in child.children]
        if not entries or any(holder.role in _ELSEWHERE for holder in (node, *node.ancestors())):
            continue
        leading = sum(_begins_with_path(entry) for entry in entries)
        changed = table("actions").first(headline(node.text)) is not None or node.nearest_role() is Role.COMPLETED
        if changed and leading * _SHARE >= len(entries):
            yield node


def _begins_with_path(entry: Node) -> bool:
    text = headline(entry.cells[0] if entry.cells else entry.text)
    first = text.split(maxsplit=1)[0] if text else ""
    return is_path(first.rstrip(":,"))


def _of_listing(reading: Reading, listing: Node) -> Iterator[FileRecord]:
    for node in listing.walk():
        if node is listing:
            continue
        action = _group_action(node, listing)
        match node.kind:
            case NodeKind.SECTION | NodeKind.ITEM | NodeKind.STATEMENT:
                records = list(records_of_text(node, action))
            case NodeKind.ROW:
                records = list(records_of_row(node, action))
            case NodeKind.FENCE:
                records = list(records_of_tree(node, action))
            case _:
                records = []
        reading.claim("files", f"listed under {listing.text!r}", *((r.line, r.line) for r in records))
        yield from records


def _group_action(node: Node, listing: Node) -> FileAction | None:
    """Returns the action of the nearest heading, up to the listing: "Files Created"."""
    for holder in [node, *node.ancestors()]:
        if holder is not node and (holder.kind is NodeKind.SECTION or holder is listing or holder.label):
            action = table("actions").first(holder.text)
            if action:
                return action.meaning  # type: ignore[no-any-return]
        if holder is listing:
            break
    return None


def _merged(records: Iterable[FileRecord]) -> tuple[FileRecord, ...]:
    """Returns one record per path. An absolute path and its tail are the same file, under the longer of the two."""
    merged: dict[str, FileRecord] = {}
    by_tail: dict[str, str] = {}
    for record in sorted(records, key=lambda record: record.line):
        path = record.path.replace("\\", "/").removeprefix("./").lower()
        tails = _tails(path)
        same = by_tail.get(path) or next((tail for tail in tails if tail in merged), None)
        if same is None:
            merged[path] = record
            same = path
        elif merged[same] is not record:
            merged[same] = _joined(merged[same], record)
        for tail in tails:
            by_tail.setdefault(tail, same)
    return tuple(merged.values())


def _tails(path: str) -> list[str]:
    """Returns the ends of a path: "a/b/c.py" → "a/b/c.py", "b/c.py", "c.py"."""
    parts = path.split("/")
    return ["/".join(parts[number:]) for number in range(len(parts)) if parts[-1] or number < len(parts) - 1]


def _joined(first: FileRecord, later: FileRecord) -> FileRecord:
    return replace(
        first,
        path=later.path if "/" not in first.path and len(later.path) > len(first.path) else first.path,
        action=first.action or later.action,
        lines_changed=first.lines_changed or later.lines_changed,
        description=first.description or later.description,
    )
