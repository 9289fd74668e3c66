"""The input of the extractors: a session of a log, on which they claim the lines they take and say why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

from sessions.parsing.tree.document import Document, Node, NodeKind
from sessions.records import DoubtRecord, Span


class Claim(NamedTuple):
    """Lines that an extractor took, as part of a record (`recorded`) or as known context."""

    span: Span
    extractor: str
    why: str
    recorded: bool


@dataclass(slots=True)
class Reading:
    """A session of a log while it is read.

    nodes    the top nodes of the session, in order (a part of the document's tree)
    span     the session's lines
    heading  the heading that opens it, if any
    doubts   what was nearly read otherwise, the most doubtful first
    """

    path: PurePosixPath
    document: Document
    nodes: Sequence[Node]
    span: Span
    heading: Node | None = None
    claims: list[Claim] = field(default_factory=list)
    doubts: Sequence[DoubtRecord] = ()
    _in_order: tuple[Node, ...] = field(default=(), init=False, repr=False)

    def walk(self) -> Iterator[Node]:
        """Iterates over the nodes of the session in the order of the file."""
        if not self._in_order:
            self._in_order = tuple(inner for node in self.nodes for inner in node.walk())
        return iter(self._in_order)

    def sections(self) -> Iterator[Node]:
        return (node for node in self.walk() if node.kind is NodeKind.SECTION)

    def claim(self, extractor: str, why: str, *spans: Span) -> None:
        """Marks lines as part of a record."""
        self.claims.extend(Claim(span, extractor, why, recorded=True) for span in spans)

    def context(self, extractor: str, why: str, *spans: Span) -> None:
        """Marks lines as understood without being part of a record (a heading, a rule)."""
        self.claims.extend(Claim(span, extractor, why, recorded=False) for span in spans)
