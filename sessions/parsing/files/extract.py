"""Extracts the files a session created, changed, renamed or deleted: one record a path."""

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
_SHARE = 2  # at least every second entry of a list of files begins with a path


def extract_files(reading: Reading) -> tuple[FileRecord, ...]:
    """Files listed under a heading or label, those a label names, and those a line says it created or changed."""
    found: list[FileRecord] = []
    listed: set[int] = set()
    for listing in listings(reading, Role.FILES, outside=_ELSEWHERE):
        reading.context("files", f"the heading {listing.text!r}", (listing.first, listing.first))
        listed.update(id(node) for node in listing.walk())
        found += _of_listing(reading, listing)
    for listing in _unnamed_listings(reading, listed):
        listed.update(id(node) for node in listing.walk())
        found += _of_listing(reading, listing)
    nodes = (node for node in reading.walk() if id(node) not in listed)
    for record, why in mentioned_files(nodes):
        reading.claim("files", why, (record.line, record.line))
        found.append(record)
    return _merged(found)


def _unnamed_listings(reading: Reading, listed: set[int]) -> Iterator[Node]:
    """Lists and tables whose entries begin with a path, under words that say they were created or changed."""
    for node in reading.walk():
        if id(node) in listed or node.kind not in (NodeKind.SECTION, NodeKind.STATEMENT, NodeKind.ITEM):
            continue
        entries = [child for child in node.children if child.kind is NodeKind.ITEM]
        entries += [row for child in node.children if child.kind is NodeKind.TABLE for row in child.children]
        if not entries or any(holder.role in _ELSEWHERE for holder in (node, *node.ancestors())):
            continue
        leading = sum(_begins_with_path(entry) for entry in entries)
        told = table("actions").first(headline(node.text)) is not None or node.nearest_role() is Role.COMPLETED
        if told and leading * _SHARE >= len(entries):
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
    """The action of the nearest heading around, up to the listing: "Files Created"."""
    for holder in [node, *node.ancestors()]:
        if holder is not node and (holder.kind is NodeKind.SECTION or holder is listing or holder.label):
            found = table("actions").first(holder.text)
            if found:
                return found.meaning  # type: ignore[no-any-return]
        if holder is listing:
            break
    return None


def _merged(records: Iterable[FileRecord]) -> tuple[FileRecord, ...]:
    """One record a path; an absolute path and its tail are one file, known by the longer of the two."""
    kept: dict[str, FileRecord] = {}
    by_tail: dict[str, str] = {}
    for record in sorted(records, key=lambda record: record.line):
        path = record.path.replace("\\", "/").removeprefix("./").lower()
        tails = _tails(path)
        same = by_tail.get(path) or next((tail for tail in tails if tail in kept), None)
        if same is None:
            kept[path] = record
            same = path
        elif kept[same] is not record:
            kept[same] = _joined(kept[same], record)
        for tail in tails:
            by_tail.setdefault(tail, same)
    return tuple(kept.values())


def _tails(path: str) -> list[str]:
    """ "a/b/c.py" → itself, "b/c.py", "c.py"."""
    parts = path.split("/")
    return ["/".join(parts[number:]) for number in range(len(parts)) if parts[-1] or number < len(parts) - 1]


def _joined(known: FileRecord, record: FileRecord) -> FileRecord:
    return replace(
        known,
        path=record.path if "/" not in known.path and len(record.path) > len(known.path) else known.path,
        action=known.action or record.action,
        lines_changed=known.lines_changed or record.lines_changed,
        description=known.description or record.description,
    )
