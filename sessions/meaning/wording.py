"""The words of a record that the rules missed: its title, what else was said, and the lines that say it."""

from __future__ import annotations

from collections.abc import Sequence

from sessions.meaning.candidates import Candidate
from sessions.meaning.senses import Assessed, Sense
from sessions.meaning.statements import Statement
from sessions.parsing.problems.apart import problem_and_repair
from sessions.parsing.tree.document import NodeKind
from sessions.parsing.tree.roles import is_bare_role, role_of
from sessions.records import Span
from sessions.text import headline, plain

_LONGEST_TITLE = 300
_LONGEST_TEXT = 2000
_MOST_SAID = 6  # statements of a message
_WHOLE = (Sense.PLAN, Sense.DECISION)


def title_of(candidate: Candidate, assessed: Assessed) -> str:
    """Returns the words of the most telling statement; of a step or a decision the whole item."""
    statement = assessed.statements[candidate.stated[0]]
    node = statement.node
    if candidate.sense in _WHOLE and node.kind is not NodeKind.STATEMENT:
        return headline(statement.text if statement.is_row else node.text)[:_LONGEST_TITLE]
    if candidate.sense is Sense.PROBLEM:
        return problem_and_repair(without_label(statement))[0][:_LONGEST_TITLE]
    return headline(without_label(statement))[:_LONGEST_TITLE]


def without_label(statement: Statement) -> str:
    """Returns a statement without a label that only names its part ("Problem: …")."""
    node = statement.node
    if statement.turn == 0 and node.label and node.value and (node.role is not None or role_of(node.label) is not None):
        label = plain(node.label)
        rest = statement.text.removeprefix(label).lstrip(" :：*-–—")
        return rest or statement.text
    return statement.text


def said_of(candidate: Candidate, assessed: Assessed) -> str:
    """Returns what the log says of a problem at the places where it is stated, a line per statement."""
    statements = assessed.statements
    texts = [statements[at].text for at in candidate.stated[:_MOST_SAID]]
    if candidate.best is not None:
        best = statements[candidate.best]
        texts += [best.text, plain(best.node.text)] if not best.is_row else []
    return "\n".join(dict.fromkeys(text[:_LONGEST_TITLE] for text in texts))[:_LONGEST_TEXT]


def spans_of_statements(places: Sequence[int], assessed: Assessed) -> tuple[Span, ...]:
    """Returns the lines of statements, in the given order: an item with all below it, a sentence its line."""
    spans = []
    for at in places:
        statement = assessed.statements[at]
        node = statement.node
        own = node.kind in (NodeKind.ITEM, NodeKind.ROW) and statement.turn == 0
        spans.append(node.span if own else (statement.line, statement.line))
    return tuple(dict.fromkeys(spans))


def names_nothing(text: str) -> bool:
    """Whether a text is only the name of a part ("Problem", "Conclusion") or has no words."""
    return not any(character.isalpha() for character in text) or is_bare_role(text)
