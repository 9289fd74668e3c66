"""Removes from a message what changes from one occurrence to the next: ids, times, hashes, line numbers, sizes.

Routes, status codes and the names of tables, columns and files stay, because they identify the problem.
"""

from __future__ import annotations

import re

from sessions.parsing.vocabulary import words

GAP = "¤"  # stands for what was removed
PLACE = "§"  # ends the name of a file that a line number followed

_FOLDERS = r"(?:/tmp|/var/folders|/home|/users|/root|/opt|/usr|/app|/srv|/build|/workspace|[a-z]:\\users|[a-z]:)"
_VOLATILE = re.compile(
    rf"""
      https?://[^\s/'"`)]+                                               # the host of an address; its route stays
    | \b[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}\b   # uuid
    | \barn:aws[\w-]*:[^\s"'`)/]{{1,200}}
    | [\w.+-]{{1,60}}@[\w-]{{1,60}}(?:\.[\w-]{{1,30}}){{0,3}}\.[a-z]{{2,10}}\b     # e-mail
    | \b\d{{4}}-\d{{2}}-\d{{2}}(?:[t\ ]\d{{2}}:\d{{2}}(?::\d{{2}})?(?:[.,]\d{{1,9}})?(?:z|[+-]\d{{2}}:?\d{{2}})?)?
    | \b\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:[.,]\d{{1,9}})?\b
    | \b\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d{{1,5}})?\b                   # address
    | (?<=[\w\]]):\d{{2,5}}(?=\W|$)                                      # the port of a host
    | \b0x[0-9a-f]{{1,16}}\b
    | \b(?=[0-9a-f]{{0,39}}\d)(?=[0-9a-f]{{0,39}}[a-f])[0-9a-f]{{7,40}}\b      # hash
    | \b\d+(?:\.\d+)?\ ?(?:ms|s|sec|seconds?|minutes?|min|h|hours?|kb|mb|gb|bytes?|%|px)(?!\w)
    | \blines?\ \d+(?:\s?[-–]\s?\d+)?\b | \bl\d+(?:-l?\d+)?\b
    | :\d{{1,6}}(?::\d{{1,6}})?(?=\W|$) | \(\d+,\s?\d+\)
    | {_FOLDERS}[/\\](?:[\w.@~+-]{{1,80}}[/\\]){{0,12}}(?=[\w.-]{{1,80}}\.\w{{1,5}}\b)   # the folders before a file
    | (?<=@)v?\d+(?:\.\d+){{1,3}}[\w.-]* | \bv?\d+\.\d+(?:\.\d+)*\b      # a version
    | \b[a-z]{{2,5}}_[0-9a-f]*\d[0-9a-f]{{3,}}\b                         # an id with the sort of thing before it
    | (?<=/)(?:\d{{1,12}}|[0-9a-f]{{8,40}})(?=/|\b)                      # an id in a route
    | (?<=[a-z])[-_]\d{{4,}}\b
    | \{{\w{{1,30}}\}}                                                    # what somebody else masked: {{id}}
    | \b(?:request|req|job|run|build|task|order|user|pid|id)[ #:=-]{{1,3}}[\w-]*\d[\w-]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LOCATED = re.compile(
    r"((?<![\w/\\])[\w./\\:~@-]{1,200}\.[A-Za-z]{1,5})"
    r"(?:[:(]\d{1,6}(?:[:,]\s?\d{1,6})?\)?|:?,? line \d+)"
)
_NUMBER = re.compile(r"(?<![\w.])\d{4,}(?![\w.])|(?<![\w.])\d{1,2}(?![\w.])")  # three digits may be a status code

COMMON_WORDS = frozenset(words("common_words"))


def marked(text: str) -> str:
    """Returns a text with marks in place of what changes from one occurrence to the next, and with single spaces."""
    located = _LOCATED.sub(rf"\1{PLACE} ", text)
    return " ".join(_VOLATILE.sub(f" {GAP} ", located).split())


def mask(text: str) -> str:
    """Returns a text without what changes from one occurrence to the next, and with single spaces."""
    return " ".join(_NUMBER.sub(" ", unmarked(marked(text))).split())


def unmarked(text: str) -> str:
    """Returns a marked text without the marks."""
    return " ".join(text.replace(GAP, " ").replace(PLACE, " ").split())
