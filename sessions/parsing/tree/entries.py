"""The entries of a section that lists things of one kind: its items, sub-headings, table rows or paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import PSEUDO_HEADING_LEVEL, Node, NodeKind
from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import Role, fold, phrases, table
from sessions.records import Span
from sessions.text import headline

_GLYPH_LED = re.compile(r"^[^\w\s`\"'(\[<*_~#/\\-]")
_ID_CELL = re.compile(r"^[#\d.\s\w-]{0,6}$")
_HORIZON = re.compile(
    r"(?:immediate(?:ly)?|inmediato|imediato|immediat|sofort|urgent|(?:short|medium|long|near)[- ]?term"
    r"|(?:corto|medio|largo) plazo|(?:curto|medio|longo) prazo|(?:court|moyen|long) terme"
    r"|(?:kurz|mittel|lang)fristig|短期|中期|长期|近期"
    r"|(?:critical|highest|high|medium|low|lowest) priority|priority \w+|p[0-3])\b(?![ ]?\w+ \w+ \w+)"
)
_RECORD_PARTS = {Role.DECISIONS, Role.RATIONALE, Role.CAUSE, Role.ANALYSIS, Role.IMPACT, Role.RESULT}
_STAGE = re.compile(
    r"(?:task|tarea|tarefa|tache|aufgabe|taak|задача|任务|タスク|step"
    r"|paso|passo|phase|fase|etape|etapa|schritt|stap|pasul|шаг|этап|步骤|ステップ|단계)\s*\d"
)
_AROUND_NOTHING = " .!()_*-—–:✅"
_REMARK = re.compile(r"\s[-—–(]|[,;.!。、，（]")  # "None - all is well": what follows does not take it back
_LEAST_SAID = 3  # characters before a remark: "No" and the like may begin a sentence of any sense
_LONGEST_GROUP = 8  # words of a heading that only groups


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed thing: the node that states it, its words, its lines, and the headings that group it."""

    node: Node
    text: str
    span: Span
    groups: tuple[Node, ...] = ()


def listings(reading: Reading, *roles: Role, outside: Iterable[Role] = ()) -> Iterator[Node]:
    """The outermost sections and open labels with one of the roles, but not those inside a role of `outside`."""
    wanted, unwanted = set(roles), set(outside)
    taken: set[int] = set()
    for node in reading.walk():
        if node.role not in wanted or node.kind not in (NodeKind.SECTION, NodeKind.STATEMENT, NodeKind.ITEM):
            continue
        ancestors = list(node.ancestors())
        if any(id(a) in taken or a.role in unwanted for a in ancestors):
            continue
        if node.kind is NodeKind.SECTION or (node.children and not node.value):
            taken.add(id(node))
            yield node


def entries(listing: Node, skip: Sequence[Role] = (), groups: tuple[Node, ...] = ()) -> list[Entry]:
    """What a listing lists. Prose counts where there is nothing else; "None" counts never."""
    found: list[Entry] = []
    prose: list[Entry] = []
    for child in listing.children:
        match child.kind:
            case NodeKind.SECTION if child.role not in skip or child.number is not None or not is_bare_role(child.text):
                found += _of_section(child, skip, groups)
            case NodeKind.ITEM:
                found += _of_item(child, skip, groups)
            case NodeKind.TABLE:
                found += [_row_entry(row, groups) for row in child.children]
            case NodeKind.QUOTE:
                found += entries(child, skip, groups)
            case NodeKind.STATEMENT:
                listed, told = _of_statement(child, skip, groups)
                found += listed
                prose += told
    return [entry for entry in found or prose if not is_nothing(entry.text)]


def is_nothing(text: str) -> bool:
    """ "None", "N/A", "なし", "Blockers: none (all is well)": the author says there is nothing to list."""
    words = fold(text).strip(_AROUND_NOTHING)
    label, _, told = words.partition(":")
    if told and is_bare_role(label):
        words = told.strip(_AROUND_NOTHING)
    said = _REMARK.split(words, maxsplit=1)[0].strip(_AROUND_NOTHING)
    whole = said if len(said) >= _LEAST_SAID else words
    return not words or any(phrases("nothing").get(part) is not None for part in (words, whole))


def is_record(section: Node) -> bool:
    """A heading over the parts of one thing: "Decision", "Reason" and "Impact" side by side."""
    return len({child.role for child in section.children} & _RECORD_PARTS) > 1


def is_group(section: Node) -> bool:
    """A heading over a list that only sorts it ("High priority", "Backend")."""
    if is_record(section):
        return False
    if section.role is Role.NEXT_STEPS and section.items():
        return True
    if not any(child.kind in (NodeKind.ITEM, NodeKind.TABLE, NodeKind.SECTION) for child in section.children):
        return False
    words = headline(section.text).split()
    if _STAGE.match(fold(headline(section.text))):
        return False
    if _HORIZON.match(fold(" ".join(words))):
        return True
    if section.number is not None or len(words) > _LONGEST_GROUP:
        return False
    found = table("priorities").first(section.text)
    marks_one = found is not None and "(" in section.text and len(words) > 3
    return not marks_one


def _of_section(section: Node, skip: Sequence[Role], groups: tuple[Node, ...]) -> list[Entry]:
    if is_group(section):
        return entries(section, skip, (*groups, section))
    return [Entry(section, headline(section.text), section.span, groups)]


def _of_item(item: Node, skip: Sequence[Role], groups: tuple[Node, ...]) -> list[Entry]:
    opens_group = item.label and not item.value and item.items() and item.number is None and item.checked is None
    if item.label and not item.value and item.items() and _HORIZON.match(fold(headline(item.label))):
        return entries(item, skip, (*groups, item))
    if opens_group and len(item.label.split()) <= _LONGEST_GROUP:
        return entries(item, skip, (*groups, item))
    return [Entry(item, headline(item.text), item.span, groups)]


def _of_statement(statement: Node, skip: Sequence[Role], groups: tuple[Node, ...]) -> tuple[list[Entry], list[Entry]]:
    """Listed things and prose. A statement that announces a list groups it."""
    if statement.children:
        inner = entries(statement, skip, (*groups, statement))
        if inner:
            return inner, []
    entry = Entry(statement, headline(statement.text), statement.span, groups)
    if statement.text.rstrip(" *_").endswith((":", "：")):
        return [], []
    if _GLYPH_LED.match(statement.text) or (statement.bold and statement.level < PSEUDO_HEADING_LEVEL):
        return [entry], []
    return [], [entry]


def _row_entry(row: Node, groups: tuple[Node, ...]) -> Entry:
    cells = [cell for cell in row.cells if not _ID_CELL.match(cell)] or list(row.cells)
    return Entry(row, headline(cells[0]) if cells else "", row.span, groups)
