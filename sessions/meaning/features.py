"""What is known of a statement besides its meaning: layout, roles and verdicts of the vocabulary, what rules read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sessions.meaning.statements import STATED, Statement
from sessions.parsing.commands.programs import is_command_line
from sessions.parsing.problems import verdicts
from sessions.parsing.problems.exceptions import exception_of
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import is_nothing
from sessions.parsing.tree.roles import is_bare_role, role_of
from sessions.parsing.vocabulary import Role
from sessions.records import SessionRecord
from sessions.text import headline

Flags = NDArray[np.float32]

_NUMBER: dict[Role | None, int] = {role: number for number, role in enumerate([*Role, None])}
_ONE_HOT = np.eye(len(_NUMBER), dtype=np.float32)
_GLYPHS = tuple(re.compile(f"[{marks}]") for marks in ("✅✓✔🟢☑🎉", "⚠🟡🟠", "❌✗✘🔴⛔🚨🐛"))  # good, mixed, bad
_STATUSES = ("open", "workaround", "partial", "fixed")
_OUTCOMES = ("worked", "partial", "failed")
_PARTS = (
    Role.ERRORS, Role.SYMPTOMS, Role.CAUSE, Role.ANALYSIS, Role.FIXES, Role.ATTEMPT, Role.RESULT, Role.SEVERITY,
    Role.IMPACT, Role.LOCATION, Role.FILES,
)  # fmt: skip
_COLUMNS = (
    Role.ERRORS, Role.SYMPTOMS, Role.CAUSE, Role.FIXES, Role.RESULT, Role.NEXT_STEPS, Role.FILES, Role.DECISIONS,
    Role.SEVERITY,
)  # fmt: skip
_ADDRESS, _DIGIT, _CODE = re.compile(r"https?://"), re.compile(r"\d"), re.compile(r"\b\d{3}\b")
_ARROW, _WORDLESS = re.compile(r"[→⇒]|->"), re.compile(r"^[\W\d]*$")
_UNSPACED, _CYRILLIC = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]"), re.compile(r"[\u0400-\u04ff]")
_MOST_SIBLINGS = 30
RULE_FLAGS = 12  # the last columns: what the rules made of the line


def flags_of(statements: Sequence[Statement], record: SessionRecord) -> Flags:
    """Returns an array of one row per statement of a session, in their order."""
    if not statements:
        return np.zeros((0, 0), dtype=np.float32)
    texts = np.array([_text_flags(statement.text) for statement in statements], dtype=np.float32)
    places = np.array(_place_flags(statements, record.lines), dtype=np.float32)
    beside = _neighbour_flags(statements, texts)
    return np.hstack([_node_flags(statements), texts, places, beside, _rule_flags(statements, record)])


def _node_flags(statements: Sequence[Statement]) -> Flags:
    """Returns what the nodes of statements look like, and the roles of what is around them."""
    around = _Around()
    places: dict[Node, int] = {}
    for statement in statements:
        places.setdefault(statement.node, len(places))
    kinds = np.array([[node.kind is kind for kind in STATED] for node in places], dtype=np.float32)
    roles = np.array([around.roles(node) for node in places])
    looks = np.array([around.looks(node) for node in places], dtype=np.float32)
    one_hot = _ONE_HOT[roles].reshape(len(places), -1)
    return np.hstack([kinds, one_hot, looks])[[places[statement.node] for statement in statements]]


class _Around:
    """Looks at nodes; what those of one list or section have in common is found out once."""

    def __init__(self) -> None:
        self._sections: dict[Node | None, Node] = {}
        self._counts: dict[Node, Counter[NodeKind]] = {}
        self._failing: dict[Node, float] = {}

    def roles(self, node: Node) -> tuple[int, int, int, int]:
        """Returns the numbers of the roles of a node, its section, the one above that, and what holds it."""
        section = self._section(node)
        holder = node.parent if node.parent is not section else None
        of_holder = None if holder is None else holder.role
        return _NUMBER[node.role], _NUMBER[section.role], _NUMBER[self._section(section).role], _NUMBER[of_holder]

    def looks(self, node: Node) -> list[float]:
        section, raw, children = self._section(node), node.text, node.children
        depth = sum(1 for ancestor in node.ancestors() if ancestor.kind is NodeKind.ITEM)
        child_roles = {child.role for child in children}
        columns = {role_of(title) for title in node.header} if node.kind is NodeKind.ROW else ()
        label, value = bool(node.label), bool(node.value)
        return [
            node.checked is True, node.checked is False, node.dropped, node.bold, label,
            label and value, label and not value, node.number is not None,
            *_glyphs(raw), *_glyphs(section.text)[::2],
            "`" in raw, depth > 0, depth > 1, node.level / 6,
            section.level / 6 if section.kind is NodeKind.SECTION else 0,
            len(children) > 0, len(children) > 3, any(child.kind is NodeKind.FENCE for child in children),
            min(self._siblings(node), 12) / 6, self._failing_share(node),
            *(role in child_roles for role in _PARTS), *(role in columns for role in _COLUMNS),
        ]  # fmt: skip

    def _section(self, node: Node) -> Node:
        if node.parent is None:
            return node
        if node.parent not in self._sections:
            self._sections[node.parent] = node.section()
        return self._sections[node.parent]

    def _siblings(self, node: Node) -> int:
        """Returns how many nodes of its kind stand beside a node, itself included."""
        if node.parent is None:
            return 0
        if node.parent not in self._counts:
            self._counts[node.parent] = Counter(child.kind for child in node.parent.children)
        return self._counts[node.parent][node.kind]

    def _failing_share(self, node: Node) -> float:
        """Returns how many of the first nodes beside a node tell of a failure; its list is judged as a whole."""
        if node.parent is None:
            return 0.0
        if node.parent not in self._failing:
            same = (child for child in node.parent.children if child.kind is node.kind)
            first = list(islice(same, _MOST_SIBLINGS))
            failing = sum(verdicts.says_failure(sibling.text[:400]) for sibling in first)
            self._failing[node.parent] = failing / max(len(first), 1)
        return self._failing[node.parent]


def _glyphs(text: str) -> tuple[bool, bool, bool]:
    """Returns whether a text has a good, a mixed and a bad glyph."""
    if text.isascii():
        return False, False, False
    good, mixed, bad = (marks.search(text) is not None for marks in _GLYPHS)
    return good, mixed, bad


@lru_cache(maxsize=4096)
def _text_flags(text: str) -> tuple[float, ...]:
    title = headline(text)
    status, outcome, length = verdicts.status_of_error(text), verdicts.outcome_of(text), len(text)
    flags: Iterable[float] = [
        verdicts.says_failure(text), verdicts.begins_with_repair(title), verdicts.begins_with_action(title),
        verdicts.is_plan(title), verdicts.is_over(text), verdicts.is_safeguard(title), verdicts.is_hypothesis(text),
        bool(verdicts.repaired_in(text)), bool(verdicts.cause_in(text)),
        *(status == known for known in _STATUSES), *(outcome == known for known in _OUTCOMES),
        bool(exception_of(text)), is_bare_role(text), is_nothing(text), text.rstrip().endswith((":", "：")),
        bool(_ADDRESS.search(text)), bool(_DIGIT.search(text)), bool(_CODE.search(text)), "?" in text or "？" in text,
        bool(_ARROW.search(text)), bool(_WORDLESS.match(text)), is_command_line(text),
        min(length, 300) / 100, length < 12, length < 25, length > 120,
        len(_UNSPACED.findall(text)) / max(length, 1), len(_CYRILLIC.findall(text)) / max(length, 1),
    ]  # fmt: skip
    return tuple(map(float, flags))


def _place_flags(statements: Sequence[Statement], lines: tuple[int, int]) -> list[list[float]]:
    length = max(lines[1] - lines[0], 1)
    rows = []
    for statement in statements:
        share = (statement.line - lines[0]) / length
        rows.append(
            [share, share < 0.1, share > 0.85, statement.turn > 0, min(statement.turn, 5) / 5, statement.of > 1]
        )
    return [[float(flag) for flag in row] for row in rows]


def _neighbour_flags(statements: Sequence[Statement], texts: Flags) -> Flags:
    """Returns whether the statements before and after tell of a failure, a repair, a part of a problem."""
    roles = np.array(
        [
            [statement.node.role in wanted for wanted in ((Role.ERRORS, Role.SYMPTOMS), (Role.CAUSE, Role.ANALYSIS),
                                                          (Role.FIXES, Role.ATTEMPT))]
            for statement in statements
        ],
        dtype=np.float32,
    )  # fmt: skip
    told = np.hstack([texts[:, :2], roles])
    nothing = np.zeros((1, told.shape[1]), dtype=np.float32)
    return np.hstack([np.vstack([nothing, told[:-1]]), np.vstack([told[1:], nothing])])


def _rule_flags(statements: Sequence[Statement], record: SessionRecord) -> Flags:
    """Returns what the rules made of the line of each statement."""
    starts, inside = (
        [
            {first for error in record.errors for first, _last in error.mentions},
            {fix.line for fix in record.fixes},
            {step.line for step in record.next_steps},
            {decision.line for decision in record.decisions},
            {objective.line for objective in record.objectives},
            {file.line for file in record.files},
        ],
        [
            _lines(span for error in record.errors for span in error.mentions),
            _lines(fix.lines for fix in record.fixes),
            _lines(step.lines for step in record.next_steps),
            _lines(decision.lines for decision in record.decisions),
            _lines(learning.lines for learning in record.learnings),
            _lines(command.lines for command in record.commands),
        ],
    )
    return np.array([[s.line in lines for lines in (*starts, *inside)] for s in statements], dtype=np.float32)


def _lines(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {number for first, last in spans for number in range(first, last + 1)}
