"""Files that labels, bullets and sentences outside of lists of files say were created or changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sessions.parsing.files.lines import coded_paths, lines_changed, own_action
from sessions.parsing.files.paths import find_paths, is_path
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.vocabulary import PhraseMatch, Role, any_of, table, words
from sessions.records import FileAction, FileRecord
from sessions.text import headline, plain

FileMention = tuple[FileRecord, str]  # with the reason it was taken

_ELSEWHERE = frozenset({Role.NEXT_STEPS, Role.REFERENCES, Role.COMMANDS, Role.OBJECTIVES, Role.DECISIONS, Role.METRICS})
_PROBLEM = frozenset({Role.ERRORS, Role.SYMPTOMS, Role.CAUSE, Role.LEARNINGS, Role.ENVIRONMENT})
_AND = any_of(words("conjunctions"))
_CLAUSE = re.compile(rf"(?<=[.;。；])\s+|\s(?={_AND}\s)")
_BRACKETED = re.compile(r"\([^()]*\)")
_JOINED = re.compile(rf"^[\s`,+&]*+(?:{_AND}|{any_of(words('joiners'))}|->|→)?[\s`]*$")
_LED = re.compile(r"^`([^`\n]{3,200})`[ \t]*(?:[-–—:(（]|→|$)[ \t]*(.*)$", re.DOTALL)
_NEAREST = 45  # characters between the verb and the path


def mentioned_files(nodes: Iterable[Node]) -> Iterator[FileMention]:
    """Yields the files that the nodes say were created or changed."""
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
    """Returns the file of "- `a/b.py` (230 lines)" among what was completed."""
    led = _LED.match(node.text)
    if led is None or not is_path(led[1]):
        return None
    action = own_action(node.text, led[1]) or _action_above(node)
    return FileRecord(led[1], node.first, action, lines_changed(node.text), plain(led[2]))


def _of_heading(section: Node) -> Iterator[FileMention]:
    """Yields the file of a heading that says what was done to it: "## Fix - `a/b.ts` (new)"."""
    for path in coded_paths(section.text)[:1]:
        if action := own_action(section.text, path):
            yield FileRecord(path, section.first, action), "a heading that names the file and the action"


def _of_file_label(node: Node, *, in_problem: bool) -> Iterator[FileMention]:
    """Yields the files of "**File**: `a/b.py`", unless that only says where a problem is."""
    if node.role is Role.LOCATION and in_problem:
        return
    stated = table("actions").first(node.label)
    action = stated.meaning if stated else _action_above(node)
    for path in coded_paths(node.value) or [path for path, _at in find_paths(plain(node.value))]:
        yield FileRecord(path, node.first, action, lines_changed(node.value)), f"labelled {node.label!r}"


def _action_above(node: Node) -> FileAction | None:
    for holder in node.ancestors():
        if holder.kind is NodeKind.SECTION and (stated := table("actions").first(holder.text)):
            return stated.meaning  # type: ignore[no-any-return]
    return None


def _of_action_label(node: Node) -> Iterator[FileMention]:
    """Yields the files of "**config.yaml updated:** …" and "**Docs updated:** `a.md`, `b.md`"."""
    action = table("actions").first(node.label)
    path = next((word for word in node.label.replace("`", "").split() if is_path(word)), "")
    if action and path:
        yield FileRecord(path, node.first, action.meaning, description=plain(node.value)), "a label: file and action"
    elif action and action.end >= len(node.label) - 2:
        for listed in coded_paths(_BRACKETED.sub("", node.value)):
            yield FileRecord(listed, node.first, action.meaning), f"labelled {node.label!r}"
    else:
        yield from _of_sentences(node)


def _of_sentences(node: Node) -> Iterator[FileMention]:
    """Yields the files next to a verb of change: "Created `a.py` + `b.py`", "`a.py` created"."""
    for clause in _CLAUSE.split(node.text[:3000]):
        text = headline(clause)
        paths = find_paths(plain(text))
        if not paths:
            continue
        first, at = paths[0]
        if verb := _verb_before(text, at, node):
            row = _row_of_paths(plain(text), paths)
            for path in row[-1:] if verb.meaning == "renamed" else row:
                record = FileRecord(path, node.first, verb.meaning, description=plain(clause))
                yield record, f"{verb.phrase!r} before it"
        elif at <= 2 and (after := table("actions").first(text[at + len(first) :][:30])) and after.start <= 4:
            yield FileRecord(first, node.first, after.meaning), f"{after.phrase!r} after it"


def _verb_before(text: str, at: int, node: Node) -> PhraseMatch[FileAction] | None:
    """Returns the verb of change that begins a clause shortly before a path."""
    verb = next((verb for verb in table("actions").find_all(text[: at + 1]) if at - verb.end <= _NEAREST), None)
    latest = 4 if node.kind is NodeKind.ITEM else 0
    return verb if verb is not None and verb.start <= latest else None


def _row_of_paths(text: str, paths: list[tuple[str, int]]) -> list[str]:
    """Returns the first path and those joined to it ("a.py + b.py and c.py")."""
    row = [paths[0][0]]
    end = paths[0][1] + len(paths[0][0])
    for path, at in paths[1:]:
        if not _JOINED.match(text[end:at]):
            break
        row.append(path)
        end = at + len(path)
    return row
