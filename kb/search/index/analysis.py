"""Cuts text into search tokens: no stemming, case and accents folded, identifiers whole and in parts, CJK in pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from sessions.parsing.vocabulary import fold

# Increase it when a text yields other tokens or more of a record is indexed: all sessions are then reindexed.
ANALYSER_VERSION = 3

# A chunk is what an author wrote without a space; marks around it are not part of it.
_CHUNK = re.compile(r"[^\s\"'`“”‘’«»(){}\[\]<>|,;=*!?\x00，。、；！？（）【】「」]{1,200}")
_TRIM = ".:-/\\&~^%"
_PART = re.compile(r"[^\W_]+", re.UNICODE)
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]+")
_DIVIDER = re.compile(r"[./\\:]+")
_PLACE = re.compile(r":\d{1,6}(?::\d{1,6})?$")  # a line and a column behind the name of a file
_SLASHES = re.compile(r"[/\\]+")
_BETWEEN_PIECES = re.compile(r"[./\\:@&#+~-]+")
_MOST_PIECES = 12
_LONGEST_TOKEN = 80
_MOST_TOKENS = 4000  # the rest of a longer body is not indexed
_REMEMBERED = 16_384  # chunks, of which logs repeat nine in ten: some megabytes


def index_tokens(text: str) -> list[str]:
    """Returns every token a text can be found by, in text order: each chunk whole, then its parts."""
    tokens: list[str] = []
    for chunk in _chunks(text):
        tokens.extend(_tokens_of(chunk))
        if len(tokens) >= _MOST_TOKENS:
            break
    return tokens


def query_tokens(text: str) -> list[str]:
    """Returns the tokens to look for: each word whole, CJK in the pairs it is indexed by."""
    tokens: list[str] = []
    for chunk in _chunks(text):
        if _CJK.search(chunk):
            tokens += [token for token in _forms(chunk) if token != _whole(chunk) or len(chunk) <= 2]
        elif whole := _whole(chunk):
            tokens.append(whole)
    return list(dict.fromkeys(tokens))


def contains_phrase(text: str, phrase: str) -> bool:
    """Whether a text contains these words in a row, ignoring punctuation between them; CJK needs no spaces."""
    if _CJK.search(phrase):
        return "".join(phrase.split()) in "".join(fold(text).split())
    return f" {phrase} " in f" {as_words(text)} "


def as_words(text: str) -> str:
    """Returns the words of a text separated by single spaces, as `contains_phrase` expects a phrase."""
    return " ".join(_whole(chunk) for chunk in _chunks(text))


def _chunks(text: str) -> Iterator[str]:
    for match in _CHUNK.finditer(unicodedata.normalize("NFC", text)):
        chunk = match[0].strip(_TRIM)
        if match[0].endswith("++") or match[0].endswith("#"):
            chunk = match[0].lstrip(_TRIM)
        if chunk:
            yield chunk


@lru_cache(maxsize=_REMEMBERED)
def _tokens_of(chunk: str) -> tuple[str, ...]:
    """Returns the tokens a chunk can be found by, each once."""
    if _is_plain(chunk):
        return (_whole(chunk),)
    forms = dict.fromkeys(_forms(chunk))
    return tuple(forms if chunk.isascii() else dict.fromkeys((*forms, *_characters(chunk))))


def _is_plain(chunk: str) -> bool:
    """Whether a chunk is a word or a number of ASCII without parts, as most are."""
    if not chunk.isascii():
        return False
    return chunk.isdigit() or (chunk.isalpha() and (chunk.islower() or chunk.isupper() or chunk[1:].islower()))


def _whole(chunk: str) -> str:
    if chunk.isascii():
        return chunk.lower()[:_LONGEST_TOKEN]
    return fold(chunk).replace(" ", "")[:_LONGEST_TOKEN]


def _forms(chunk: str) -> Iterator[str]:
    """Yields a chunk whole, its pieces between punctuation, their parts at "_" and changes of case, and CJK pairs."""
    yield _whole(chunk)
    base = _PLACE.sub("", chunk)
    if base != chunk:
        yield _whole(base)
    if _DIVIDER.search(chunk):
        yield from _runs(chunk)
        yield from (_whole(segment) for segment in _SLASHES.split(chunk) if segment)
    for piece in _BETWEEN_PIECES.split(chunk):
        if piece:
            yield _whole(piece)
            yield from _inner(piece)


def _runs(chunk: str) -> Iterator[str]:
    """Yields the beginnings and ends of a path or dotted name: "api/v1/users" of a URL, "a.b" of "a.b.c"."""
    cuts = [match.start() for match in _DIVIDER.finditer(chunk)][:_MOST_PIECES]
    for cut in cuts:
        if head := chunk[:cut].strip(_TRIM):
            yield _whole(head)
        if tail := chunk[cut:].strip(_TRIM):
            yield _whole(tail)


def _inner(piece: str) -> Iterator[str]:
    if _is_plain(piece):
        return
    for part in _PART.findall(piece):
        yield _whole(part)
        if _is_plain(part):
            continue
        if _CJK.search(part):
            yield from _pairs(part)
        elif not (part.isalpha() and part.islower()) and not part.isdigit():
            humps = _CAMEL.findall(part)
            if 1 < len(humps) <= _MOST_PIECES:
                yield from (_whole(hump) for hump in humps if len(hump) > 1)


def _pairs(text: str) -> Iterator[str]:
    """Yields each pair of neighbouring CJK characters, and single characters without a neighbour."""
    for run in map(fold, _CJK.findall(text)):
        yield from (run[at : at + 2] for at in range(max(len(run) - 1, 1)))


def _characters(text: str) -> Iterator[str]:
    """Yields the CJK characters of a text one by one, since a single character may be a word."""
    yield from (character for run in _CJK.findall(text) for character in fold(run))
