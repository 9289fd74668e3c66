"""Cuts a session into statements: the headings, items, table rows and sentences of which each may tell something."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Document, Node, NodeKind
from sessions.parsing.tree.sentences import sentences
from sessions.text import plain

STATED = (NodeKind.SECTION, NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.ROW)
_LONGEST = 400  # characters: more adds nothing to what a sentence is about
_SHORTEST_CUT = 40


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """Something that a log says, with the words around it.

    line      where it begins
    text      its words without marks, with a label
    heading   the heading it stands under; `upper` the one above that; `parent` the item it is part of, or the
              titles of its table
    turn      its place among the `of` sentences of its node
    """

    node: Node
    line: int
    text: str
    heading: str = ""
    upper: str = ""
    parent: str = ""
    turn: int = 0
    of: int = 1

    @property
    def is_row(self) -> bool:
        return self.node.kind is NodeKind.ROW


def statements_of(reading: Reading) -> list[Statement]:
    """Returns the statements of a session in the order of the file."""
    return [statement for node in reading.walk() if node.kind in STATED for statement in _of_node(node, reading)]


def _of_node(node: Node, reading: Reading) -> Iterator[Statement]:
    heading, upper, parent = _around(node)
    pieces = [(line, words) for line, piece in pieces_of(node, reading.document) if (words := plain(piece)[:_LONGEST])]
    for turn, (line, words) in enumerate(pieces):
        yield Statement(node, line, words, heading, upper, parent, turn, len(pieces))


def pieces_of(node: Node, document: Document) -> list[tuple[int, str]]:
    """Returns what a node says as written, piece by piece, each with the line where it begins."""
    pieces = list(_pieces(node))
    starts = _line_starts(node, document) if len(pieces) > 1 else [0]
    return [(node.first + bisect_right(starts, at) - 1, piece) for at, piece in pieces]


def _pieces(node: Node) -> Iterable[tuple[int, str]]:
    """Returns what a node says, each with its place in the text: the sentences of a paragraph or of an item."""
    if node.kind is NodeKind.ROW:
        return [(0, " | ".join(cell for cell in node.cells if cell))]
    if node.kind is NodeKind.SECTION or len(node.text) <= _SHORTEST_CUT:
        return [(0, node.text)]
    return sentences(node.text)


def _around(node: Node) -> tuple[str, str, str]:
    section = node.section()
    above = section.section()
    heading = plain(section.text)[:200] if section.kind is NodeKind.SECTION else ""
    upper = plain(above.text)[:200] if above is not section and above.kind is NodeKind.SECTION else ""
    if node.kind is NodeKind.ROW:
        return heading, upper, " | ".join(plain(title) for title in node.header)[:200]
    holder = node.parent
    inside = holder is not None and holder.kind in (NodeKind.ITEM, NodeKind.STATEMENT)
    return heading, upper, plain(holder.text)[:_LONGEST] if inside and holder is not None else ""


def _line_starts(node: Node, document: Document) -> list[int]:
    """Returns where in a node's text each of its lines begins, counted from the end: the first has lost its marker."""
    last = node.children[0].first - 1 if node.children else node.last
    starts = [len(node.text) + 1]
    for number in range(max(last, node.first), node.first, -1):
        starts.append(starts[-1] - len(document.line(number).strip()) - 1)
    return [0, *reversed(starts[1:])]
