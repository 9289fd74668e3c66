"""Splits the lines of a paragraph into statements.

CommonMark joins "**Date**: …" and "**Status**: …" on adjacent lines into one paragraph, where logs mean two statements.
The same goes for "✅ done" lines without list markers, table rows and titles between rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sessions.parsing.tree.document import PSEUDO_HEADING_LEVEL, Node, NodeKind

NumberedLine = tuple[int, str]

GLYPHS = "✅❌✓✔✗✘⚠⏳🔄⏸⏭🔜🚧🔴🟡🟢🟠⭐🔥🚨❓⬜🔲☐☑☒🎯🎉🚀💡📝📁🐛🔧🛑⛔"
_GLYPH_START = re.compile(rf"[{GLYPHS}]\uFE0F?(?=\s|\*|$)")
_RULE = re.compile(r"[=\-━─═_*~#]{4,}$")
_TIGHT_HEADING = re.compile(r"(#{1,6})([^\W\d_#][^#]*)$")
_TABLE_DELIMITER = re.compile(r"^\|?[ \t]*:?-{1,}:?[ \t]*(\|[ \t]*:?-{1,}:?[ \t]*)*\|?$")
_BOLD_LABEL = re.compile(
    r"(?P<lead>[^\w\s*_`\[(]{0,3}[ \t]?)(?P<mark>\*\*|__)(?P<label>[^*\n]{1,120}?)"
    r"(?:(?P=mark)(?P<tail>[ \t]*\([^()\n]{0,60}\))?[ \t]*[:：]|[:：][ \t]{0,9}(?P=mark))[ \t]*(?P<value>.*)$",
    re.DOTALL,
)
_PLAIN_LABEL = re.compile(
    r"(?P<label>[^\W\d_][^\n:：|`*\[\]{}<>\"“]{0,39}?)[ \t]?[:：](?=\s|$|[^\x00-\x7f/])[ \t]*(?P<value>.*)$",
    re.DOTALL,
)
_BOLD_LINE = re.compile(
    r"[^\w\s*_`\[(]{0,3}[ \t]?(?:\*\*|__)(?P<title>[^*\n]{2,160})(?:\*\*|__)"
    r"(?P<aside>[ \t]*[(（][^()（）\n]{1,40}[)）])?[ \t]*[:：]?[ \t]?[^\w\s]{0,3}$"
)
_LABEL_WORDS = 6
_LONGEST_PLAIN_TITLE = 110
_UNDERLINE = re.compile(r"[─━═]{4,}$")


def split_label(text: str) -> tuple[str, str, bool]:
    """Splits "**Key**: value" into ("Key", "value", True), "Key: value" into (…, False), others into ("", …, False)."""
    if bold := _BOLD_LABEL.match(text):
        label = bold["label"].strip(" :：*")
        return label + (bold["tail"] or ""), bold["value"].strip(), True
    labelled = _PLAIN_LABEL.match(text)
    if labelled and len(labelled["label"].split()) <= _LABEL_WORDS:
        return labelled["label"].strip(), labelled["value"].strip(), False
    return "", text, False


def bold_title(text: str) -> str:
    """Returns the words of a line that is bold from end to end ("**Files Modified:**"), or an empty string."""
    bold = _BOLD_LINE.match(text.strip())
    if bold is None or "**" in bold["title"]:
        return ""
    return (bold["title"].strip().rstrip(":：") + (bold["aside"] or "")).strip()


def split_cells(line: str) -> tuple[str, ...]:
    """Returns the cells of a table row. A pipe in backticks or after a backslash does not separate cells."""
    cells, cell, in_code, escaped = [], "", False, False
    for character in line.strip().removeprefix("|"):
        if character == "|" and not in_code and not escaped:
            cells.append(cell.strip())
            cell = ""
            continue
        if character == "`":
            in_code = not in_code
        escaped = character == "\\" and not escaped
        cell += character
    if cell.strip():
        cells.append(cell.strip())
    return tuple(cells)


def plain_titles(lines: Sequence[str]) -> frozenset[int]:
    """Returns the numbers of lines that are titles of what is indented below ("✅ LOGIN FIXED"), without Markdown."""
    titles: set[int] = set()
    below = -1
    for number in range(len(lines), 0, -1):
        text = lines[number - 1]
        bare = text.strip()
        if not bare:
            continue
        indent = len(text) - len(text.lstrip())
        if below > indent + 1 and len(bare) <= _LONGEST_PLAIN_TITLE and _heads(bare):
            titles.add(number)
        below = indent
    return frozenset(titles)


def _heads(text: str) -> bool:
    if _GLYPH_START.match(text):
        return len(text) > 3
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and text.isupper() and not text.startswith(("|", "`", "-", "*", ">", "#"))


def statements(lines: Sequence[NumberedLine], titles: frozenset[int] = frozenset()) -> Iterator[Node]:
    """Yields the statements, tables and unmarked headings of a paragraph in order; for `titles` see `plain_titles`."""
    position = 0
    while position < len(lines):
        if lines[position][0] in titles:
            number, text = lines[position]
            yield Node(NodeKind.SECTION, number, number, text.strip(), level=PSEUDO_HEADING_LEVEL)
            position += 1
            continue
        node, used = _next_node(lines, position)
        yield node
        position += used


def _next_node(lines: Sequence[NumberedLine], at: int) -> tuple[Node, int]:
    number, text = lines[at][0], lines[at][1].strip()
    if _RULE.match(text):
        if framed := _framed_heading(lines, at):
            return framed, 3
        return Node(NodeKind.RULE, number, number, text), 1
    if tight := _TIGHT_HEADING.match(text):
        return Node(NodeKind.SECTION, number, number, tight[2].strip(), level=len(tight[1])), 1
    if _starts_table(lines, at):
        return _table(lines, at)
    if title := bold_title(text):
        return Node(NodeKind.SECTION, number, number, title, level=PSEUDO_HEADING_LEVEL, bold=True), 1
    if at + 1 < len(lines) and _UNDERLINE.match(lines[at + 1][1].strip()) and len(text) <= _LONGEST_PLAIN_TITLE:
        return Node(NodeKind.SECTION, number, number + 1, text.rstrip(":："), level=PSEUDO_HEADING_LEVEL + 1), 2
    return _statement(lines, at)


def _framed_heading(lines: Sequence[NumberedLine], at: int) -> Node | None:
    """Returns the section of a title between two rules ("━━━ / TITLE / ━━━"), if any."""
    if at + 2 >= len(lines) or not _RULE.match(lines[at + 2][1].strip()):
        return None
    title = lines[at + 1][1].strip()
    if not title or _RULE.match(title):
        return None
    return Node(NodeKind.SECTION, lines[at][0], lines[at + 2][0], title, level=2)


def _starts_table(lines: Sequence[NumberedLine], at: int) -> bool:
    if "|" not in lines[at][1] or at + 1 >= len(lines):
        return False
    delimiter = lines[at + 1][1].strip()
    return "|" in delimiter and "-" in delimiter and _TABLE_DELIMITER.match(delimiter) is not None


def _table(lines: Sequence[NumberedLine], at: int) -> tuple[Node, int]:
    end = at + 2
    while end < len(lines) and "|" in lines[end][1]:
        end += 1
    header = split_cells(lines[at][1])
    table = Node(NodeKind.TABLE, lines[at][0], lines[end - 1][0], header=header)
    for number, text in lines[at + 2 : end]:
        table.append(Node(NodeKind.ROW, number, number, text.strip(), cells=split_cells(text), header=header))
    return table, end - at


def _statement(lines: Sequence[NumberedLine], at: int) -> tuple[Node, int]:
    end = at + 1
    while end < len(lines) and not _starts_statement(lines, end):
        end += 1
    text = " ".join(line.strip().rstrip("\\").strip() for _number, line in lines[at:end])
    label, value, bold = split_label(text)
    node = Node(NodeKind.STATEMENT, lines[at][0], lines[end - 1][0], text, label=label, value=value, bold=bold)
    return node, end - at


def _starts_statement(lines: Sequence[NumberedLine], at: int) -> bool:
    text = lines[at][1].strip()
    before = lines[at - 1][1]
    return bool(
        before.endswith(("  ", "\\"))
        or text.startswith(("|", "**", "•", "└", "├", "│", "→ "))
        or _GLYPH_START.match(text)
        or _RULE.match(text)
        or _TIGHT_HEADING.match(text)
        or _starts_table(lines, at)
        or split_label(text)[0]
    )
