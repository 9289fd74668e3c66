"""Cuts a log into passages, so that all it says can be found: its statements, and its fences some lines at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sessions.meaning.statements import STATED, pieces_of
from sessions.parsing.tree.document import Document, Node, NodeKind
from sessions.records import Span
from sessions.text import comparable, plain

LONGEST_MEANT = 400  # characters: more adds nothing to what a sentence is about
_LEAST_WORDS = 3  # a label or a mark is near to everything and answers nothing
_FENCE = re.compile(r"[`~]{3,}[\w.+-]*$")  # its first or last line
_LINES_OF_CODE, _CODE = 6, 400  # lines and characters of a fence that are one passage


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that a log says.

    line     where it begins
    text     its words without marks; of a fence its first line
    source   the same as written, if words would be lost without the marks: addresses of links, further lines of code
    is_code  it is part of a fence, which has no meaning that a vector could tell
    """

    line: int
    text: str
    source: str = ""
    is_code: bool = False

    @property
    def meant(self) -> str:
        """The text whose meaning counts, as reading encodes it; empty for code and what is too short to mean much."""
        words = [word for word in comparable(self.text).split() if not word.isdigit()]
        return "" if self.is_code or len(words) < _LEAST_WORDS else self.text[:LONGEST_MEANT]


def passages_of(document: Document, spans: Iterable[Span]) -> list[list[Passage]]:
    """Returns the passages of each session of a log, in the order of the file. `spans`: the lines of each."""
    passages = [passage for node in document.walk() for passage in _of_node(node, document)]
    return [[passage for passage in passages if first <= passage.line <= last] for first, last in spans]


def _of_node(node: Node, document: Document) -> Iterator[Passage]:
    if node.kind in STATED:
        for line, piece in pieces_of(node, document):
            if text := plain(piece):
                yield Passage(line, text, piece if "](" in piece or "<" in piece else "")
    elif node.kind is NodeKind.FENCE:
        yield from _of_code(document, node.span)
    elif node.kind is NodeKind.TABLE and (text := " | ".join(plain(title) for title in node.header if title)):
        yield Passage(node.first, text)


def _of_code(document: Document, span: Span) -> Iterator[Passage]:
    first, lines = span[0], list[str]()
    for number in range(span[0], span[1] + 1):
        line = document.line(number).strip()
        if len(lines) >= _LINES_OF_CODE or sum(map(len, lines)) + len(line) > _CODE:
            yield from _code_passage(first, lines)
            first, lines = number, []
        lines.append(line)
    yield from _code_passage(first, lines)


def _code_passage(first: int, lines: list[str]) -> Iterator[Passage]:
    said = [(first + at, line) for at, line in enumerate(lines) if line.strip() and not _FENCE.match(line)]
    if said:
        yield Passage(said[0][0], said[0][1], "\n".join(line for _, line in said[1:]), is_code=True)
