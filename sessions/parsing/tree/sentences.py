"""Cuts running text into sentences, in scripts with spaces and in those without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.vocabulary import LANGUAGES, any_of, words

# What follows must begin a sentence: neither a small letter nor a digit after a full stop ("e.g. a", "v1. 2").
_END = re.compile(r"[.!?…]+[\"'”’)\]*_`]{0,4}[ \t]+(?=[^\sa-z\d.,;:)\]–—-])|[;；。！？]+[」』”）)]{0,2}[ \t]*")
# A letter of its own is an initial, unless it is the unit of a number ("60 s.").
_ABBREVIATED = re.compile(rf"(?<!\w)(?:{any_of(words('abbreviations'))}|(?<!\d )[^\W\d])\.\s*$", re.IGNORECASE)
_DAY = re.compile(r"(?<!\w)\d{1,2}\.\s*$")
_MONTH = re.compile(
    rf"{any_of(name for language in LANGUAGES for names in language.months for name in names)}\b", re.IGNORECASE
)
_SHORTEST = 8  # characters: less belongs to the sentence beside it
_CODE = re.compile(r"`[^`\n]*`")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yields each sentence with the place of its first character in the text.

    Neither an abbreviation, the day of a date, a path nor a mark inside backticks ends a sentence.
    """
    start = 0
    code = [match.span() for match in _CODE.finditer(text)]
    for end in _END.finditer(text):
        sentence = text[start : end.end()]
        if len(sentence) < _SHORTEST or _ABBREVIATED.search(sentence[-20:]):
            continue
        if _DAY.search(sentence[-5:]) and _MONTH.match(text, end.end()):
            continue
        if any(first < end.start() < last for first, last in code):
            continue
        yield start, sentence.strip()
        start = end.end()
    if rest := text[start:].strip():
        yield start, rest
