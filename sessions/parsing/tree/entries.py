"""The entries of a section that lists things of a kind: its items, sub-headings, table rows or paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import PSEUDO_HEADING_LEVEL, Node, NodeKind
from sessions.parsing.tree.roles import begins_with_horizon, is_bare_role, names_role, role_of
from sessions.parsing.vocabulary import Denial, Role, any_of, fold, folded_words, is_unspaced, phrases, table
from sessions.records import Span
from sessions.text import headline, plain

_GLYPH_LED = re.compile(r"^[^\w\s`\"'(\[<*_~#/\\-]")
_ID_CELL = re.compile(r"^(?:[#\d.\s\w-]{0,6}|\W{0,4}(?:[A-Za-z]{1,10}[-_ ]?)?\d[\d.:%]{0,10}\W{0,4})$")
_BESIDE = (Role.SEVERITY, Role.RESULT, Role.LOCATION, Role.COMMITS)  # columns that say more of what another one names
_STAGE = re.compile(rf"{any_of(folded_words('stages'))}\s*(?:\d|[a-z]\b)")
_COUNTED = re.compile(r"[^\W\d_]++ #?(?:\d[\d.]*+[a-z]?|[a-z])\s*+[:：—–-]\s*+\w")  # "Session 4: CSV export"
_RECORD_PARTS = {Role.DECISIONS, Role.RATIONALE, Role.CAUSE, Role.ANALYSIS, Role.IMPACT, Role.RESULT}
_PROBLEM_PARTS = {Role.ERRORS, Role.SYMPTOMS, Role.FIXES, Role.ATTEMPT}
_PLACEHOLDER = re.compile(
    r"\[[^\W\d_][^\[\]\n]{1,80}\]|\{\{?[^\W\d][^{}\n]{1,60}\}?\}|<[^\W\d_][^<>\n/]{1,80}>|YYYY[-/.]MM[-/.]DD|DD[-/.]MM[-/.]YYYY|_{3,}|\.{3}|…"
)
_AROUND_NOTHING = " .!()_*-—–:✅"
_REMARK = re.compile(r"\s[-—–(]|[,;.!。、，（]")  # "None - all is well": what follows does not change that
_LONGEST_DENIAL = 80
_ASIDE = re.compile(r"\s[-—–(]|（")
_LEAST_SAID = 3  # characters before a remark: "No" and the like may begin a sentence of any sense
_LONGEST_GROUP = 8  # words of a heading that only groups


@dataclass(frozen=True, slots=True)
class Entry:
    """A listed thing: the node that states it, its words, its lines, and the headings that group it."""

    node: Node
    text: str
    span: Span
    groups: tuple[Node, ...] = ()


def listings(reading: Reading, *roles: Role, outside: Iterable[Role] = ()) -> Iterator[Node]:
    """Yields the outermost sections and open labels with one of the roles, except inside the roles of `outside`."""
    included, excluded = set(roles), set(outside)
    listed: set[Node] = set()
    for node in reading.walk():
        if node.role not in included or node.kind not in (NodeKind.SECTION, NodeKind.STATEMENT, NodeKind.ITEM):
            continue
        if any(holder in listed or holder.role in excluded for holder in node.ancestors()):
            continue
        if node.kind is NodeKind.SECTION or (node.children and not node.value):
            listed.add(node)
            yield node


def entries(listing: Node, skip: Sequence[Role] = (), groups: tuple[Node, ...] = ()) -> list[Entry]:
    """Returns what a listing lists. Prose counts only if there is nothing else; "None" never counts."""
    listed: list[Entry] = []
    prose: list[Entry] = []
    for child in listing.children:
        match child.kind:
            case NodeKind.SECTION if child.role not in skip or child.number is not None or not is_bare_role(child.text):
                listed += _of_section(child, skip, groups)
            case NodeKind.ITEM:
                listed += _of_item(child, skip, groups)
            case NodeKind.TABLE:
                listed += [_row_entry(row, groups) for row in child.children]
            case NodeKind.QUOTE:
                listed += entries(child, skip, groups)
            case NodeKind.STATEMENT:
                inner, text = _of_statement(child, skip, groups)
                listed += inner
                prose += text
    return [entry for entry in listed or prose if not is_nothing(entry.text)]


def without_remarks(listed: Sequence[Entry], *roles: Role) -> list[Entry]:
    """Returns entries without the labelled lines beside a list, which tell of the whole: "**Status**: done".

    roles  of labels that state an entry of the list's kind
    """
    if all(entry.node.kind is NodeKind.STATEMENT for entry in listed):
        return list(listed)
    return [entry for entry in listed if not is_labelled_line(entry.node) or entry.node.role in roles]


def is_labelled_line(node: Node) -> bool:
    """Whether a node is a line such as "**Status**: done"."""
    return node.kind is NodeKind.STATEMENT and bool(node.bold and node.label and node.value)


def is_placeholder(text: str) -> bool:
    """Whether the text is only a gap of a template, which nobody filled in: "[task]", "{blocker_1}", "YYYY-MM-DD"."""
    return _PLACEHOLDER.fullmatch(text.strip(" *_`\"'.:")) is not None


def is_nothing(text: str) -> bool:
    """Whether the author says that there is nothing to list: "None", "N/A", "なし", "Blockers: none (all is well)"."""
    if is_placeholder(text):
        return True
    words = fold(text).strip(_AROUND_NOTHING)
    label, _, value = words.partition(":")
    if value and is_bare_role(label):
        words = value.strip(_AROUND_NOTHING)
    statement = _REMARK.split(words, maxsplit=1)[0].strip(_AROUND_NOTHING)
    candidates = (words, statement) if len(statement) >= _LEAST_SAID or is_unspaced(statement) else (words,)
    if not words or any(phrases("nothing").get(said) is not None for said in candidates):
        return True
    return _denies_all(_ASIDE.split(words, maxsplit=1)[0])  # a further sentence may name what is left after all


def _denies_all(words: str) -> bool:
    """Whether words only deny that there is anything to list: "No open issues found", "Проблем нет"."""
    if len(words) > _LONGEST_DENIAL:
        return False
    found = list(table("denials").find_all(words))
    said = [match.meaning for match in found]
    if Denial.NO not in said or Denial.THING not in said:
        return False
    # In between, "no" denies what follows and not the thing: "Errores no detectados"
    if said.index(Denial.NO) > said.index(Denial.THING) and said[-1] is not Denial.NO:
        return False
    ends = [0, *(match.end for match in found)]
    starts = [*(match.start for match in found), len(words)]
    return not any(map(str.isalnum, "".join(words[end:start] for end, start in zip(ends, starts, strict=True))))


def is_record(section: Node) -> bool:
    """Whether the section holds the parts of one thing: "Decision", "Reason" and "Impact" side by side."""
    parts = {child.role for child in section.children} & _RECORD_PARTS
    labelled = {c.role for c in section.children if c.kind is not NodeKind.SECTION and c.label and names_role(c.label)}
    return len(parts | (labelled & _PROBLEM_PARTS)) > 1


def names_one(section: Node) -> bool:
    """Whether the heading names a thing of a kind, so that what is below describes it: "Issue: no sound"."""
    if not (section.label and section.value) or role_of(section.label) not in (Role.ERRORS, Role.BLOCKERS):
        return False
    return names_role(section.label) and not is_bare_role(section.value)


def is_group(section: Node) -> bool:
    """Whether the heading only sorts the list below it ("High priority", "Backend")."""
    if is_record(section) or names_one(section):
        return False
    title = headline(section.text)
    if _STAGE.match(fold(title)):
        return False
    numbered = _is_numbered(section)
    if _COUNTED.match(fold(title)):
        return numbered  # bullets below "Session 4: CSV export" say what it comprises
    if section.role is Role.NEXT_STEPS and section.items():
        return True
    if not numbered and not any(_lists(child) for child in section.children):
        return False
    if begins_with_horizon(section.text):
        return True
    words = title.split()
    if section.number is not None or len(words) > _LONGEST_GROUP:
        return False
    priority = table("priorities").first(section.text)
    marks_one = priority is not None and "(" in section.text and len(words) > 3
    return numbered or not marks_one


def _lists(node: Node) -> bool:
    """Whether a node below a heading is or announces things of the heading's own kind."""
    if node.kind is NodeKind.STATEMENT:
        return node.role is Role.NEXT_STEPS and bool(node.items())
    return node.kind in (NodeKind.ITEM, NodeKind.TABLE, NodeKind.SECTION)


