"""Reads the value after a name: in quotes, bare, or several words."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 160  # characters of a value that are examined; the mask covers all of it
_CLOSING = {'"': '"', "'": "'", "`": "`", "“": "”", "„": "“", "‘": "’", "«": "»", "「": "」", "『": "』", "《": "》"}
_BEFORE = re.compile(
    r"(?:[ \t]|(?<!\*)\*{1,2}(?!\*)|~~|\|\||</?[a-z]{1,6}>|_(?=[`\"'])|\\(?=[\"'])){0,12}"
    r"(?:[bruf@]|\$(?=\"))?(?=[\"'`“„‘«「『《])"
    r"|(?:[ \t]|(?<!\*)\*{1,2}(?!\*)|</?[a-z]{1,6}>){0,12}"
)
_BARE = re.compile(r"[^\s`（）「」『』，。；、“”»·]{1,160}")
_GOES_ON = re.compile(r"[^\s`（）「」『』，。；、“”\"'<>|]*")
# What begins the next field of the same line.
_CUT = re.compile(
    r",(?=[\w\"']+[=:])|;(?=[A-Za-z ]+=|$)|&(?=[a-z_]{3,}=)|</|<br|\|(?=$|\|)|[\"'](?=[,;)}\]]|$)"
    r"|\\[\"'n]|(?:\*\*|~~)(?=[\s,.;:()]|$)|——|(?<=[!-~])(?=[\u2e80-\ud7ff])"
)
_END = re.compile(r"[ \t]*(?:$|[,;.:)\]}|\"'`<*_~\\(（·•—–?!]|-(?=\s|-)|//|#|✅|❌|⚠|/|→|&&|[）」』、。，；])")
_WORD = r"(?:(?![\u2e80-\U0010ffff])[^\W\d_]){2,20}"
_PHRASE = re.compile(rf"{_WORD}(?:[ -]{_WORD}){{1,7}}(?=[ \t]*(?:$|[`*|\"')）.,;]))")


class Value(NamedTuple):
    """A value and its 0-based columns; `rest` is the line from its start, as far as it is examined."""

    text: str
    start: int
    end: int
    quote: str
    rest: str

    @property
    def is_last(self) -> bool:
        """Whether the field ends after the value: with a mark, a bracket or the end of the line, not with a word."""
        return bool(_END.match(self.rest, self.end - self.start + len(self.quote)))


def read_value(line: str, at: int) -> Value | None:
    """Returns the value from the column on, after spaces and marks, or None if there is none."""
    before = _BEFORE.match(line, at)
    start = before.end() if before else at
    if start >= len(line):
        return None
    if line[start] in _CLOSING:
        quoted = _quoted(line, start)
        if quoted:
            return quoted
        start += 1
    return _bare(line, start)


def _quoted(line: str, start: int) -> Value | None:
    escaped = start > 0 and line[start - 1] == "\\"
    closing = ("\\" if escaped else "") + _CLOSING[line[start]]
    end = line.find(closing, start + 1, start + 4000)
    while not escaped and closing in "\"'" and end > 0 and line[end - 1] == "\\" and line[end - 2] != "\\":
        end = line.find(closing, end + 1, start + 4000)
    if end <= start + 1:
        return None
    return Value(line[start + 1 : end], start + 1, end, closing, line[start + 1 : start + 1 + LONGEST + (end - start)])


def _bare(line: str, start: int) -> Value | None:
    match = _BARE.match(line, start)
    if not match:
        return None
    text = match[0]
    cut = _CUT.search(text)
    if cut and (cut.start() > 3 or cut[0] not in "&~~**"):
        text = text[: cut.start()]
    text = _without_closing(text)
    end = start + len(text)
    return Value(text, start, end, "", line[start : start + LONGEST + 100]) if text else None


def whole_end(line: str, value: Value) -> int:
    """Returns the end of a value that may be longer than the part that is examined."""
    going_on = _GOES_ON.match(line, value.end) if len(value.text) == LONGEST and not value.quote else None
    return going_on.end() if going_on else value.end


def _without_closing(text: str) -> str:
    """Returns the text without the closing marks of the surrounding sentence or code."""
    while text and not text.endswith(("..", "…")):
        last = text[-1]
        opening = {")": "(", "]": "[", "}": "{", ">": "<"}.get(last)
        if last in ",;:.\"'*" or (opening and opening not in text):
            text = text[:-1]
        else:
            break
    return text


def read_phrase(line: str, at: int) -> Value | None:
    """Returns two to eight bare words that fill the field, if any."""
    match = _PHRASE.match(line, at)
    return Value(match[0], at, match.end(), "", line[at : at + LONGEST]) if match else None
