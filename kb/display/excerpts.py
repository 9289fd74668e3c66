"""A few lines of a log to read on another page: bounded in length, and with the head of a table that they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent

from kb.display.markdown import fragment
from sessions.records import Span

_MOST_LINES = 24
_MOST_CHARACTERS = 2400
_RULE_OF_TABLE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines as safe HTML.

    parts   one for each span that has room
    code    the blocks of code in them
    is_cut  whether some lines had no room
    """

    parts: tuple[str, ...]
    code: tuple[str, ...]
    is_cut: bool

    def has_code(self, text: str) -> bool:
        """Whether a command is in one of the blocks of code, which can be copied there."""
        return any(text.strip() in block for block in self.code)


def excerpt(text: str, spans: Sequence[Span]) -> Excerpt:
    """Returns the lines of the spans, as many as there is room for."""
    parts, is_cut = _parts(text, spans)
    shown = [fragment(part) for part in parts]
    return Excerpt(tuple(html for html, _code in shown), tuple(code for _html, own in shown for code in own), is_cut)


def plain_excerpt(text: str, spans: Sequence[Span]) -> str:
    """Returns what `excerpt` shows as the log has it, a blank line between the parts; "…" if some had no room."""
    parts, is_cut = _parts(text, spans)
    return "\n\n".join([*(dedent("\n".join(part)) for part in parts), *(["…"] if is_cut else [])])


def _parts(text: str, spans: Sequence[Span]) -> tuple[list[list[str]], bool]:
    """Returns the lines of each span that has room, and whether some had none."""
    lines, parts = text.split("\n"), list[list[str]]()
    left_lines, left_characters, is_cut = _MOST_LINES, _MOST_CHARACTERS, False
    for first, last in spans:
        own = _without_blank_ends(lines[first - 1 : last])
        kept = list(_with_room(own, left_lines, left_characters))
        is_cut = is_cut or kept != own
        if not kept:
            continue
        left_lines, left_characters = left_lines - len(kept), left_characters - sum(map(len, kept))
        parts.append([*_head_of_table(lines, first), *kept])
    return parts, is_cut


def _without_blank_ends(lines: Sequence[str]) -> list[str]:
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return list(lines[filled[0] : filled[-1] + 1]) if filled else []


def _with_room(lines: Sequence[str], most_lines: int, most_characters: int) -> Iterator[str]:
    """Yields the first lines that fit. Of a first line that is too long as a whole, its beginning."""
    for number, line in enumerate(lines[:most_lines]):
        most_characters -= len(line)
        if most_characters < 0:
            if number == 0 and len(line) + most_characters > 0:
                yield f"{line[: len(line) + most_characters]} …"
            return
        yield line


def _head_of_table(lines: Sequence[str], first: int) -> list[str]:
    """Returns the first two lines of the table that a line is a row of, if it is one."""
    at = first - 1
    if not lines[at].lstrip().startswith("|"):
        return []
    while at > 0 and lines[at - 1].lstrip().startswith("|"):
        at -= 1
    head = list(lines[at : at + 2])
    return head if at < first - 2 and _RULE_OF_TABLE.match(head[1]) else []
