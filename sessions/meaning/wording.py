"""The words of a record that the rules missed: its title, what else was said, and the lines that say it."""

from __future__ import annotations

from collections.abc import Sequence

from sessions.meaning.candidates import SAID_BY, Candidate
from sessions.meaning.senses import Assessed, Sense
from sessions.meaning.statements import Statement
from sessions.parsing.problems.apart import problem_and_repair
from sessions.parsing.problems.verdicts import says_failure
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import is_bare_role, role_of
from sessions.parsing.vocabulary import Role, is_unspaced
from sessions.records import Span
from sessions.text import headline, plain

_LONGEST_TITLE = 300
_LONGEST_TEXT = 2000
_MOST_SAID = 6  # statements of a message
_WHOLE = (Sense.PLAN, Sense.DECISION)
_NAME_WORDS = 3  # of a part, as in "Key Problem"
_LEAST_LETTERS = 4
_ENDS = " ;,.:：；。"
# Columns that say something else about the thing of the row.
_COLUMNS = frozenset(
    {
        Role.CAUSE, Role.ANALYSIS, Role.FIXES, Role.ATTEMPT, Role.RESULT, Role.SEVERITY, Role.LOCATION, Role.FILES,
        Role.TIMELINE, Role.IMPACT,
    }
)  # fmt: skip


def title_of(candidate: Candidate, assessed: Assessed) -> str:
    """Returns the words of the most telling statement that does not only name a part."""
    titles = (_title_from(assessed.statements[at], candidate.sense) for at in candidate.stated)
    telling = next((title for title in titles if not names_nothing(title)), None)
    return telling or _title_from(assessed.statements[candidate.stated[0]], candidate.sense)


def _title_from(statement: Statement, sense: Sense) -> str:
    """Returns what a statement tells; of a step or a decision the whole item."""
    if statement.is_row:
        title = headline(_telling_cell(statement.node, sense) or statement.text)
    elif sense in _WHOLE and statement.node.kind is not NodeKind.STATEMENT:
        title = headline(statement.node.text)
    else:
        title = headline(without_label(statement))
    if sense is Sense.PROBLEM:
        title = problem_and_repair(title)[0]
    return title.rstrip(_ENDS)[:_LONGEST_TITLE] or title[:_LONGEST_TITLE]


def _telling_cell(row: Node, sense: Sense) -> str:
    """Returns the cell under a title that names what the record is, or else the longest that is in no other column."""
    columns = [(role_of(title), plain(cell)) for title, cell in zip(row.header, row.cells, strict=False)]
    named = [cell for role, cell in columns if role in SAID_BY[sense] and _is_told(cell)]
    others = [cell for role, cell in columns if role not in _COLUMNS and _is_told(cell)]
    return named[0] if named else max(others, key=len, default="")


def _is_told(cell: str) -> bool:
    return sum(character.isalpha() for character in cell) >= _LEAST_LETTERS


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
    if not any(character.isalpha() for character in text) or is_bare_role(text):
        return True
    brief = len(text.split()) <= _NAME_WORDS and not is_unspaced(text)
    return brief and role_of(text) is not None and not says_failure(text)
