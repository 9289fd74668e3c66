"""What one line of a list of files says: its paths, what was done to them, the lines changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.files.paths import find_paths, is_path
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import role_of
from sessions.parsing.vocabulary import LANGUAGES, PhraseMatch, Role, any_of, fold, folded_words, table, words
from sessions.records import FileAction, FileRecord
from sessions.text import plain

_LINES = re.compile(
    rf"{any_of(words('line_words'))}[ ]?(\d{{1,6}}(?:[ ]?[-–][ ]?\d{{1,6}})?)"
    r"|(?<!\d)(\+\d{1,6}[ ]?/[ ]?[-−]\d{1,6})",
    re.IGNORECASE,
)
_FILE_WORDS = any_of(
    fold(word)
    for language in LANGUAGES
    for role in (Role.FILES, Role.LOCATION)
    for word in language.roles.get(role, ())
)
# What follows the verb in a tag about the whole file: "(new, 40 lines)", "(new file)"
_OF_FILE = re.compile(rf"\W*(?:\d|{any_of(folded_words('line_words'))}(?!\w)|$)|\s*[,;:/+&-]|\s+{_FILE_WORDS}(?!\w)")
_COUNTED = re.compile(rf"\d\W*{any_of(folded_words('line_words'))}$")  # "(~50 lines added)"
_NOT_THERE = re.compile(r"^[\s#←(]*[❌✗✘⏳⬜☐]")  # of a leaf: "❌ not created yet"
_LINE_SUFFIX = re.compile(r":\d{1,6}(?:[-–]\d{1,6})?$")
_TAG = re.compile(r"[(\[（]([^()\[\]]{1,40})[)\]）]|(⭐|✏️|🆕)")
_TREE_LEAF = re.compile(r"^(?P<lead>[\s│|├└─┬+`\\-]*?[├└+`][─-]+[ ]?)?(?P<name>[^\s#←→]+)[ \t]*(?P<rest>.*)$")
_CODE = re.compile(r"`([^`\n]{2,250})`|\[([^\[\]\n]{2,250})\]\([^)\n]{0,400}\)")
_SEPARATOR = re.compile(r"\s(?:—|–|-|:|→|=>)\s|[:：]\s")


def records_of_text(node: Node, action: FileAction | None) -> Iterator[FileRecord]:
    """Yields the path that a bullet, heading or line begins with, or several if it begins with a row of paths."""
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
    lines = _LINES.search(text)
    return (lines[1] or lines[2]) if lines else ""


def coded_paths(text: str) -> list[str]:
    """Returns the paths in backticks and in the words of links, without line numbers."""
    codes = (_LINE_SUFFIX.sub("", (match[1] or match[2]).strip()) for match in _CODE.finditer(text))
    return [code for code in codes if is_path(code)]


def own_action(text: str, path: str) -> FileAction | None:
    """Returns the action a line itself states: a tag such as "(NEW)", or the verb it begins with."""
    for tag in _TAG.finditer(text):
        if tagged := table("actions").first(tag[1] or ""):
            return "modified" if _is_inside(fold(tag[1]), tagged) else tagged.meaning
        if tag[2]:
            return "modified" if tag[2].startswith("✏") else "created"
    before = text.split(path, 1)[0]
    verb = table("actions").first(before)
    return verb.meaning if verb else None


def _is_inside(tag: str, verb: PhraseMatch[FileAction]) -> bool:
    """Whether a tag says what was done in the file, as in "(removed the scale field)", and not to it."""
    before, after = tag[: verb.start].strip(), tag[verb.end :]
    if before:
        of_lines = role_of(before) not in (Role.FILES, Role.LOCATION) or _COUNTED.search(before) is not None
        return not after.strip() and of_lines
    return bool(after) and not _OF_FILE.match(after)


def records_of_row(row: Node, action: FileAction | None) -> Iterator[FileRecord]:
    """Yields the paths of the first cell that has any, described by the other cells."""
    for cell in row.cells:
        paths = coded_paths(cell) or [path for path, _at in find_paths(plain(cell))][:1]
        if paths:
            others = [other for other in row.cells if other is not cell]
            stated = next((verb for other in others if (verb := table("actions").first(other))), None)
            described = " | ".join(map(plain, others))
            for path in dict.fromkeys(paths):
                yield FileRecord(path, row.first, stated.meaning if stated else action, description=described)
            return


def records_of_tree(fence: Node, action: FileAction | None) -> Iterator[FileRecord]:
    """Yields the leaves of a tree in a fence with the folders above them, or one path per line if it is not a tree."""
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
        elif is_path(name) and not _NOT_THERE.match(leaf["rest"]):
            path = "".join(folder for _indent, folder in folders) + name
            yield FileRecord(
                path, number, own_action(leaf["rest"], "\n") or action, description=leaf["rest"].strip(" #←()")
            )
