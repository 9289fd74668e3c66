"""Which lines are specific to a log, by which logs are told apart: what their template says is not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from sessions.parsing.tree.statements import bold_title, split_label
from sessions.parsing.vocabulary import table
from sessions.text import plain

_DISTINCTIVE = 12  # characters from which a line is specific enough to compare
_BULLET = re.compile(r"[-*+>]\s+|\|\s*")
_UNDERLINE = re.compile(r"(?:={2,}|-{2,})$")


def specific_lines(lines: Sequence[str], labels: Collection[str] = ()) -> set[str]:
    """Returns the lines that are specific to a log: no headings, and no metadata, which logs of one template share.

    labels  of the metadata that its sessions state, beside the usual ones
    """
    return {line for line in _no_headings(lines) if _is_distinctive(line) and not _is_metadata(line, labels)}


def length(lines: Iterable[str]) -> int:
    """Returns the number of characters in lines: long ones say more."""
    return sum(map(len, lines))


def _no_headings(lines: Sequence[str]) -> Iterator[str]:
    stripped = [line.strip() for line in lines]
    for line, following in zip(stripped, [*stripped[1:], ""], strict=True):
        is_bold = not _BULLET.match(line) and bold_title(line)
        if line[:1] != "#" and not is_bold and not _UNDERLINE.match(following):
            yield line


def _is_distinctive(line: str) -> bool:
    return len(line) >= _DISTINCTIVE and any(map(str.isalpha, line))


def _is_metadata(line: str, labels: Collection[str]) -> bool:
    """Whether a line begins with what the session says about itself: a date, a project, a status, an author."""
    bullet = _BULLET.match(line)
    text = line[bullet.end() :] if bullet else line
    label = plain(split_label(text)[0] or (text.partition("|")[0] if line[0] == "|" else ""))
    return bool(label) and (label in labels or table("keys").get(label) is not None)
