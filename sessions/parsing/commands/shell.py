"""Splits a shell block into commands: without prompts, with continuation lines, heredocs and quotes kept together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PROMPT = re.compile(
    r"^[ \t]*(?:\([\w.-]{1,30}\)[ \t]*)?"
    r"(?:\$[ \t]+|%[ \t]+|❯[ \t]*|➜[ \t]+\S{1,60}[ \t]+|>[ \t]+|PS[ \t]?[A-Za-z]?:?[^>\n]{0,120}>[ \t]*"
    r"|[A-Za-z]:\\[^>\n]{0,120}>[ \t]*|\[?[\w.-]{1,40}@[\w.-]{1,60}[: ][^$#\n]{0,80}\]?[$#][ \t]+)"
)
_HEREDOC = re.compile(r"<<-?[ \t]*(?P<quote>['\"]?)(?P<word>[A-Za-z_]\w{0,30})(?P=quote)")
_COMMENT = re.compile(r"^[ \t]*(?:#(?!!)|REM[ \t]|::|//)[ \t]*(?P<words>.*)$", re.IGNORECASE)
_TRAILING_COMMENT = re.compile(r"(?<![ \t])[ \t]+#[ \t].*$")
_CONTINUES = {"bash": "\\", "powershell": "`", "cmd": "^"}
_OPERATOR_END = re.compile(r"(?:&&|\|\||\|)[ \t]*$")
_BLOCK_OPEN = re.compile(r"^[ \t]*(?:for|while|until|if|case|function)\b|^[ \t]*[\w-]{1,40}\(\)[ \t]*\{")
_BLOCK_OPENERS = re.compile(r"(?<![\w-])(?:do|then|case)(?![\w-])")
_BLOCK_CLOSERS = re.compile(r"(?<![\w-])(?:done|fi|esac)(?![\w-])")
_LONGEST_COMMAND, _LONGEST_TEXT = 200, 20_000  # lines and characters: each added line rescans the command


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A command. `first` and `last` are 0-based lines of the block, `purpose` is the comment above it."""

    text: str
    first: int
    last: int
    purpose: str
    prompted: bool


def shell_commands(lines: Sequence[str], dialect: str = "bash") -> list[ShellCommand]:
    """Returns the commands of a block. If any line has a prompt, lines without one are output."""
    prompted = any(_PROMPT.match(line) for line in lines)
    commands: list[ShellCommand] = []
    comment: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        prompt = _PROMPT.match(line)
        remark = _COMMENT.match(line)
        if not line.strip() or (remark and not prompt):
            comment = [*comment, remark["words"].strip()] if remark else []
            at += 1
            continue
        if prompted and not prompt:
            at += 1
            continue
        text, end = _command(lines, at, line[prompt.end() :] if prompt else line, dialect)
        commands.append(ShellCommand(text, at, end, " ".join(comment).strip(" #=-─"), prompt is not None))
        comment = []
        at = end + 1
    return commands


def _command(lines: Sequence[str], at: int, first: str, dialect: str) -> tuple[str, int]:
    """Returns the command that begins at a line, and its last line."""
    text, end = _strip_comment(first), at
    joiner = _CONTINUES.get(dialect, "\\")
    while end + 1 < len(lines) and end - at < _LONGEST_COMMAND and len(text) < _LONGEST_TEXT:
        bare = text.rstrip()
        if bare.endswith(joiner):
            text = bare[:-1].rstrip() + " " + _strip_comment(lines[end + 1].strip())
        elif _OPERATOR_END.search(bare) and lines[end + 1].strip():
            text = bare + " " + _strip_comment(lines[end + 1].strip())
        elif _open_quote(text) or _open_heredoc(text) or _open_block(text):
            text = text + "\n" + lines[end + 1]
        else:
            break
        end += 1
    return text.strip(), end


def _strip_comment(line: str) -> str:
    comment = _TRAILING_COMMENT.search(line)
    return line[: comment.start()] if comment and not _open_quote(line[: comment.start()]) else line


def _open_quote(text: str) -> bool:
    """Whether a quote is still open at the end. An apostrophe inside a word does not open one."""
    quote, before = "", " "
    for character in text:
        if quote:
            if character == quote and before != "\\":
                quote = ""
        elif (character == '"' and before != "\\") or (character == "'" and not before.isalnum() and before != "\\"):
            quote = character
        before = character
    return bool(quote)


def _open_heredoc(text: str) -> bool:
    heredoc = _HEREDOC.search(text)
    if heredoc is None:
        return False
    ends = (heredoc["word"], heredoc["word"] + ")", heredoc["word"] + ')"')
    return not any(line.strip() in ends for line in text.split("\n")[1:])


def _open_block(text: str) -> bool:
    if not _BLOCK_OPEN.match(text):
        return False
    if text.split("\n", 1)[0].rstrip().endswith("{"):
        return text.count("{") > text.count("}")
    opened, closed = len(_BLOCK_OPENERS.findall(text)), len(_BLOCK_CLOSERS.findall(text))
    return closed < max(opened, 1)
