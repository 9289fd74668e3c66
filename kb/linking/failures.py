"""How an error failed, as far as its words, its exception or its status code tell.

Two errors about the same thing are different problems if one says it is missing and the other that it is slow.
"""

from __future__ import annotations

from sessions.parsing.vocabulary import LANGUAGES, Failure, PhraseTable

__all__ = ["Failure", "failure_of", "without_failures"]

# Exceptions and codes belong to no language.
_CODES = {
    Failure.MEMORY: "oom oomkilled memoryerror",
    Failure.LOCKED: "locknotavailable",
    Failure.SLOW: "timeouterror 504",
    Failure.DENIED: "401 403 permissionerror accessdenied cors csrf",
    Failure.UNREACHABLE: "econnrefused econnreset enotfound ehostunreach 502 503 dns getaddrinfo connectionerror"
    " connectionrefusederror",
    Failure.DUPLICATE: "uniqueviolation integrityerror",
    Failure.ABSENT: "404 undefinedcolumn undefinedtable undefinedfunction keyerror nameerror attributeerror"
    " modulenotfounderror importerror filenotfounderror enoent",
    Failure.SYNTAX: "syntaxerror jsondecodeerror indentationerror",
    Failure.NULL: "nonetype nan nullpointerexception notnullviolation",
    Failure.TYPE: "typeerror valueerror",
    Failure.LIMIT: "429 413 enospc",
    Failure.CRASH: "segfault sigsegv sigkill 500",
}
_TABLE = PhraseTable.merged(
    [{failure: codes.split() for failure, codes in _CODES.items()}, *(each.failure_kinds for each in LANGUAGES)]
)
_ORDER = list(Failure)


def without_failures(text: str) -> str:
    """Returns the folded text without the words for a failure, which leaves what failed."""
    return _TABLE.without(text)


def failure_of(text: str) -> Failure | None:
    """Returns the most telling kind of failure in the first 400 characters of a text, if any."""
    return min((match.meaning for match in _TABLE.find_all(text)), key=_ORDER.index, default=None)
