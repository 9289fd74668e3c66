"""The shape of a command: what stays the same when its file names, numbers and texts change."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

_URL = re.compile(r"^[a-z][a-z0-9+.-]*://", re.I)
_NUMBER = re.compile(r"^[+-]?\d[\d.,:]*[smhdkMG%]?$")
_ID = re.compile(r"^(?=[0-9a-f-]*\d)[0-9a-f]{7,64}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)
_PATH = re.compile(r"^[~.]?/|/|^[\w.-]+\.[a-z][a-z0-9]{0,4}$|^\.{1,2}$", re.I)
_SETTING = re.compile(r"^(?P<name>-{0,2}[A-Za-z_][\w-]*)=(?P<value>.+)$")
_OPTION = re.compile(r"^--?[A-Za-z][\w-]*$")
_JOINERS = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<", "2>&1"})
_RUNNERS = frozenset({"sudo", "time", "nohup", "env", "npx", "pipx", "poetry", "uv"})
_DANGEROUS = (
    (re.compile(r"\brm\s+(?:-\w*\s+)*-\w*[rf]\w*"), "removes files for good"),
    (re.compile(r"\bdrop\s+(?:table|database|schema|index|column)\b|\btruncate\s+(?:table\s+)?\w", re.I), "drops data"),
    (re.compile(r"\bdelete\s+from\s+\S+\s*(?:;|$|\"|')", re.I), "deletes every row"),
    (re.compile(r"\bgit\s+push\b.*(?:--force\b|\s-f\b)"), "overwrites what others pushed"),
    (re.compile(r"\bgit\s+(?:reset\s+--hard|clean\s+-\w*[fd]|checkout\s+--\s)"), "throws changes away"),
    (re.compile(r"\b(?:mkfs|dd\s+.*\bof=|shred|wipefs)\b"), "overwrites a disk"),
    (re.compile(r"\b(?:kubectl|oc)\s+delete\b|\bterraform\s+destroy\b|\bhelm\s+(?:delete|uninstall)\b"), "destroys"),
    (re.compile(r"\bdocker\s+(?:system|volume|image)\s+prune\b|\bdown\s(?:.*\s)?(?:-v|--volumes)\b"), "empties disks"),
    (re.compile(r"\bchmod\s+(?:-\w+\s+)*(?:777|a\+rwx)\b"), "opens files to everybody"),
    (re.compile(r"\b(?:flushall|flushdb|shutdown|reboot|kill\s+-9|pkill|killall)\b", re.I), "stops a service"),
    (re.compile(r"\b(?:curl|wget)\b[^|]*\|\s*(?:sudo\s+)?(?:ba|z)?sh\b"), "runs what it downloads"),
)  # fmt: skip


def shape_of(command: str) -> str:
    """Returns a command's first line with its variable parts as {path}, {number}, {text}, {url}, {id} and {value}.

    >>> shape_of('git commit -m "fix the export"')
    'git commit -m {text}'
    >>> shape_of("pytest tests/test_berth.py -k crane")
    'pytest {path} -k {value}'
    """
    line = command.strip().split("\n")[0]
    return " ".join(_shaped(_words(line)))[:300]


def _words(line: str) -> list[str]:
    try:
        words = shlex.split(line, posix=False)
    except ValueError:  # an unclosed quote, as in a heredoc
        words = line.split()
    return words[:60]


def _shaped(words: list[str]) -> Iterator[str]:
    before, names = "", 0
    for word in words:
        if word in _JOINERS:
            before, names = "", 0
            yield word
            continue
        shaped = _variable(word) if names or _SETTING.match(word) else word
        if shaped == word and not _OPTION.match(word):
            is_value = bool(_OPTION.match(before)) or names > 2
            shaped = "{value}" if is_value else word
            names += 0 if word in _RUNNERS or is_value else 1
        before = word
        yield shaped


def _variable(word: str) -> str:
    if word[0] in "\"'":
        return "{text}"
    if setting := _SETTING.match(word):
        return f"{setting['name']}={{value}}"
    kinds = ((_URL, "{url}"), (_NUMBER, "{number}"), (_ID, "{id}"), (_PATH, "{path}"))
    return next((name for pattern, name in kinds if pattern.search(word)), word)


def danger_of(command: str) -> str:
    """Returns why a command is dangerous, or an empty string."""
    return next((why for pattern, why in _DANGEROUS if pattern.search(command)), "")
