"""Removes from a message what changes from one occurrence to the next: ids, times, hashes, line numbers, sizes.

Routes, status codes and the names of tables, columns and files stay, because they identify the problem.
"""

from __future__ import annotations

import re

from sessions.parsing.vocabulary import words

_NOISE = re.compile(
    r"""
      \b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b   # uuid
    | \barn:aws[\w-]*:[^\s"'`)]{1,200}
    | [\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,4}                    # e-mail
    | \b\d{4}-\d{2}-\d{2}(?:[t\ ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?:z|[+-]\d{2}:?\d{2})?)?
    | \b\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?\b
    | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b                           # address
    | \b(?:localhost|[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}):\d{2,5}\b        # host and port
    | \b0x[0-9a-f]{1,16}\b
    | \b(?=[0-9a-f]{0,39}\d)(?=[0-9a-f]{0,39}[a-f])[0-9a-f]{7,40}\b      # hash
    | \b\d+(?:\.\d+)?\ ?(?:ms|s|sec|seconds?|minutes?|min|h|hours?|kb|mb|gb|bytes?|%)(?!\w)
    | \blines?\ \d+(?:\s?[-–]\s?\d+)?\b | \bl\d+(?:-l?\d+)?\b | :\d{1,6}(?::\d{1,6})?(?=\W|$)
    | (?:/tmp|/var/folders|/home|/users|/root|/opt|/usr|/app|/srv|/build|/workspace|[a-z]:\\users)[/\\]
      (?:[\w.@~+-]{1,80}[/\\]){0,12}(?=[\w.-]{1,80}\.\w{1,5}\b)       # the folders before a file
    | (?:/tmp|/var/folders|/home|/users|[a-z]:\\users)[/\\][^\s"'`)]{1,200}
    | (?<=/)(?:\d{1,12}|[0-9a-f]{8,40})(?=/|\b)                          # an id in a route
    | \b(?:request|req|job|run|build|task|order|user|pid|id)[ #:=-]{1,3}[\w-]*\d[\w-]*
    """,
    re.VERBOSE,
)  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.])\d{4,}(?![\w.])|(?<![\w.])\d{1,2}(?![\w.])")  # three digits may be a status code

COMMON_WORDS = frozenset(words("common_words"))


def mask(text: str) -> str:
    """Returns a folded text without what changes from one occurrence to the next, and with single spaces."""
    return " ".join(_NUMBER.sub(" ", _NOISE.sub(" ", text)).split())
