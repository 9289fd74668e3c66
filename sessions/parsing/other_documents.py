"""Documents that are no session logs: templates to be filled in, specifications of what shall be."""

from __future__ import annotations

import re

from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import is_placeholder
from sessions.parsing.vocabulary import Role, fold, phrases
from sessions.records import SessionStatus
from sessions.text import plain

TEMPLATE, SPECIFICATION = "template, no session log", "specification, no session log"  # as types of a session
NO_LOGS = frozenset({TEMPLATE, SPECIFICATION})
_STATED = (NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.ROW)
_LEAST_PLACEHOLDERS = 3
_ASIDE = re.compile(r"\s[—–-]\s|[(（:：]")


def no_log(reading: Reading, title: str, status: SessionStatus | None) -> str:
    """Returns what a document is that tells of no session, or an empty string if it tells of one."""
    nodes = [node for node in reading.walk() if node.kind in _STATED]
    gaps = [gap for node in nodes if (gap := _placeholder_of(node))]
    if len(gaps) >= _LEAST_PLACEHOLDERS and len(gaps) * 2 >= sum(map(_is_filled, nodes)):
        reading.context("structure", f"a template, with placeholders such as {gaps[0]!r}", reading.span)
        return TEMPLATE
    if _is_specification(title) and status in (None, "in_progress") and not _tells_of_work(reading):
        reading.context("structure", "a specification: what is to be, not what was done", reading.span)
        return SPECIFICATION
    return ""


def _placeholder_of(node: Node) -> str:
    texts = [*node.cells, node.value or node.text]
    return next((plain(text) for text in texts if is_placeholder(text)), "")


def _is_filled(node: Node) -> bool:
    """Whether a line says something of its own, unlike one that only announces what is below it."""
    return bool(node.cells or node.value.strip()) and not (node.label and not node.value)


def _is_specification(title: str) -> bool:
    """Whether a title begins or ends with the name of such a document: "Feature specification: retries"."""
    for part in _ASIDE.split(fold(title)):
        words = part.strip(" #.!?)")
        if any(match.start == 0 or match.end == len(words) for match in phrases("specifications").find_all(words)):
            return len(words.split()) <= 4
    return False


def _tells_of_work(reading: Reading) -> bool:
    """Whether something was ticked, or a heading names commits or changed files."""
    return any(node.checked or node.role is Role.COMMITS for node in reading.walk())
