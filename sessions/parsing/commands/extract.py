"""Extracts command lines from shell blocks, unlabelled blocks that are clearly shell, and inline code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sessions.parsing.commands.programs import is_command_line, program_of
from sessions.parsing.commands.shell import ShellCommand, shell_commands
from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.vocabulary import Role
from sessions.records import CommandRecord
from sessions.text import headline

_DIALECTS = {
    "bash": "bash", "sh": "bash", "shell": "bash", "zsh": "bash", "fish": "bash", "console": "bash", "terminal": "bash",
    "shellsession": "bash", "shell-session": "bash", "powershell": "powershell", "ps1": "powershell",
    "pwsh": "powershell", "ps": "powershell", "cmd": "cmd", "bat": "cmd", "batch": "cmd", "dos": "cmd",
}  # fmt: skip
_OUTPUT_BLOCKS = ("console", "terminal", "shellsession", "shell-session")
_UNLABELLED = ("", "text", "txt", "plaintext", "plain", "log", "output")
_CODE = re.compile(r"(?<!`)`([^`\n]{3,300})`(?!`)")
_CODE_PROMPT = re.compile(r"^(?:\$|>|❯)[ \t]+")
_CD = re.compile(r"^(?:cd|pushd|Set-Location)[ \t]++[\"']?([^\"'&|;\n]{1,300}+)[\"']?$")
_OUTPUT = re.compile(
    r"^[ \t]*(?:[✅✓✔❌⚠→←↳├└│╭╰•●✗✘]|\[[\w: .-]{1,40}\]|={3,}|-{3,}|\.{3}|\d+ (?:passed|failed)|>>> |\{|\}|\]|<)"
)
_TREE = re.compile(r"[├└│┌┐─▼▲→]")
_SOURCE = re.compile(r"^(?:if|case|function|return|local|declare|else|fi|done)\b|^[\w-]{1,40}\(\)|^[A-Z_]+=\S*$")
_CHAT = re.compile(r"^/[A-Z]{2,}\b")  # "/JOIN": a line for a chat client
_LOOP = re.compile(r"^(?:for|while|until)\b")
_MARKER = re.compile(r"^(?:[-*+]|\d+[.)])?[ \t]*")
_PROSE_END = re.compile(r"[.,;:!?。]$|\s[—–]\s|\s→\s")
# An unknown program, distinguished from prose by an option, a path or a sub-command without a full stop.
_UNKNOWN_PROGRAM = re.compile(
    r"^(?!\w[^\W_]*+_\w++$)[a-z][\w.+-]{1,40}(?:[ \t]+[^\s:;,]+(?<![.,:;]))*[ \t]*(?:[|><&;].*)?$", re.DOTALL
)


def extract_commands(reading: Reading) -> tuple[CommandRecord, ...]:
    commands: list[CommandRecord] = []
    for node in reading.walk():
        if node.kind is NodeKind.FENCE:
            commands += _of_fence(reading, node)
        elif node.kind in (NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.ROW) and "`" in node.text:
            commands += _inline(reading, node)
        elif node.kind in (NodeKind.ITEM, NodeKind.STATEMENT):
            commands += _of_plain_line(reading, node)
    return tuple(sorted(commands, key=lambda record: record.line))


def _of_fence(reading: Reading, fence: Node) -> Iterator[CommandRecord]:
    lines = fence.text.rstrip("\n").split("\n")
    dialect = _DIALECTS.get(fence.language)
    if dialect is None and not (fence.language in _UNLABELLED and _is_shell(lines)):
        return
    commands = [c for c in shell_commands(lines, dialect or "bash") if _is_runnable(c, fence.language)]
    cwd = ""
    for command in commands:
        first, last = fence.first + 1 + command.first, fence.first + 1 + command.last
        reading.claim("commands", f"a command in a {fence.language or 'plain'} block", (first, last))
        purpose = command.purpose or _announced(fence)
        yield CommandRecord(command.text, first, (first, last), dialect or "bash", purpose, cwd)
        if changed := _CD.match(command.text):
            cwd = changed[1]
    if commands:
        reading.context("commands", "a block of commands", fence.span)


def _is_shell(lines: Sequence[str]) -> bool:
    """Whether an unlabelled block is shell: every line but comments begins with a program, and it is not a tree."""
    if any(_TREE.search(line) for line in lines):
        return False
    commands = shell_commands(lines)
    if any(command.prompted for command in commands):
        return all(program_of(command.text) for command in commands)
    return bool(commands) and all(is_command_line(command.text.split("\n")[0]) for command in commands)


def _is_runnable(command: ShellCommand, language: str) -> bool:
    text = command.text
    if not text or (_OUTPUT.match(text) and not command.prompted):
        return False
    if _SOURCE.match(text) or _CHAT.match(text):
        return False
    if command.prompted or program_of(text) or _LOOP.match(text):
        return True
    return language not in _OUTPUT_BLOCKS and _UNKNOWN_PROGRAM.match(text) is not None


def _announced(fence: Node) -> str:
    """Returns what a block is for: the label, item or heading above it."""
    parent = fence.parent
    if parent is None or parent.kind is NodeKind.DOCUMENT:
        return ""
    if parent.kind in (NodeKind.ITEM, NodeKind.STATEMENT) and parent.role is Role.COMMANDS:
        parent = parent.section()
    return headline(parent.label or parent.text)[:200]


def _inline(reading: Reading, node: Node) -> Iterator[CommandRecord]:
    """Yields commands in backticks: a known program with arguments is meant to be run."""
    purpose = headline(_CODE.sub("", node.text[:2000]))[:200]
    for number in range(node.first, min(node.last, node.first + 30) + 1):
        line = reading.document.line(number)
        if "`" not in line or line.lstrip().startswith("```"):
            continue
        for code in _CODE.finditer(line):
            text = _CODE_PROMPT.sub("", code[1]).strip()
            if is_command_line(text):
                reading.claim("commands", "inline code that is a command line", (number, number))
                yield CommandRecord(text, number, (number, number), "bash", purpose)
        if node.children:
            break


def _of_plain_line(reading: Reading, node: Node) -> Iterator[CommandRecord]:
    """Yields commands on lines of their own under a heading of commands, in logs without fences."""
    if node.nearest_role() is not Role.COMMANDS and not _is_indented(reading, node):
        return
    for number in range(node.first, min(node.last, node.first + 30) + 1):
        text = _MARKER.sub("", reading.document.line(number).strip(), count=1)
        if "`" not in text and is_command_line(text) and not _PROSE_END.search(text):
            reading.claim("commands", "a command on its own line", (number, number))
            yield CommandRecord(text, number, (number, number), "bash", headline(node.section().text)[:200])
        if node.children:
            break


def _is_indented(reading: Reading, node: Node) -> bool:
    return node.kind is NodeKind.STATEMENT and reading.document.line(node.first).startswith(("  ", "\t"))
