"""Tokens for what an entry is rather than says: kind, status, project, day and size, so that no query needs a join."""

from __future__ import annotations

import datetime as dt

from sessions.parsing.vocabulary import fold

FACET = "\u00a7"  # begins every token that is not a word
EVERYTHING = f"{FACET}all"


def facet_token(name: str, value: str) -> str:
    """Returns the token of a facet's value. It contains no space, and no word of a text equals it."""
    return f"{FACET}{name}={'_'.join(fold(value).split())[:100]}"


def facet_name(token: str) -> tuple[str, str]:
    """Returns the facet's name and the value that a facet token stands for."""
    name, _, value = token.removeprefix(FACET).partition("=")
    return name, value


def day_tokens(day: dt.date | None) -> list[str]:
    """Returns the tokens of a session's year, month and day, used by filters and to sort newest first."""
    if day is None:
        return []
    text = day.isoformat()
    return [facet_token("year", text[:4]), facet_token("month", text[:7]), facet_token("day", text)]


def size_tokens(title: int, body: int) -> list[str]:
    """Returns tokens for an entry's length, in steps of √2: a word says more about a short entry than a long one."""
    return [facet_token("title-size", _step(title)), facet_token("size", _step(title + body))]


def size_of(token: str) -> float:
    """Returns the number of tokens at the middle of a size token's step."""
    return float(2 ** ((int(facet_name(token)[1]) - 0.5) / 2))


def _step(count: int) -> str:
    return str((count * count).bit_length())
