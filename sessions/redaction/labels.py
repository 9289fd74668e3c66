"""The names of secrets in a line, and how a value is joined to each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from sessions.redaction.names import (
    ABOUT,
    ENDINGS,
    ENGLISH_NAMES,
    NAME,
    NAMES,
    NEVER_SECRET,
    NO_SECRET,
    OWNERS,
    PARTICLES,
    STATES,
    NameKind,
    alternation,
    fold,
)


class Form(StrEnum):
    """How a value is joined to a name. The value of each form is the rule's name."""

    ASSIGNED = "assigned secret"
    LABELLED = "named secret"
    CELL = "secret in a table"
    OPTION = "secret option"
    QUOTED = "quoted secret"
    STATED = "secret in prose"


class Named(NamedTuple):
    """A name in a line, with the form and the column of the value that may follow.

    `owned`: words come between the name and its value ("password for the database: …"), so prose is likelier.
    """

    kind: NameKind
    form: Form
    at: int
    name: str
    start: int
    in_capitals: bool = False
    owned: bool = False


_LETTER = re.compile(r"[^\W\d_]")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_TAIL = re.compile(r"(?:\(s\))?[\w]{0,40}")
_MARKS = r"(?:[ \t*_`\"'”»」』?!\]]|\\[\"']|</?[a-z]{1,6}>){0,10}"
_NO_LETTER = r"(?![^\W\d_])"
_SEPARATOR = re.compile(
    rf"{_MARKS}(?:(?P<compared>(?:[=!]==?|!=|~=|>=|<=)(?=[ \t\"']))"
    r"|(?P<assigned>(?:\?|\|\||:|\?\?)?=>?|:-(?=[^\s}]+\}))"
    r"|(?P<labelled>[:：](?!//|:))|(?P<cell>\|)|(?P<dash>→|->|⇒|[ \t][-–—][ \t]))"
)
_OWNER = re.compile(
    rf"[ \t]*(?:[(（][^()（）]{{1,40}}[)）]|[ \t](?:{alternation(OWNERS)})(?:(?<=')|(?!\w)[ \t])"
    rf"[^\s:=|`\"'()]{{1,30}}(?:[ \t][^\s:=|`\"'()]{{1,30}}){{0,3}}?)"
    rf"(?={_MARKS}[:：=]|[ \t](?:[-–—]|{alternation(STATES)})[ \t])"
)
_BARE_OWNER = re.compile(rf"(?:[ \t][^\W\d_]{{2,20}}){{1,3}}(?={_MARKS}[:：=]|[ \t][-–—][ \t]|[ \t][`\"])")
_STATED = re.compile(
    rf"[ \t]+(?:{alternation(STATES)}){_NO_LETTER}[ \t]*(?:[:：][ \t]*)?|[ \t]*{alternation(PARTICLES)}[ \t]*"
)
_TAG = re.compile(r">[^<>\n]{4,200}</")
_OPENING_QUOTE = re.compile(r"[ \t]{1,3}(?=[`\"'“«„‘])|[ \t]?(?=[「『《])")


def named_places(line: str) -> Iterator[Named]:
    """Yields the names in the line that a value may follow, in order."""
    folded = fold(line)
    for match in NAME.finditer(folded):
        named = _named(line, folded, match)
        if named:
            yield named


def _named(line: str, folded: str, match: re.Match[str]) -> Named | None:
    start, end = match.span()
    name, kind = match[0], NAMES[match[0]]
    before = _identifier_before(line, start)
    if not _begins(line, start, name) or _denied(folded, start, kind):
        return None
    tail = _TAIL.match(line, end)
    tail_end = tail.end() if tail else end
    if not _ends(line[end:tail_end]):
        stated = _STATED.match(line, end) if not name.isascii() else None
        return Named(kind, Form.STATED, stated.end(), name, start) if stated else None
    in_capitals = line[start:end].isupper() and "_" in before + name + line[end:tail_end]
    return _joined(line, Named(kind, Form.LABELLED, tail_end, name, start, in_capitals), before, start)


