"""Files that labels, bullets and sentences outside a list of files say were created or changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sessions.parsing.files.lines import coded_paths, lines_changed, own_action
from sessions.parsing.files.paths import find_paths, is_path
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.vocabulary import Role, table
from sessions.records import FileAction, FileRecord
from sessions.text import headline, plain

Told = tuple[FileRecord, str]

_ELSEWHERE = frozenset({Role.NEXT_STEPS, Role.REFERENCES, Role.COMMANDS, Role.OBJECTIVES, Role.DECISIONS, Role.METRICS})
_PROBLEM = frozenset({Role.ERRORS, Role.SYMPTOMS, Role.CAUSE, Role.LEARNINGS, Role.ENVIRONMENT})
_CLAUSE = re.compile(r"(?<=[.;。；])\s+|\s(?=(?:and|y|e|et|und|en|и)\s)")
_BRACKETED = re.compile(r"\([^()]*\)")
_JOINED = re.compile(r"^[\s`,+&и]*+(?:and|y|e|et|und|en|with|->|→|to|a)?[\s`]*$")
_LED = re.compile(r"^`([^`\n]{3,200})`[ \t]*(?:[-–—:(（]|→|$)[ \t]*(.*)$", re.DOTALL)
_NEAREST = 45  # characters between the verb and the path


def told_files(nodes: Iterable[Node]) -> Iterator[Told]:
    """The files that these nodes say were created or changed, each with the reason it was taken."""
    for node in nodes:
        if node.kind not in (NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.SECTION):
            continue
        roles = {holder.role for holder in (node, *node.ancestors())}
        if roles & _ELSEWHERE:
            continue
        if node.kind is NodeKind.SECTION:
            yield from _of_heading(node)
        elif node.label and node.value and node.role in (Role.FILES, Role.LOCATION):
            yield from _of_file_label(node, in_problem=bool(roles & _PROBLEM))
        elif node.label and node.value and node.bold:
            yield from _of_action_label(node)
        elif node.kind is NodeKind.ITEM and Role.COMPLETED in roles and (led := _led_by_path(node)):
            yield led, "a completed item that begins with the file"
        else:
            yield from _of_sentences(node)


def _led_by_path(node: Node) -> FileRecord | None:
    """ "- `a/b.py` (230 lines)" among what was completed."""
    found = _LED.match(node.text)
    if found is None or not is_path(found[1]):
        return None
    action = own_action(node.text, found[1]) or _action_above(node)
    return FileRecord(found[1], node.first, action, lines_changed(node.text), plain(found[2]))


def _of_heading(section: Node) -> Iterator[Told]:
    """ "## Fix - `a/b.ts` (new)": a heading that names a file and what was done to it."""
    for path in coded_paths(section.text)[:1]:
        if action := own_action(section.text, path):
            yield FileRecord(path, section.first, action), "a heading that names the file and the action"


def _of_file_label(node: Node, *, in_problem: bool) -> Iterator[Told]:
    """ "**File**: `a/b.py`", where what stands around it is not only the place of a problem."""
    if node.role is Role.LOCATION and in_problem:
        return
    found = table("actions").first(node.label)
    for path in coded_paths(node.value) or [path for path, _at in find_paths(plain(node.value))]:
        action = found.meaning if found else _action_above(node)
        yield FileRecord(path, node.first, action, lines_changed(node.value)), f"labelled {node.label!r}"


def _action_above(node: Node) -> FileAction | None:
    for holder in node.ancestors():
        if holder.kind is NodeKind.SECTION and (found := table("actions").first(holder.text)):
            return found.meaning  # type: ignore[no-any-return]
    return None


def _of_action_label(node: Node) -> Iterator[Told]:
    """ "**config.yaml updated:** …" and "**Docs updated:** `a.md`, `b.md`"."""
    found = table("actions").first(node.label)
    path = next((word for word in node.label.replace("`", "").split() if is_path(word)), "")
    if found and path:
        yield FileRecord(path, node.first, found.meaning, description=plain(node.value)), "a label: file and action"
    elif found and found.end >= len(node.label) - 2:
        for listed in coded_paths(_BRACKETED.sub("", node.value)):
            yield FileRecord(listed, node.first, found.meaning), f"labelled {node.label!r}"
    else:
        yield from _of_sentences(node)


def _of_sentences(node: Node) -> Iterator[Told]:
    """ "Created `a.py` + `b.py`", "`a.py` created": a verb of change right before or behind the path."""
    for clause in _CLAUSE.split(node.text[:3000]):
        words = headline(clause)
        paths = find_paths(plain(words))
        if not paths:
            continue
        first, at = paths[0]
        verb = next((f for f in table("actions").find_all(words[: at + 1]) if at - f.end <= _NEAREST), None)
        begins = verb is not None and (verb.start == 0 or (node.kind is NodeKind.ITEM and verb.start <= 4))
        if verb is not None and begins:
            row = _row_of_paths(plain(words), paths)
            for path in row[-1:] if verb.meaning == "renamed" else row:
                yield (
                    FileRecord(path, node.first, verb.meaning, description=plain(clause)),
                    f"{verb.phrase!r} before it",
                )
        elif at <= 2 and (after := table("actions").first(words[at + len(first) :][:30])) and after.start <= 4:
            yield FileRecord(first, node.first, after.meaning), f"{after.phrase!r} behind it"


def _row_of_paths(text: str, paths: list[tuple[str, int]]) -> list[str]:
    """The first path and those joined to it ("a.py + b.py and c.py")."""
    row = [paths[0][0]]
    end = paths[0][1] + len(paths[0][0])
    for path, at in paths[1:]:
        if not _JOINED.match(text[end:at]):
            break
        row.append(path)
        end = at + len(path)
    return row
