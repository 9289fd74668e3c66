"""Private keys: blocks of many lines, and whole keys on one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sessions.redaction.spans import MASK, Span

_RULE = "private key"
_BEGIN = re.compile(r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|\bPrivate-Lines: \d{1,4}")
_END = re.compile(r"-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_GAP = r"(?:\\+[nrt]|[\s\"'+,>|<]|<br/?>|\\$){0,12}"
_SAME_LINE = re.compile(
    rf"{_GAP}(?P<secret>(?=[A-Za-z0-9+/=\\]{{0,200}}[A-Z0-9+/])[A-Za-z0-9+/]{{10,}}={{0,2}}(?:(?:\\+[nr]|\s){{1,4}}[A-Za-z0-9+/]{{16,}}={{0,2}}|(?:\\+[nr]){{1,4}}[A-Za-z0-9+/]{{1,}}={{0,2}})*)"
)
_LEAD = re.compile(r"[\s>|*\"'`+]*(?:[-*][ \t]+|\d+[.)][ \t]+)?[\"'`]?")
_ESCAPED_BREAKS = ("\\n", "\\r")
_ARMOUR = re.compile(r"(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID):", re.IGNORECASE)
_BODY = re.compile(r"[A-Za-z0-9+/]+={0,2}|=[A-Za-z0-9+/]{4}")
_TRAIL = " \t\\|,;\"'`+n"


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str


def key_secrets(lines: list[str]) -> Iterator[tuple[int, Span]]:
    """Yields the index and the span of each line that holds the body of a private key."""
    at = 0
    while at < len(lines):
        begins = list(_BEGIN.finditer(lines[at])) if _opens(lines[at]) else []
        bounds = [*(begin.start() for begin in begins[1:]), len(lines[at])]
        for begin, bound in zip(begins, bounds, strict=False):
            body = _body_behind(lines[at], begin.end(), bound)
            if body:
                yield at, body
        if begins and not _END.search(lines[at], begins[-1].end()):
            yield from ((index, span) for index, span in _body_below(lines, at + 1))
        at += 1


def _opens(line: str) -> bool:
    return "BEGIN" in line or "Private-Lines" in line


def _body_behind(line: str, start: int, bound: int) -> Span | None:
    """Returns the key that follows its header on the same line, up to its end, its quote or the next header."""
    end = _END.search(line, start, bound)
    match = _SAME_LINE.match(line, start, bound)
    if not match or MASK in match[0]:
        return None
    return Span(_RULE, match.start("secret"), end.start() if end else match.end("secret"))


def _body_below(lines: list[str], first: int) -> Iterator[tuple[int, Span]]:
    at = first
    while at < len(lines):
        body = _stripped(lines[at])
        if not body.text or _ARMOUR.match(body.text):
            if not (at + 1 < len(lines) and _is_body(_stripped(lines[at + 1]).text, first=True)) and not _ARMOUR.match(
                body.text
            ):
                return
        elif _is_body(body.text, first=at == first or not _follows(lines, at)):
            yield at, Span(_RULE, body.start, body.start + len(body.text))
        else:
            return
        at += 1


def _follows(lines: list[str], at: int) -> bool:
    """Whether the key continues or ends on the next line, so that a short line still belongs to it."""
    text = lines[at + 1] if at + 1 < len(lines) else ""
    return bool(_END.search(text)) or _is_body(_stripped(text).text, first=True)


def _stripped(line: str) -> _Line:
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    text = line[start:].rstrip(_TRAIL)
    if text.endswith(_ESCAPED_BREAKS):
        text = text[:-2].rstrip("\\")
    return _Line(start, text)


def _is_body(text: str, *, first: bool) -> bool:
    """Whether the text is a line of base64. The first line, or one not followed by more, must be long or no word."""
    if not _BODY.fullmatch(text):
        return False
    return not first or (len(text) >= 10 and not text.islower() and not text.isalpha()) or len(text) >= 40
