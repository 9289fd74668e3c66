"""Turns the word lists of the vocabularies into regular expressions, so that no other module holds foreign words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sessions.parsing.vocabulary.phrases import is_unspaced


def any_of(words: Iterable[str]) -> str:
    """Returns an expression that matches any of the words, the longest first, also inside other words.

    >>> any_of(["improv*", "short-term", "ne * plus"])
    '(?:short[- ]?term|ne \\\\w++ plus|improv\\\\w*+)'
    """
    return "(?:" + "|".join(map(_expression, sorted(set(words), key=lambda word: (-len(word), word)))) + ")"


def whole(words: Iterable[str]) -> str:
    """Returns an expression that matches the words only as whole words; scripts without spaces have no word ends."""
    spaced, unspaced = by_script(words)
    branches = [rf"(?<!\w){any_of(spaced)}(?!\w)"] if spaced else []
    branches += [any_of(unspaced)] if unspaced else []
    return "(?:" + "|".join(branches) + ")"


def by_script(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Returns the words of scripts that put spaces between words, and those of scripts that do not."""
    words = list(words)
    return [word for word in words if not is_unspaced(word)], [word for word in words if is_unspaced(word)]


def _expression(word: str) -> str:
    return " ".join(map(_part, word.split(" ")))


def _part(part: str) -> str:
    if part == "*":
        return r"\w++"
    stem = re.escape(part.removesuffix("*")).replace(r"\*", r"\w*").replace(r"\-", "[- ]?")
    return stem + (r"\w*+" if part.endswith("*") else "")
