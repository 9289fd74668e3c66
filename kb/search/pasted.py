"""A pasted trace, log excerpt or compiler's output, cut down to what says which problem it is."""

from __future__ import annotations

import re

from kb.linking.failures import failure_of
from kb.linking.masking import mask
from sessions.parsing.problems.exceptions import exception_of
from sessions.parsing.vocabulary import fold

_MOST_LINES = 400
_LONGEST_LINE = 600
_MOST_WORDS = 24
_ENOUGH_WORDS = 8
_LEVEL = re.compile(r"\b(?:error|fatal|panic|critical|severe|exception|caused by|failed|abort(?:ed)?)\b|^E\s", re.I)
_FRAME = re.compile(r"^\s*(?:File \"|at [\w.$<>]+ ?\(|at /|\d+: 0x|in [\w.]+\(|goroutine |\^+|~+|-->|\|)")
_PLACE = re.compile(r"([\w-]+\.(?:py|tsx?|jsx?|mjs|go|rs|java|rb|php|cs|kt|sql|sh|vue|cpp|c))(?=[\":(, )]|:\d|$)")
_LIBRARY = re.compile(r"site-packages|node_modules|lib/python|/usr/lib|\bjava\.|internal/|dist-packages|\.cargo/")
_ROOT = re.compile(r"^\s*caused by", re.IGNORECASE)
_MARKS = re.compile(r"[\"'`“”‘’(){}\[\]<>|,;=*!?]+|(?<=\w):(?=\s|$)|(?:^|(?<=\s))[-:]+(?=\S)")


def is_pasted(text: str) -> bool:
    """Nobody types several lines."""
    return len(text.strip().splitlines()) > 1


def statement(text: str) -> str:
    """The line that states the error: of the deepest cause where causes are told, else the plainest."""
    lines = [line[:_LONGEST_LINE] for line in text.splitlines()[:_MOST_LINES] if line.strip()]
    if not lines:
        return ""
    last_first = "Traceback (most recent call last)" in text
    order = list(reversed(lines)) if last_first else lines
    if roots := [line for line in lines if _ROOT.match(line)]:
        return roots[-1].strip()
    return max(order, key=_telling).strip()


def distilled(text: str) -> str:
    """A query of a few words: the statement without times, ids and paths, and the files of the own code it names."""
    said = statement(text)
    telling = set(_words(mask(fold(said))))
    words = [word for word in _words(said) if fold(word) in telling]
    files = [file for file in _own_files(text) if file not in words]
    return " ".join([*list(dict.fromkeys(words))[:_MOST_WORDS], *files])


def _words(text: str) -> list[str]:
    words = (word.strip("-.:/&") for word in _MARKS.sub(" ", text).split())
    return [word for word in words if len(word) > 1]


def _telling(line: str) -> tuple[int, int]:
    """How much a line says of what went wrong; of two that say as much, the one with more words."""
    if _FRAME.search(line):
        return -1, 0
    points = 4 * bool(exception_of(line)) + 3 * bool(_LEVEL.search(line)) + 2 * bool(failure_of(fold(line)))
    return points, min(len(line.split()), _ENOUGH_WORDS)


def _own_files(text: str) -> list[str]:
    """The last two files of frames that are no library's."""
    own = [line for line in text.splitlines()[:_MOST_LINES] if _FRAME.search(line) and not _LIBRARY.search(line)]
    return list(dict.fromkeys(file for line in own for file in _PLACE.findall(line[:_LONGEST_LINE])))[-2:]
