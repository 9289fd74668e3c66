"""Text to tokens: no stemming, case and accents folded, identifiers whole and in parts, CJK in pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sessions.parsing.vocabulary import fold

# Raise it when the tokens of a text change, or what the index is told of a record: sessions are indexed anew then.
ANALYSER_VERSION = 2

# A chunk is what an author wrote without a space; marks around it are not part of it.
_CHUNK = re.compile(r"[^\s\"'`“”‘’«»(){}\[\]<>|,;=*!?\x00，。、；！？（）【】「」]{1,200}")
_TRIM = ".:-/\\&~^%"
_PART = re.compile(r"[^\W_]+", re.UNICODE)
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]+")
_DIVIDER = re.compile(r"[./\\:]+")
_MOST_PIECES = 12
_LONGEST_TOKEN = 80
_MOST_TOKENS = 4000  # a body beyond that is found by its beginning


def index_tokens(text: str) -> list[str]:
    """Every token a text can be found by, in its order: each chunk whole, then its parts."""
    tokens: list[str] = []
    for chunk in _chunks(text):
        tokens.extend(dict.fromkeys((*_forms(chunk), *_characters(chunk))))
        if len(tokens) >= _MOST_TOKENS:
            break
    return tokens


def query_tokens(text: str) -> list[str]:
    """The tokens a query's words ask for: each word whole; CJK in the pairs it is indexed by."""
    found: list[str] = []
    for chunk in _chunks(text):
        if _CJK.search(chunk):
            found += [token for token in _forms(chunk) if token != _whole(chunk) or len(chunk) <= 2]
        elif whole := _whole(chunk):
            found.append(whole)
    return list(dict.fromkeys(found))


def holds_phrase(text: str, phrase: str) -> bool:
    """Whether a text holds these words one after the other, whatever marks stand between; CJK needs no spaces."""
    if _CJK.search(phrase):
        return "".join(phrase.split()) in "".join(fold(text).split())
    return f" {phrase} " in f" {as_words(text)} "


def as_words(text: str) -> str:
    """The words of a text with one space between: a phrase as `holds_phrase` wants it."""
    return " ".join(_whole(chunk) for chunk in _chunks(text))


def _chunks(text: str) -> Iterator[str]:
    for match in _CHUNK.finditer(unicodedata.normalize("NFC", text)):
        chunk = match[0].strip(_TRIM) if match[0].strip(_TRIM) else ""
        if match[0].endswith("++") or match[0].endswith("#"):
            chunk = match[0].lstrip(_TRIM)
        if chunk:
            yield chunk


def _whole(chunk: str) -> str:
    return fold(chunk).replace(" ", "")[:_LONGEST_TOKEN]


def _forms(chunk: str) -> Iterator[str]:
    """A chunk whole, its words between marks, the parts of each at "_" and at changes of case, CJK pairs."""
    yield _whole(chunk)
    base = re.sub(r":\d{1,6}(?::\d{1,6})?$", "", chunk)
    if base != chunk:
        yield _whole(base)
    yield from _runs(chunk)
    yield from (_whole(segment) for segment in re.split(r"[/\\]+", chunk) if segment)
    for piece in re.split(r"[./\\:@&#+~-]+", chunk):
        if piece:
            yield _whole(piece)
            yield from _inner(piece)


def _runs(chunk: str) -> Iterator[str]:
    """What a path or a dotted name begins and ends with: "api/v1/users" of an address, "a.b" of "a.b.c"."""
    cuts = [match.start() for match in _DIVIDER.finditer(chunk)][:_MOST_PIECES]
    for cut in cuts:
        if head := chunk[:cut].strip(_TRIM):
            yield _whole(head)
        if tail := chunk[cut:].strip(_TRIM):
            yield _whole(tail)


def _inner(piece: str) -> Iterator[str]:
    for part in _PART.findall(piece):
        yield _whole(part)
        if _CJK.search(part):
            yield from _pairs(part)
        elif not (part.isalpha() and part.islower()) and not part.isdigit():
            humps = _CAMEL.findall(part)
            if 1 < len(humps) <= _MOST_PIECES:
                yield from (_whole(hump) for hump in humps if len(hump) > 1)


def _pairs(text: str) -> Iterator[str]:
    """The neighbours in each run of CJK, and a character that stands alone."""
    for run in map(fold, _CJK.findall(text)):
        yield from (run[at : at + 2] for at in range(max(len(run) - 1, 1)))


def _characters(text: str) -> Iterator[str]:
    """The CJK characters of a text one by one: a single one may be a word."""
    yield from (character for run in _CJK.findall(text) for character in fold(run))
