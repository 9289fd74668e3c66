"""The structure of a log: a tree of sections, items, statements, fences and tables with their lines.

Every node knows its lines in the original file (1-based, inclusive), so that whatever is extracted can be shown where
it was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sessions.parsing.vocabulary import Role
from sessions.records import Span

PSEUDO_HEADING_LEVEL = 7  # a bold line on its own: below every real heading


class NodeKind(StrEnum):
    DOCUMENT = "document"
    SECTION = "section"  # a heading, or a bold line that serves as one, with everything below it
    ITEM = "item"  # a list item
    STATEMENT = "statement"  # source lines of a paragraph that belong together
    FENCE = "fence"
    TABLE = "table"
    ROW = "row"
    QUOTE = "quote"
    RULE = "rule"


@dataclass(slots=True, eq=False)
class Node:
    """A part of the log. Nodes are compared and hashed by identity.

    text      the node's own words: a heading's title, an item without marker and checkbox, a fence's content
    label     the key of "**Key**: value" or "Key: value", without marks; empty if there is none
    value     what follows the label; the same as `text` without a label
    bold      the label (or the whole text) was set in bold
    checked   True/False for "[x]"/"[ ]", None without a box
    dropped   the box says that it will not be done: "[-]", "[~]"
    number    the number of an ordered item or of a numbered heading
    cells     a table row's cells; `header` holds the table's column titles (on the table and on its rows)
    at        the node's place among its parent's children
    role      what the heading or label stands for according to the vocabulary
    """

    kind: NodeKind
    first: int
    last: int
    text: str = ""
    level: int = 0
    label: str = ""
    value: str = ""
    bold: bool = False
    checked: bool | None = None
    dropped: bool = False
    number: int | None = None
    language: str = ""
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    role: Role | None = None
    at: int = 0
    children: list[Node] = field(default_factory=list)
    parent: Node | None = field(default=None, repr=False)

    @property
    def span(self) -> Span:
        return (self.first, self.last)

    def walk(self) -> Iterator[Node]:
        """Iterates over the node and everything below it, in the order of the file."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def ancestors(self) -> Iterator[Node]:
        """Iterates over the parent, its parent, and so on up to the document."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def section(self) -> Node:
        """Returns the nearest section (or the document) around the node."""
        return next((a for a in self.ancestors() if a.kind in (NodeKind.SECTION, NodeKind.DOCUMENT)), self)

    def nearest_role(self) -> Role | None:
        """Returns the role of the node, else of the nearest ancestor that has one."""
        if self.role is not None:
            return self.role
        return next((a.role for a in self.ancestors() if a.role is not None), None)

    def following(self) -> Iterator[Node]:
        """Iterates over the siblings after the node."""
        siblings = self.parent.children if self.parent is not None else []
        return (siblings[number] for number in range(self.at + 1, len(siblings)))

    def items(self) -> list[Node]:
        return [child for child in self.children if child.kind is NodeKind.ITEM]

    def listed(self) -> list[Node]:
        """Returns the items below a node, also those that a line below it announces ("We still need:")."""
        lists = (self, *(child for child in self.children if child.kind is NodeKind.STATEMENT))
        return [item for holder in lists for item in holder.items()]

    def append(self, child: Node) -> Node:
        child.parent, child.at = self, len(self.children)
        self.children.append(child)
        return child


@dataclass(frozen=True, slots=True)
class Document:
    """A log's lines and the tree over them. `lines[0]` is line 1."""

    lines: tuple[str, ...]
    root: Node

    def line(self, number: int) -> str:
        return self.lines[number - 1]

    def source(self, span: Span) -> str:
        """Returns a span of lines as written."""
        return "\n".join(self.lines[span[0] - 1 : span[1]])

    def walk(self) -> Iterator[Node]:
        return self.root.walk()