def _is_numbered(section: Node) -> bool:
    """Whether most of the items below a heading have a number or a box, as things have that are done one by one."""
    items = section.listed()
    return sum(item.number is not None or item.checked is not None for item in items) * 2 > len(items)


def _of_section(section: Node, skip: Sequence[Role], groups: tuple[Node, ...]) -> list[Entry]:
    if is_group(section):
        return entries(section, skip, (*groups, section))
    title = section.value if names_one(section) else section.text
    return [Entry(section, headline(title), section.span, groups)]


def _of_item(item: Node, skip: Sequence[Role], groups: tuple[Node, ...]) -> list[Entry]:
    opens_group = item.label and not item.value and item.items() and item.number is None and item.checked is None
    if item.label and not item.value and item.items() and begins_with_horizon(item.label):
        return entries(item, skip, (*groups, item))
    if opens_group and len(item.label.split()) <= _LONGEST_GROUP:
        return entries(item, skip, (*groups, item))
    return [Entry(item, headline(item.text), item.span, groups)]


def _of_statement(statement: Node, skip: Sequence[Role], groups: tuple[Node, ...]) -> tuple[list[Entry], list[Entry]]:
    """Returns listed things and prose. A statement that announces a list groups it."""
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
    titles = (*row.header, *("" for _cell in row.cells[len(row.header) :]))
    named = [(cell, title) for cell, title in zip(row.cells, titles, strict=False) if not _ID_CELL.match(plain(cell))]
    cells = [cell for cell, title in named if role_of(title) not in _BESIDE] or [cell for cell, _title in named]
    return Entry(row, headline((cells or [*row.cells, ""])[0]), row.span, groups)
