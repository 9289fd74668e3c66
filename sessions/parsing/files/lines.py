"""What one line of a list of files says: its paths, what was done to them, the lines changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.files.paths import find_paths, is_path
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.vocabulary import table
from sessions.records import FileAction, FileRecord
from sessions.text import plain

_LINES = re.compile(
    r"(?:lines?|L)[ ]?(\d{1,6}(?:[ ]?[-–][ ]?\d{1,6})?)|(?<!\d)(\+\d{1,6}[ ]?/[ ]?[-−]\d{1,6})", re.IGNORECASE
)
_LINE_SUFFIX = re.compile(r":\d{1,6}(?:[-–]\d{1,6})?$")
_TAG = re.compile(r"[(\[（]([^()\[\]]{1,40})[)\]）]|(⭐|✏️|🆕)")
_TREE_LEAF = re.compile(r"^(?P<lead>[\s│|├└─┬+`\\-]*?[├└+`][─-]+[ ]?)?(?P<name>[^\s#←→]+)[ \t]*(?P<rest>.*)$")
_CODE = re.compile(r"`([^`\n]{2,250})`|\[([^\[\]\n]{2,250})\]\([^)\n]{0,400}\)")
_SEPARATOR = re.compile(r"\s(?:—|–|-|:|→|=>)\s|[:：]\s")


def records_of_text(node: Node, action: FileAction | None) -> Iterator[FileRecord]:
    """The path a bullet, heading or line begins with; several in a row when only paths stand there."""
    text = node.text
    parts = _SEPARATOR.split(text, maxsplit=1)
    head = parts[0]
    paths = coded_paths(head) or [path for path, _at in find_paths(plain(head))]
    if not paths:
        label_led = node.label and not is_path(node.label)
        paths = coded_paths(node.value)[:4] if label_led else []
    if not paths and node.kind is not NodeKind.STATEMENT:
        paths = coded_paths(text)[:1]
    described = plain(parts[1]) if len(parts) == 2 else ""
    for path in dict.fromkeys(paths):
        yield FileRecord(
            path=_LINE_SUFFIX.sub("", path),
            line=node.first,
            action=own_action(text, path) or action,
            lines_changed=lines_changed(text),
            description=described,
        )


def lines_changed(text: str) -> str:
    found = _LINES.search(text)
    return (found[1] or found[2]) if found else ""


def coded_paths(text: str) -> list[str]:
    """The paths that stand in backticks or as the words of a link, without line numbers."""
    found = []
    for match in _CODE.finditer(text):
        path = _LINE_SUFFIX.sub("", (match[1] or match[2]).strip())
        if is_path(path):
            found.append(path)
    return found


def own_action(text: str, path: str) -> FileAction | None:
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


def records_of_row(row: Node, action: FileAction | None) -> Iterator[FileRecord]:
    """The first cell with a path; what the other cells say is its description."""
    for cell in row.cells:
        paths = coded_paths(cell) or [path for path, _at in find_paths(plain(cell))][:1]
        if paths:
            others = " | ".join(plain(other) for other in row.cells if other is not cell)
            found = next((f for other in row.cells if other is not cell and (f := table("actions").first(other))), None)
            for path in dict.fromkeys(paths):
                yield FileRecord(path, row.first, found.meaning if found else action, description=others)
            return


def records_of_tree(fence: Node, action: FileAction | None) -> Iterator[FileRecord]:
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
                path, number, own_action(leaf["rest"], "\n") or action, description=leaf["rest"].strip(" #←()")
            )
