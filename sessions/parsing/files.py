"""Extracts the files a session created, changed, renamed or deleted: one record a path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sessions.parsing.document import Kind, Node
from sessions.parsing.entries import listings
from sessions.parsing.paths import find_paths, is_path
from sessions.parsing.reading import Reading
from sessions.parsing.roles import role_of
from sessions.parsing.text import plain
from sessions.parsing.vocabulary import Role, table
from sessions.records import FileAction, FileRecord

_LINES = re.compile(
    r"(?:lines?|L)[ ]?(\d{1,6}(?:[ ]?[-–][ ]?\d{1,6})?)|(?<!\d)(\+\d{1,6}[ ]?/[ ]?[-−]\d{1,6})", re.IGNORECASE
)
_LINE_SUFFIX = re.compile(r":\d{1,6}(?:[-–]\d{1,6})?$")
_TAG = re.compile(r"[(\[（]([^()\[\]]{1,40})[)\]）]|(⭐|✏️|🆕)")
_TREE_LEAF = re.compile(r"^(?P<lead>[\s│|├└─┬+`\\-]*?[├└+`][─-]+[ ]?)?(?P<name>[^\s#←→]+)[ \t]*(?P<rest>.*)$")
_CODE = re.compile(r"`([^`\n]{2,250})`|\[([^\]\n]{2,250})\]\([^)\n]{0,400}\)")
_SEPARATOR = re.compile(r"\s(?:—|–|-|:|→|=>)\s|[:：]\s")
_ELSEWHERE = (Role.NEXT_STEPS, Role.REFERENCES, Role.COMMANDS)


def extract_files(reading: Reading) -> tuple[FileRecord, ...]:
    """Files under a files heading or behind a files label, and those a bullet says it created or changed."""
    found: list[FileRecord] = []
    for listing in listings(reading, Role.FILES, outside=_ELSEWHERE):
        reading.context("files", f"the heading {listing.text!r}", (listing.first, listing.first))
        found += _of_listing(reading, listing)
    found += _labelled(reading)
    found += _told(reading)
    return _merged(found)


def _of_listing(reading: Reading, listing: Node) -> Iterator[FileRecord]:
    for node in listing.walk():
        if node is listing:
            continue
        action = _group_action(node, listing)
        match node.kind:
            case Kind.SECTION | Kind.ITEM | Kind.STATEMENT:
                records = list(_of_text(node, action))
            case Kind.ROW:
                records = list(_of_row(node, action))
            case Kind.FENCE:
                records = list(_of_tree(node, action))
            case _:
                records = []
        reading.claim("files", f"listed under {listing.text!r}", *((r.line, r.line) for r in records))
        yield from records


def _group_action(node: Node, listing: Node) -> FileAction | None:
    """The action of the nearest heading around, up to the listing: "Files Created"."""
    for holder in [node, *node.ancestors()]:
        if holder is not node and (holder.kind is Kind.SECTION or holder is listing or holder.label):
            found = table("actions").first(holder.text)
            if found:
                return found.meaning  # type: ignore[no-any-return]
        if holder is listing:
            break
    return None


def _of_text(node: Node, action: FileAction | None) -> Iterator[FileRecord]:
    """The path a bullet, heading or line begins with; several in a row when only paths stand there."""
    text = node.text
    parts = _SEPARATOR.split(text, maxsplit=1)
    head = parts[0]
    paths = list(_coded_paths(head)) or [path for path, _at in find_paths(plain(head))]
    if not paths:
        label_led = node.label and not is_path(node.label)
        paths = _coded_paths(node.value)[:4] if label_led else []
    if not paths and node.kind is not Kind.STATEMENT:
        coded = _coded_paths(text)
        paths = coded[:1]
    described = plain(parts[1]) if len(parts) == 2 else ""
    for path in dict.fromkeys(paths):
        lines = _LINES.search(text)
        yield FileRecord(
            path=_LINE_SUFFIX.sub("", path),
            line=node.first,
            action=_own_action(text, path) or action,
            lines_changed=(lines[1] or lines[2]) if lines else "",
            description=described,
        )


def _coded_paths(text: str) -> list[str]:
    found = []
    for match in _CODE.finditer(text):
        path = _LINE_SUFFIX.sub("", (match[1] or match[2]).strip())
        if is_path(path):
            found.append(path)
    return found


def _own_action(text: str, path: str) -> FileAction | None:
    """The action a line itself gives: a tag "(NEW)", or the verb it begins with."""
    for tag in _TAG.finditer(text):
        found = table("actions").first(tag[1] or "")
        if found:
            return found.meaning  # type: ignore[no-any-return]
        if tag[2]:
            return "modified" if tag[2].startswith("✏") else "created"
    before = text.split(path, 1)[0]
    found = table("actions").first(before)
    return found.meaning if found else None


def _of_row(row: Node, action: FileAction | None) -> Iterator[FileRecord]:
    for cell in row.cells:
        paths = _coded_paths(cell) or [path for path, _at in find_paths(plain(cell))][:1]
        if paths:
            others = " | ".join(plain(other) for other in row.cells if other is not cell)
            found = next((f for other in row.cells if other is not cell and (f := table("actions").first(other))), None)
            for path in dict.fromkeys(paths):
                yield FileRecord(path, row.first, found.meaning if found else action, description=others)
            return


def _of_tree(fence: Node, action: FileAction | None) -> Iterator[FileRecord]:
    """A tree in a fence: leaves with the folders above them; without tree marks, one path a line."""
    folders: list[tuple[int, str]] = []
    for number, line in enumerate(fence.text.rstrip("\n").split("\n"), start=fence.first + 1):
        leaf = _TREE_LEAF.match(line.rstrip())
        if leaf is None:
            continue
        name, indent = leaf["name"], len(line) - len(line.lstrip(" │|\t├└─+`"))
        while folders and folders[-1][0] >= indent:
            folders.pop()
        if name.endswith("/"):
            folders.append((indent, name))
        elif is_path(name):
            path = "".join(folder for _indent, folder in folders) + name
            yield FileRecord(
                path, number, _own_action(leaf["rest"], "\n") or action, description=leaf["rest"].strip(" #←()")
            )


def _labelled(reading: Reading) -> Iterator[FileRecord]:
    """ "**File Modified**: `a/b.py`" outside a listing."""
    for node in reading.walk():
        if node.kind not in (Kind.ITEM, Kind.STATEMENT) or not node.value or node.role is not Role.FILES:
            continue
        if any(a.role in (Role.FILES, *_ELSEWHERE) for a in node.ancestors()):
            continue
        found = table("actions").first(node.label)
        for path in _coded_paths(node.value) or [path for path, _at in find_paths(plain(node.value))]:
            reading.claim("files", f"labelled {node.label!r}", (node.first, node.first))
            lines = _LINES.search(node.value)
            yield FileRecord(
                path, node.first, found.meaning if found else None, (lines[1] or lines[2]) if lines else ""
            )


def _told(reading: Reading) -> Iterator[FileRecord]:
    """ "- Created `a/b.py` (120 lines)": a bullet that begins with an action and names the file next."""
    for node in reading.walk():
        if node.kind not in (Kind.ITEM, Kind.STATEMENT) or "`" not in node.text:
            continue
        if node.nearest_role() in (Role.FILES, *_ELSEWHERE, Role.LEARNINGS):
            continue
        words = plain(node.value if node.label and role_of(node.label) is None else node.text)
        found = table("actions").first(words[:25])
        paths = _coded_paths(node.text)[:1]
        if found and paths and found.start <= 3 and words.find(paths[0]) <= 45:
            reading.claim("files", f"begins with {found.phrase!r} and names the file", (node.first, node.first))
            yield FileRecord(paths[0], node.first, found.meaning, description=words)


def _merged(records: list[FileRecord]) -> tuple[FileRecord, ...]:
    """One record a path; an absolute path and its tail are one file, known by the path stated first."""
    kept: dict[str, FileRecord] = {}
    by_name: dict[str, list[str]] = {}
    for record in sorted(records, key=lambda record: record.line):
        path = record.path.replace("\\", "/").removeprefix("./")
        name = path.rstrip("/").rsplit("/", 1)[-1].lower()
        same = next((k for k in by_name.get(name, ()) if _same_file(k, path.lower())), None)
        if same is None:
            kept[path.lower()] = record
            by_name.setdefault(name, []).append(path.lower())
        else:
            known = kept[same]
            kept[same] = replace(
                known,
                action=known.action or record.action,
                lines_changed=known.lines_changed or record.lines_changed,
                description=known.description or record.description,
            )
    return tuple(kept.values())


def _same_file(known: str, path: str) -> bool:
    return known == path or known.endswith("/" + path) or path.endswith("/" + known)
