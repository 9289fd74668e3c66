"""Logs spoiled in the ways logs are: lines lost, doubled and swapped, parts of others, odd characters, deep nesting."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIVIDER = "\n=== expected ===\n"
ODD: tuple[str, ...] = (
    *"~*_`#>|-+=.:;,!?()[]{}<>\\/'\"$%&@^0123456789²½٣Ⅸéßñяカ修한ﷺ：，。“”—–→│├└✅❌⚠⏳🔴🐛•",
    "\t", "\x00", "\x0b", "\x0c", "\x1b[31m", "\x85", "\xa0", "\u200b", "\u200d", "\u2028", "\u202e", "\ufe0f",
    "\u0301", "\ufeff", "\ufffd", "**", "***", "__", "~~", "``", "```", "~~~", "- [ ] ", "- [-] ", "1. ", "2) ", "> ",
    "    ", "---", "| a | b |", "|---|---|", "](", "![", "<!--", "&amp;", "Error: ", "**Fix**: ", "Fixed ", "P0", "20 ",
    "2026-13-45", "99/99/2026", "2 errors: ", "½ h", "25:61", "sudo ", "$ ", "\\", "<<EOF", "0" * 40, "a" * 60,
    "\U0001f9d1\u200d\U0001f4bb",
)  # fmt: skip


def seeds() -> list[str]:
    """The logs that are spoiled: the parser's cases and the examples."""
    cases = sorted((ROOT / "tests/parsing/cases").rglob("*.md"))
    examples = sorted(path for path in (ROOT / "examples").rglob("*") if path.suffix in (".md", ".txt"))
    return [path.read_text(encoding="utf-8").partition(DIVIDER)[0] for path in (*cases, *examples)]


def spoiled(logs: Sequence[str], chance: random.Random) -> str:
    """One of the logs, spoiled in one to six ways."""
    lines = chance.choice(logs).split("\n")
    if len(lines) > 60:  # a part says as much, and is read sooner
        start = chance.randrange(len(lines) - 50)
        lines = lines[start : start + 50]
    for _turn in range(chance.randint(1, 6)):
        lines = chance.choice(_WAYS)(lines, logs, chance)
    return "\n".join(lines)


Way = Callable[[list[str], Sequence[str], random.Random], list[str]]


def _drop(lines: list[str], _logs: Sequence[str], chance: random.Random) -> list[str]:
    return [line for line in lines if chance.random() > 0.15]


def _double(lines: list[str], _logs: Sequence[str], chance: random.Random) -> list[str]:
    return [line for line in lines for _copy in range(1 if chance.random() > 0.1 else chance.randint(2, 4))]


def _swap(lines: list[str], _logs: Sequence[str], chance: random.Random) -> list[str]:
    one, other = (chance.randrange(len(lines) + 1) for _end in "ab")
    first, last = sorted((one, other))
    return [*lines[:first], *sorted(lines[first:last], key=lambda _line: chance.random()), *lines[last:]]


def _splice(lines: list[str], logs: Sequence[str], chance: random.Random) -> list[str]:
    other = chance.choice(logs).split("\n")
    start, at = chance.randrange(len(other)), chance.randrange(len(lines) + 1)
    return [*lines[:at], *other[start : start + chance.randint(1, 15)], *lines[at:]]


def _strew(lines: list[str], _logs: Sequence[str], chance: random.Random) -> list[str]:
    """Odd characters and marks, anywhere in some lines."""
    return [_with_odd(line, chance) if chance.random() < 0.2 else line for line in lines]


def _with_odd(line: str, chance: random.Random) -> str:
    at, odd = chance.randrange(len(line) + 1), chance.choice(ODD)
    return line[:at] + odd * chance.choice((1, 1, 1, 2, 5, 30)) + line[at:]


def _blank(lines: list[str], _logs: Sequence[str], chance: random.Random) -> list[str]:
    """The words of some lines are gone, their marks stay."""
    return ["".join(c for c in line if not c.isalnum()) if chance.random() < 0.15 else line for line in lines]


def _cut(lines: list[str], _logs: Sequence[str], chance: random.Random) -> list[str]:
    """Some lines end early; at times the log does."""
    kept = lines[: chance.randrange(len(lines) + 1)] if chance.random() < 0.3 else lines
    return [line[: chance.randrange(len(line) + 1)] if chance.random() < 0.2 else line for line in kept]


def _nest(lines: list[str], _logs: Sequence[str], chance: random.Random) -> list[str]:
    """A part lies deeper: in quotes, in lists, indented."""
    first, last = sorted(chance.randrange(len(lines) + 1) for _end in "ab")
    mark = chance.choice(("> ", "  ", "    ", "- ", "1. ", "#", "   - ", "\t", "| "))
    depth = chance.choice((1, 1, 2, 4, 45))
    return [*lines[:first], *(mark * depth + line for line in lines[first:last]), *lines[last:]]


def _join(lines: list[str], _logs: Sequence[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines) + 1)
    return [*lines[:at], " ".join(lines[at : at + 4]), *lines[at + 4 :]]


_WAYS: tuple[Way, ...] = (_drop, _double, _swap, _splice, _strew, _strew, _blank, _cut, _nest, _join)
