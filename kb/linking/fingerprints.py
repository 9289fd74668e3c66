"""What identifies an error across sessions: its exception or code, the objects it names, its masked message.

Versioned: an issue keeps the version it was made with, so that a better algorithm regroups nothing by itself.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from sessions.parsing.vocabulary import fold

VERSION = 1
VERSION_NAMES = {1: "exception or code, named objects, and the words of the message without ids, times and paths"}

_LONGEST = 600  # characters of a message that take part; longer ones differ in their tails only by noise

# What says nothing about which problem it is. Routes, status codes and names of tables stay.
_NOISE = re.compile(
    r"""
      \b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b   # uuid
    | \barn:aws[\w-]*:[^\s"'`)]{1,200}
    | \b\d{4}-\d{2}-\d{2}(?:[t\ ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?:z|[+-]\d{2}:?\d{2})?)?
    | \b\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?\b
    | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b                           # address
    | \b0x[0-9a-f]{1,16}\b
    | \b(?=[0-9a-f]{0,39}\d)(?=[0-9a-f]{0,39}[a-f])[0-9a-f]{7,40}\b      # hash
    | \b\d+(?:\.\d+)?\ ?(?:ms|s|sec|seconds?|minutes?|min|h|hours?|kb|mb|gb|bytes?|%)(?!\w)
    | \bline\ \d+\b | :\d{1,6}(?::\d{1,6})?(?=\W|$)
    | (?:/tmp|/var/folders|/home|/users|[a-z]:\\users)[/\\][^\s"'`)]{1,200}
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"(?<![\w.])\d{4,}(?![\w.])|(?<![\w.])\d{1,2}(?![\w.])")  # three digits may be a status code
_OBJECT = re.compile(
    r"`([^`\n]{2,80})`|\"([^\"\n]{2,80})\"|'([^'\n]{2,60})'|((?<!\w)/[a-z][\w/{}<>:.-]{2,80})|(\b\w{1,60}_\w{1,60}(?:\.\w{1,60})?\b)"
    r"|(\b[\w-]{1,60}\.(?:py|ts|tsx|js|jsx|go|rs|java|kt|rb|php|sql|yaml|yml|toml|json|css|html|sh|cs|cpp|c|h)\b)"
)
_WORD = re.compile(r"[^\W_]{2,40}")
_EMPTY_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "was",
        "in",
        "on",
        "of",
        "for",
        "to",
        "and",
        "or",
        "with",
        "at",
        "by",
        "from",
        "this",
        "that",
        "not",
        "does",
        "did",
        "error",
        "issue",
        "bug",
    ]
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The parts that identify an error, and their digest (32 hex digits)."""

    exception: str
    objects: tuple[str, ...]
    words: tuple[str, ...]
    version: int = VERSION

    @property
    def digest(self) -> str:
        parts = "\n".join((self.exception, " ".join(self.objects), " ".join(self.words)))
        return hashlib.blake2b(parts.encode(errors="replace"), digest_size=16).hexdigest()

    def parts(self) -> dict[str, object]:
        """The parts as stored with a link, to be shown as its reason."""
        return {"exception": self.exception, "objects": list(self.objects), "words": list(self.words)}


def fingerprint(title: str, message: str, exception: str) -> Fingerprint:
    """The fingerprint of an error. With an exception and a named object these two identify it, however worded."""
    text = mask(f"{message or title}"[:_LONGEST])
    name = fold(exception).rsplit(".", 1)[-1]
    objects = tuple(sorted(_objects(mask(f"{title} {message}"[:_LONGEST])) - {name}))
    words = () if name and objects else tuple(sorted(set(_WORD.findall(text)) - _EMPTY_WORDS))
    return Fingerprint(name, objects, words)


def mask(text: str) -> str:
    """The text without what changes from one occurrence to the next: ids, times, hashes, line numbers, sizes."""
    return " ".join(_NUMBER.sub(" ", _NOISE.sub(" ", fold(text))).split())


def _objects(text: str) -> set[str]:
    """Tables, columns, files and routes a text names: quoted, or in a form that prose does not have."""
    found: set[str] = set()
    for match in _OBJECT.finditer(text):
        name = next(group for group in match.groups() if group).strip(".,:;() ")
        if name and " " not in name:
            found.add(name.rsplit("/", 1)[-1] if "." in name and not name.startswith("/") else name)
        elif " " in name:
            found |= _objects(name)
    return found
