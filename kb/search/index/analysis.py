"""Cuts text into search tokens: no stemming, case and accents folded, identifiers whole and in parts, CJK in pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from sessions.parsing.vocabulary import fold

# Increase it when a text yields other tokens or more of a record is indexed: all sessions are then reindexed.
ANALYSER_VERSION = 4

_CJK = r"\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f"
# Dashes, dots, arrows, symbols, emoji and full-width marks: no identifier has them, and often no space is beside them.
_SIGNS = (
    r"\u0080-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u060c\u061b\u061f\u2010-\u2029\u2030-\u205e"
    r"\u20a0-\u20cf\u2190-\u245f\u2500-\u2bff\u3001-\u3004\u3008-\u3020\u3030\u30fb\ufe0f\ufe30-\ufe6b"
    r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3e\uff40\uff5b-\uff65\U0001f000-\U0001faff"
)
# A chunk is what an author wrote without a space, in one kind of script; marks around it are not part of it.
_CHUNK = re.compile(rf"[{_CJK}]{{1,200}}|[^\s\"'`(){{}}\[\]<>|,;=*!?\x00{_SIGNS}{_CJK}]{{1,200}}")
_TRIM = ".:-/\\&~^%+"
_PART = re.compile(r"[^\W_]+", re.UNICODE)
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_UNSPACED = re.compile(rf"[{_CJK}]")
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
        if _UNSPACED.match(chunk):
            tokens += _pairs(chunk)
        elif whole := _whole(chunk):
            tokens.append(whole)
    return list(dict.fromkeys(tokens))


def contains_phrase(text: str, phrase: str) -> bool:
    """Whether a text contains these words in a row, ignoring punctuation between them; CJK needs no spaces."""
    if _UNSPACED.search(phrase):
        return "".join(phrase.split()) in "".join(as_words(text).split())
    return f" {phrase} " in f" {as_words(text)} "


def as_words(text: str) -> str:
    """Returns the words of a text separated by single spaces, as `contains_phrase` expects a phrase."""
    return " ".join(map(_folded, _chunks(text)))


def _chunks(text: str) -> Iterator[str]:
    for match in _CHUNK.finditer(unicodedata.normalize("NFC", text)):
        chunk = match[0].strip(_TRIM)
        if match[0].endswith("++") or match[0].endswith("#"):
            chunk = match[0].lstrip(_TRIM)
        if chunk:
            yield chunk


@lru_cache(maxsize=_REMEMBERED)
def _tokens_of(chunk: str) -> tuple[str, ...]:
    """Returns the tokens a chunk can be found by, each once. A single CJK character may be a word."""
    if _UNSPACED.match(chunk):
        return tuple(dict.fromkeys((*_pairs(chunk), *_folded(chunk))))
    return (_whole(chunk),) if _is_plain(chunk) else tuple(dict.fromkeys(_forms(chunk)))


def _is_plain(chunk: str) -> bool:
    """Whether a chunk is a word or a number of ASCII without parts, as most are."""
    if not chunk.isascii():
        return False
    return chunk.isdigit() or (chunk.isalpha() and (chunk.islower() or chunk.isupper() or chunk[1:].islower()))


def _whole(chunk: str) -> str:
    if chunk.isascii():
        return chunk.lower()[:_LONGEST_TOKEN]
    return _folded(chunk)[:_LONGEST_TOKEN]


def _forms(chunk: str) -> Iterator[str]:
    """Yields a chunk whole, its pieces between punctuation, their parts at "_" and changes of case."""
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
        if not (part.isalpha() and part.islower()) and not part.isdigit():
            humps = _CAMEL.findall(part)
            if 1 < len(humps) <= _MOST_PIECES:
                yield from (_whole(hump) for hump in humps if len(hump) > 1)


def _pairs(chunk: str) -> Iterator[str]:
    """Yields each pair of neighbouring characters, or the only character."""
    folded = _folded(chunk)
    yield from (folded[at : at + 2] for at in range(max(len(folded) - 1, 1)))


def _folded(chunk: str) -> str:
    return fold(chunk).replace(" ", "")