def _identifier_before(line: str, start: int) -> str:
    """Returns what precedes the name in the same identifier, up to 60 characters."""
    at, first = start, max(0, start - 60)
    while at > first and line[at - 1].isascii() and (line[at - 1].isalnum() or line[at - 1] in "_.$-"):
        at -= 1
    return line[at:start]


def word_before(folded: str, start: int) -> str:
    """Returns the word or the part of an identifier before the column."""
    before = folded[max(0, start - 30) : start].rstrip(" _-")
    at = len(before)
    while at and before[at - 1].isalnum():
        at -= 1
    return before[at:]


def _begins(line: str, start: int, name: str) -> bool:
    """Whether a name begins a word or a hump of a word. A long one may also end a compound."""
    if start == 0 or not name[0].isascii():
        return True
    if not _LETTER.match(line[start - 1]):
        return not line[start - 1].isdigit() or len(name) > 5 or line[start - 1 : start] == "_"
    return (
        len(name) > 5
        or name == "token"
        or (line[start].isupper() and line[start - 1].islower())
        or (name in ("pwd", "pass") and line[start - 1].isupper())
    )


def _denied(folded: str, start: int, kind: NameKind) -> bool:
    """Whether the word before says that no secret is meant: "max tokens", "design token", "LastPass"."""
    word = word_before(folded, start)
    return word in NO_SECRET and (kind is NameKind.TOKEN or word in NEVER_SECRET)


def _ends(tail: str) -> bool:
    """Whether the rest of the identifier still leaves it a secret's name: nothing, a number, a stage."""
    if not tail:
        return True
    if not tail.isascii():
        return False
    parts = [fold(hump) for hump in _HUMP.findall(tail)]
    return all(part.isdigit() or part in ENDINGS for part in parts) and (
        not parts or not tail[0].islower() or tail[0] == "_"
    )


def _joined(line: str, named: Named, before: str, start: int) -> Named | None:
    """Returns the name with the form of its value, or None if no value follows."""
    owner = _OWNER.match(line, named.at)
    if not owner and named.name not in ENGLISH_NAMES:
        owner = _BARE_OWNER.match(line, named.at)
        if owner and fold(owner[0]).split()[0] in ABOUT:
            return None
    separator = _SEPARATOR.match(line, owner.end() if owner else named.at)
    if separator:
        return _separated(line, named, separator, owned=owner is not None)
    if _TAG.match(line, named.at) and line[start - len(before) - 1 : start - len(before)] in ("<", ":"):
        return named._replace(form=Form.CELL, at=named.at + 1)
    if before.startswith("-") and line[named.at : named.at + 1] in (" ", "\t"):
        return named._replace(form=Form.OPTION, at=named.at)
    stated = _STATED.match(line, owner.end() if owner else named.at)
    if stated:
        return named._replace(form=Form.STATED, at=stated.end())
    quote = _OPENING_QUOTE.match(line, owner.end() if owner else named.at)
    if quote:
        return named._replace(form=Form.QUOTED, at=quote.end(), owned=owner is not None)
    behind = line[named.at : named.at + 1] in (" ", "\t")
    return (
        named._replace(form=Form.STATED, at=named.at)
        if behind and named.kind in (NameKind.PASSWORD, NameKind.PIN)
        else None
    )


def _separated(line: str, named: Named, separator: re.Match[str], *, owned: bool) -> Named | None:
    if separator["cell"] and not _is_cell(line, separator.end()):
        return None
    if separator["compared"]:
        return (
            None
            if named.kind is not NameKind.PASSWORD
            else named._replace(form=Form.QUOTED, at=separator.end(), owned=owned)
        )
    form = {"assigned": Form.ASSIGNED, "labelled": Form.LABELLED, "cell": Form.CELL, "dash": Form.STATED}[
        separator.lastgroup or ""
    ]
    return named._replace(form=form, at=separator.end(), owned=owned)


def _is_cell(line: str, behind: int) -> bool:
    """Whether the pipe before the column separates table cells, not alternatives such as "jwt|mfa"."""
    return line.lstrip(" \t>").startswith("|") or line[behind : behind + 1] in (" ", "\t")
