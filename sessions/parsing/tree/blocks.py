"""Markdown to tree: markdown-it-py finds the blocks, this module arranges them under their headings.

Inline rules stay off (three times faster, and extractors read source lines). Tables are split by `statements`, because
a pipe inside backticks must not split a cell and padded tables would take quadratic time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sessions.parsing.commands.programs import is_command_line
from sessions.parsing.tree.document import PSEUDO_HEADING_LEVEL, Document, Node, NodeKind
from sessions.parsing.tree.statements import bold_title, plain_titles, split_label, statements

_markdown = MarkdownIt("commonmark", {"maxNesting": 40})
_markdown.disable(["code", "html_block", "reference"])
_markdown.core.ruler.enableOnly(["normalize", "block"])

_CHECKBOX = re.compile(r"\[(?P<mark>[ xX✓✔✅~/>-]|->|)\](?:[ \t]+|$)")
_TICKS, _DROPPED = "xX✓✔✅", "-~"
_MARKS_ONLY = re.compile(r"[\s>*+\d.)-]*")
_WHITE = re.compile(r"\s")
_HEADING_NUMBER = re.compile(r"(?:#\s*)?(\d{1,3})[.)、:：]?(?:\s|$)")
_BEFORE_TITLE = re.compile(r"^(?:[^\w\s*_`\[(<{]++\s*+)?(?:#?\d{1,3}[.)]\s++)?(?:[^\w\s*_`\[(<{]++\s*+)?")
_ADOPTED = (NodeKind.ITEM, NodeKind.FENCE, NodeKind.TABLE, NodeKind.QUOTE)


def read_document(text: str) -> Document:
    """Returns the tree of a text with "\\n" line ends. `roles.assign_roles` sets the roles."""
    lines = tuple(text.split("\n"))
    root = Node(NodeKind.DOCUMENT, 1, max(len(lines), 1))
    _Builder(root, lines).read(_markdown.parse("\n".join(map(_plainly_blank, lines))))
    _adopt_blocks(root)
    _close_spans(root, lines)
    return Document(lines, root)


def _plainly_blank(line: str) -> str:
    """Returns a line of marks and unusual white space with plain spaces, as Markdown would otherwise drop it."""
    return _WHITE.sub(" ", line) if not line.isprintable() and _MARKS_ONLY.fullmatch(line) else line


class _Builder:
    """Turns the flat token list into nodes; `stack` holds the open containers (list items, quotes)."""

    def __init__(self, root: Node, lines: Sequence[str]) -> None:
        self.lines = lines
        self.titles = plain_titles(lines)
        self.stack = [root]
        self.sections: list[list[Node]] = [[]]

    def read(self, tokens: Sequence[Token]) -> None:
        for position, token in enumerate(tokens):
            match token.type:
                case "list_item_open":
                    self._open(self._item(token))
                case "blockquote_open":
                    self._open(Node(NodeKind.QUOTE, *_lines(token)))
                case "list_item_close" | "blockquote_close":
                    self.stack.pop()
                    self.sections.pop()
                case "heading_open":
                    self._heading(token, tokens[position + 1])
                case "inline" if tokens[position - 1].type == "paragraph_open":
                    self._paragraph(token)
                case "fence":
                    self._add(_fence(token))
                case "hr":
                    self._end_pseudo_section()
                    self._add(Node(NodeKind.RULE, *_lines(token)))

    def _open(self, node: Node) -> None:
        self._add(node)
        self.stack.append(node)
        self.sections.append([])

    def _add(self, node: Node) -> None:
        sections = self.sections[-1]
        (sections[-1] if sections else self.stack[-1]).append(node)

    def _add_section(self, node: Node) -> None:
        sections = self.sections[-1]
        while sections and sections[-1].level >= node.level:
            sections.pop()
        node.label, node.value, _bold = split_label(_BEFORE_TITLE.sub("", node.text))
        if number := _HEADING_NUMBER.match(node.text):
            node.number = int(number[1])
        self._add(node)
        sections.append(node)

    def _end_pseudo_section(self) -> None:
        sections = self.sections[-1]
        while sections and sections[-1].level >= PSEUDO_HEADING_LEVEL:
            sections.pop()

    def _item(self, token: Token) -> Node:
        return Node(NodeKind.ITEM, *_lines(token), number=int(token.info) if token.info.isdecimal() else None)

    def _heading(self, token: Token, inline: Token) -> None:
        first, last = _lines(token)
        words = [line for line in inline.content.split("\n") if line.strip(" =-━─═_*~")]
        if token.markup in ("-", "=") and (len(words) != 1 or _no_title(words[0])):
            # "----" under running text or pairs is a rule, not the underline of a heading
            self._statements(first, inline.content)
            self._end_pseudo_section()
            self._add(Node(NodeKind.RULE, last, last))
            return
        if token.markup == "#" and is_command_line(self.lines[last].strip() if last < len(self.lines) else ""):
            self._statements(first, inline.content)  # "# Install" over "npm install": a comment outside a fence
            return
        title = bold_title(words[0]) or words[0].strip() if words else ""
        self._add_section(Node(NodeKind.SECTION, first, last, title, level=int(token.tag[1])))

    def _paragraph(self, token: Token) -> None:
        first, _last = _lines(token)
        holder = self.stack[-1]
        if holder.kind is NodeKind.ITEM and not holder.text and not holder.children:
            self._item_text(holder, first, token.content)
        else:
            self._statements(first, token.content)

    def _item_text(self, item: Node, first: int, content: str) -> None:
        """Sets the first statement of a list item as its text, and adds the others as its children."""
        if box := _CHECKBOX.match(content):
            item.checked = box["mark"] in _TICKS
            item.dropped = box["mark"] in _DROPPED
            content = content[box.end() :]
        nodes = list(statements([(first + i, line) for i, line in enumerate(content.split("\n"))]))
        head = nodes[0]
        if head.kind in (NodeKind.STATEMENT, NodeKind.SECTION):
            item.text, item.label, item.bold = head.text, head.label, head.bold
            item.value = head.value or head.text
            if head.kind is NodeKind.SECTION and content.split("\n")[0].rstrip(" *_").endswith((":", "：")):
                item.label, item.value = head.text, ""
            nodes = nodes[1:]
        for node in nodes:
            self._place(node)

    def _statements(self, first: int, content: str) -> None:
        for node in statements([(first + i, line) for i, line in enumerate(content.split("\n"))], self.titles):
            self._place(node)

    def _place(self, node: Node) -> None:
        if node.kind is NodeKind.SECTION:
            self._add_section(node)
        else:
            self._add(node)


def _no_title(text: str) -> bool:
    label, value, _bold = split_label(text)
    return bool(label and value) or len(text) > 120 or text.lstrip().startswith(("- ", "* ", "|"))


def _lines(token: Token) -> tuple[int, int]:
    first, end = token.map or (0, 1)
    return first + 1, max(end, first + 1)


def _fence(token: Token) -> Node:
    first, last = _lines(token)
    language = token.info.strip().split(" ")[0].split("{")[0].lower()
    return Node(NodeKind.FENCE, first, last, token.content, language=language)


def _adopt_blocks(root: Node) -> None:
    """Moves a block under the statement or item that announces it.

    "**Error**: it failed" takes the fence below it, and "2. Run this" a fence that the author did not indent.
    """
    for node in list(root.walk()):
        kept: list[Node] = []
        for child in node.children:
            adopter = kept[-1] if kept else None
            if adopter is not None and _adopts(adopter, child):
                adopter.append(child)
            else:
                child.at = len(kept)
                kept.append(child)
        node.children = kept


def _adopts(adopter: Node, child: Node) -> bool:
    if adopter.kind is NodeKind.STATEMENT:
        announces = bool(adopter.label) or adopter.text.rstrip(" *").endswith((":", "："))
        return announces and child.kind in _ADOPTED
    return adopter.kind is NodeKind.ITEM and child.kind is NodeKind.FENCE


def _close_spans(root: Node, lines: Sequence[str]) -> None:
    """Ends each node at the last non-blank line of its content."""
    for node in reversed(list(root.walk())):
        if node.children and node.kind in (NodeKind.SECTION, NodeKind.STATEMENT, NodeKind.ITEM):
            ends = [child.last for child in node.children if child.kind is not NodeKind.RULE]
            node.last = max([node.last, *ends[-1:]])
        if node.kind is not NodeKind.DOCUMENT:
            while node.last > node.first and not lines[min(node.last, len(lines)) - 1].replace(">", "").strip():
                node.last -= 1
