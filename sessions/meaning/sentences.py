"""Cuts running text into sentences, in scripts with spaces and in those without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.vocabulary import any_of, words

# What follows must begin a sentence: neither a small letter nor a digit after a full stop ("e.g. a", "v1. 2").
_END = re.compile(r"[.!?…]+[\"'”’)\]*_`]{0,4}[ \t]+(?=[^\sa-z\d.,;:)\]–—-])|[;；。！？]+[」』”）)]{0,2}[ \t]*")
_ABBREVIATED = re.compile(rf"(?<!\w)(?:{any_of(words('abbreviations'))}|\w|\d+)\.\s*$", re.IGNORECASE)
_SHORTEST = 8  # characters: less belongs to the sentence beside it
_CODE = re.compile(r"`[^`\n]*`")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yields each sentence with the place of its first character in the text.

    Neither an abbreviation, a number, a path nor a mark inside backticks ends a sentence.
    """
    start = 0
    code = [match.span() for match in _CODE.finditer(text)]
    for end in _END.finditer(text):
        sentence = text[start : end.end()]
        if len(sentence) < _SHORTEST or _ABBREVIATED.search(sentence[-20:]):
            continue
        if any(first < end.start() < last for first, last in code):
            continue
        yield start, sentence.strip()
        start = end.end()
    if rest := text[start:].strip():
        yield start, rest
