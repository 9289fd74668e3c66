"""Table columns whose titles name a secret, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.redaction import harmless
from sessions.redaction.names import DESCRIBES, NAME, NAMES, NO_SECRET, NameKind, fold
from sessions.redaction.spans import MASK, Span

_RULE = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_WRAPPED = " \t`*_\"'"
_PAIR = re.compile(r"[\w.@+-]{2,60}[`*]{0,2}[ \t]*[/:][ \t]*[`*]{0,2}([^\s/]{4,})")
_TITLE = re.compile(r"(?:[^\W_]{1,20}[ _-]){0,2}$")
_AFTER = re.compile(r"[ \t]*(?:[(（/][^|]{1,30})?$|s$")


def is_rule(line: str) -> bool:
    """Whether the line separates the head of a table from its rows."""
    return "-" in line and "|" in line and len(line) < 2000 and bool(_RULE.fullmatch(line))


def secret_columns(head: str) -> tuple[tuple[int, NameKind], ...]:
    """Returns the columns whose title names a secret, by their position between the pipes."""
    cells = head.split("|")
    kinds = [_kind(cell) for cell in cells]
    describes = any(fold(cell.strip(_WRAPPED)) in DESCRIBES for cell in cells)
    return tuple((at, kind) for at, kind in enumerate(kinds) if kind and not (describes and kind is NameKind.TOKEN))


def _kind(cell: str) -> NameKind | None:
    title = fold(cell.strip(_WRAPPED))
    if not title or len(title) > 60:
        return None
    for match in NAME.finditer(title):
        before, after = title[: match.start()], title[match.end() :]
        words = before.replace("-", " ").replace("_", " ").split()
        glued = before and before[-1].isalpha() and before[-1].isascii() and len(match[0]) < 6
        if (
            _TITLE.match(before + ("" if not before or not before[-1].isalnum() else " "))
            and _AFTER.match(after)
            and not glued
        ):
            return None if words and words[-1] in NO_SECRET else NAMES[match[0]]
    return None


def column_secrets(line: str, columns: tuple[tuple[int, NameKind], ...]) -> Iterator[Span]:
    """Yields the secrets in the given columns of a row."""
    cells = line.split("|")
    for at, kind in columns:
        if at < len(cells):
            start = sum(len(cell) + 1 for cell in cells[:at])
            value = cells[at].strip(_WRAPPED)
            pair = _PAIR.fullmatch(value)
            value = pair[1] if pair and not harmless.is_path(value) else value
            if _is_secret(value, kind):
                first = start + cells[at].rfind(value)
                yield Span("secret in a table column", first, first + len(value))


def _is_secret(value: str, kind: NameKind) -> bool:
    if (
        len(value) < 4
        or MASK in value
        or harmless.is_placeholder(value)
        or harmless.is_word(value)
        or harmless.is_technical(value)
    ):
        return False
    if (
        harmless.is_reference(value, value)
        or harmless.is_path(value)
        or harmless.names_something(value)
        or not value.isascii()
    ):
        return False
    if " " in value:
        return (
            kind is NameKind.PASSWORD
            and len(value.split()) < 9
            and value == value.lower()
            and not harmless.is_prose(value, quoted=False)
        )
    if kind is NameKind.PIN:
        return value.isdigit() and len(value) <= 8
    return kind is not NameKind.TOKEN or not (harmless.is_identifier(value) or harmless.SHORT_COUNT.fullmatch(value))
