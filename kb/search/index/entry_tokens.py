"""The tokens by which an entry is found, made of what is stored of it."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from kb.search.index.analysis import index_tokens
from kb.search.index.facet_tokens import size_tokens

_LONGEST_TITLE = 1000  # characters that are stored, and found
_LONGEST_BODY = 4000
_REMEMBERED = 4096  # sizes


class EntryTokens(NamedTuple):
    """What an entry says, as tokens.

    words   of its title and its body, each once
    titles  those of its title
    sizes   tell how many there are, with repeats
    """

    words: tuple[str, ...]
    titles: tuple[str, ...]
    sizes: tuple[str, ...]


def record_tokens(title: str, body: str) -> EntryTokens:
    """Returns the tokens of a record by its title and its body."""
    titles, words = index_tokens(stored_title(title)), index_tokens(stored_body(body))
    once = tuple(dict.fromkeys(titles))
    return EntryTokens(tuple(dict.fromkeys((*titles, *words))), once, _sizes(len(titles), len(words)))


def passage_tokens(text: str, source: str) -> EntryTokens:
    """Returns the tokens of a passage. It is all text: no word of it is a title."""
    words = [*index_tokens(stored_title(text)), *index_tokens(stored_body(source))]
    return EntryTokens(tuple(dict.fromkeys(words)), (), _sizes(0, len(words)))


def all_words(title: str, body: str, tokens: EntryTokens) -> Collection[str]:
    """Returns the words of a title and a body, also of what is too long to be stored. `tokens`: of what is stored."""
    is_stored = stored_title(title) == title and stored_body(body) == body
    return tokens.words if is_stored else index_tokens(f"{title}\n{body}")


def stored_title(text: str) -> str:
    return _storable(text)[:_LONGEST_TITLE]


def stored_body(text: str) -> str:
    return _storable(text)[:_LONGEST_BODY]


@lru_cache(maxsize=_REMEMBERED)
def _sizes(title: int, body: int) -> tuple[str, ...]:
    return tuple(size_tokens(title, body))


def _storable(text: str) -> str:
    """Replaces NUL characters, which PostgreSQL does not accept."""
    return text.replace("\x00", "\ufffd")
