"""Reduces a pasted trace, log excerpt or compiler output to a query of a few words."""

from __future__ import annotations

import re

from kb.linking.failures import failure_of
from kb.linking.masking import mask
from kb.search.language.filters import DATE_FILTERS, FILTERS
from sessions.parsing.problems.exceptions import exception_of
from sessions.parsing.problems.verdicts import says_failure
from sessions.parsing.vocabulary import fold

_MAX_LINES = 400
_SEVERAL = 3  # words
_MAX_LINE = 600  # characters
_MAX_WORDS = 24
_MAX_FILES = 2
_ENOUGH_WORDS = 8  # more do not make a line more informative
_LEVEL = re.compile(r"\b(?:error|fatal|panic|critical|severe|exception|caused by|failed|abort(?:ed)?)\b|^E\s", re.I)
_FRAME = re.compile(r"^\s*(?:File \"|at [\w.$<>]+ ?\(|at /|\d+: 0x|in [\w.]+\(|goroutine |\^+|~+|-->|\|)")
_PLACE = re.compile(r"([\w-]+\.(?:py|tsx?|jsx?|mjs|go|rs|java|rb|php|cs|kt|sql|sh|vue|cpp|c))(?=[\":(, )]|:\d|$)")
_LIBRARY = re.compile(r"site-packages|node_modules|lib/python|/usr/lib|\bjava\.|internal/|dist-packages|\.cargo/")
_ROOT_CAUSE = re.compile(r"^\s*caused by", re.IGNORECASE)
_FILTER = re.compile(rf"(?<!\S)({'|'.join((*FILTERS, *DATE_FILTERS))}):(?=\S)", re.IGNORECASE)
_MARKS = re.compile(r"[\"'`“”‘’(){}\[\]<>|,;=*!?]+|(?<=\w):(?=\s|$)|(?:^|(?<=\s))[-:]+(?=\S)")


def is_pasted(text: str) -> bool:
    """Tells a paste from a typed query: nobody types several lines."""
    return len(text.strip().splitlines()) > 1


def states_an_error(text: str) -> bool:
    """Checks whether a text names an exception or a code, or says in several words how something fails."""
    return bool(exception_of(text)) or (len(text.split()) > 3 and failure_of(fold(text)) is not None)


def may_state_an_error(text: str) -> bool:
    """Checks whether a text states an error, or has a word for failure among several."""
    return states_an_error(text) or (len(text.split()) >= _SEVERAL and says_failure(text))


def error_line(text: str) -> str:
    """Returns the line that states the error: the deepest "caused by" if there is one, else the most informative."""
    lines = [line[:_MAX_LINE] for line in _ends(text.splitlines()) if line.strip()]
    if not lines:
        return ""
    if causes := [line for line in lines if _ROOT_CAUSE.match(line)]:
        return causes[-1].strip()
    ends_with_error = "Traceback (most recent call last)" in text
    return max(reversed(lines) if ends_with_error else lines, key=_informativeness).strip()


def query_from(text: str) -> str:
    """Returns a query for a paste: its error line without times, ids and paths, and the user's own files in it."""
    line = error_line(text)
    stable = set(_words(mask(fold(line))))
    words = [word for word in _words(line) if fold(word) in stable]
    files = [file for file in _own_files(text) if file not in words]
    # A trace says "type:session" about itself, not about what is searched for.
    return _FILTER.sub(r"\1 ", " ".join([*list(dict.fromkeys(words))[:_MAX_WORDS], *files]))


def _ends(lines: list[str]) -> list[str]:
    """Returns the first and the last lines of a long output, which says at its end what failed."""
    half = _MAX_LINES // 2
    return lines if len(lines) <= _MAX_LINES else [*lines[:half], *lines[-half:]]


def _words(text: str) -> list[str]:
    words = (word.strip("-.:/&") for word in _MARKS.sub(" ", text).split())
    return [word for word in words if len(word) > 1]


def _informativeness(line: str) -> tuple[int, int]:
    """Rates how much a line says about what went wrong; a tie goes to the line with more words."""
    if _FRAME.search(line):
        return -1, 0
    points = 4 * bool(exception_of(line)) + 3 * bool(_LEVEL.search(line)) + 2 * bool(failure_of(fold(line)))
    return points, min(len(line.split()), _ENOUGH_WORDS)


def _own_files(text: str) -> list[str]:
    """Returns the last files in frames that do not belong to a library."""
    own = [line for line in _ends(text.splitlines()) if _FRAME.search(line) and not _LIBRARY.search(line)]
    return list(dict.fromkeys(file for line in own for file in _PLACE.findall(line[:_MAX_LINE])))[-_MAX_FILES:]
