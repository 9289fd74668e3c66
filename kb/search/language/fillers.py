"""Tells the function words of a query ("how", "does", "the") from the words it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.search.index.analysis import query_tokens
from kb.search.language.function_words import CLITICS, DOUBTFUL, ELIDED, INSIDE, PARTICLES, TELLING, WORDS
from sessions.parsing.vocabulary import fold, is_unspaced

_BEFORE = "¿¡("
_AFTER = "?!.,;:…)？！。，、؟،；"
_NAMED = re.compile(r"^['‘]|[`\"“”«»「」『』_/\\@#&+=~|<>{}\[\]]|[.:](?=\w)")  # quoted, or written as an identifier
_APOSTROPHE = re.compile(r"['’ʼ]")
_STOP = re.compile(rf"[{re.escape(_AFTER)}]+")
_NEGATED = "t"  # "can't" says "not"
_INSIDE = re.compile("|".join(sorted(map(re.escape, INSIDE), key=len, reverse=True)))
_ALL, _NONE = frozenset({"all"}), frozenset[str]()


@dataclass(frozen=True, slots=True)
class Piece:
    """What was typed between two spaces, or a part of it. `languages`: those it is a function word in, or "all"."""

    tokens: tuple[str, ...]
    languages: frozenset[str] = _NONE
    telling: frozenset[str] = _NONE


def words_and_fillers(texts: Sequence[str], *, typing: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the tokens of what was typed: those to look for, and the function words that may be left out.

    While typing, the last token is to be looked for in any case. No token is in both.
    """
    pieces = [piece for text in texts for piece in pieces_of(text)]
    if typing and pieces:
        pieces[-1] = Piece(pieces[-1].tokens)
    spoken = _ALL.union(*(piece.telling for piece in pieces))
    words = dict.fromkeys(token for piece in pieces if not piece.languages & spoken for token in piece.tokens)
    fillers = dict.fromkeys(token for piece in pieces for token in piece.tokens if token not in words)
    return tuple(words), tuple(fillers)


def pieces_of(text: str) -> list[Piece]:
    """Returns a text without spaces in the pieces that are function words or not."""
    bare = text.lstrip(_BEFORE).rstrip(_AFTER)
    if not (bare[:1].isalnum() and bare[-1:].isalnum()):  # signs alone are indexed as they are written
        bare = text
    if _NAMED.search(bare):
        pieces = [Piece(tuple(query_tokens(text)))]
    elif any(map(is_unspaced, bare)):
        pieces = [piece for part in _STOP.split(bare) for piece in _unspaced(part)]
    else:
        pieces = list(_spaced(bare))
    return [piece for piece in pieces if piece.tokens]


def _spaced(text: str) -> Iterator[Piece]:
    *heads, last = _APOSTROPHE.split(text)
    if heads and (fold(last) == _NEGATED or fold(text) in WORDS):
        yield Piece(tuple(query_tokens(text)), _ALL if fold(text) in WORDS else _NONE)
        return
    for head in heads:
        yield _left_out(head) if fold(head) in ELIDED else _word(head)
    yield _left_out(last) if heads and fold(last) in CLITICS else _word(last)


def _word(text: str) -> Piece:
    """In capitals, "IN" or "FOR UPDATE" name something; "I" does not."""
    word = fold(text)
    if text.isascii() and text.isupper() and text != "I":
        languages = _NONE
    else:
        languages = _ALL if word in WORDS else DOUBTFUL.get(word, _NONE)
    return Piece(tuple(query_tokens(text)), languages, TELLING.get(word, _NONE) if languages else _NONE)


def _left_out(text: str) -> Piece:
    return Piece(tuple(query_tokens(text)), _ALL)


def _unspaced(text: str) -> Iterator[Piece]:
    """Cuts a run of Chinese, Japanese or Korean at its function words, so that no pair consists of half of one."""
    if fold(text) in WORDS:
        yield _left_out(text)
        return
    end = 0
    for match in _INSIDE.finditer(text):
        yield from _about(text[end : match.start()])
        yield _left_out(match[0])
        end = match.end()
    yield from _about(text[end:])


def _about(text: str) -> Iterator[Piece]:
    for token in query_tokens(text):
        yield Piece((token,), _ALL if PARTICLES.issuperset(token) else _NONE)
