"""The words of a message, each with what stands around it: what tells a name from the words about its failure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kb.linking.lexicon import Usage
from kb.linking.masking import GAP, PLACE
from sessions.parsing.vocabulary import fold, folded_words

KEY_LENGTH = 9  # letters: beyond them words differ by their endings
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(
    rf"[@$.]?[^\W\d{_UNSPACED}][\w./:@$\\{PLACE}-]*|[{_UNSPACED}]+|{GAP}|[\"'`“”‘’«»「」(),:;=]"
)  # fmt: skip
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_PREPOSITIONS = frozenset(folded_words("prepositions"))
_QUOTES = frozenset("\"'`“”‘’«»「」")
_STOPS = frozenset(",:;=")
_EXCEPTION = re.compile(r"(?:error|exception|violation|warning)[:.]*$", re.IGNORECASE)
_CAMEL = re.compile(r"[a-z][A-Z]")
_FILE = re.compile(r"\.\w{1,5}$")
_LONGEST_NUMBER = 3  # digits: longer numbers are ids
_MANY_TOKENS, _MANY_PARTS, _SHORT = 30, 6, 3


@dataclass(slots=True)
class _Token:
    text: str
    in_quotes: bool
    in_brackets: bool
    stop: str = ""  # the comma, colon or equals sign behind it


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a part of an identifier.

    key     its first letters, folded: terms with equal keys are the same
    token   the number of the token that it is part of
    traits  what stands around it, for the forest that tells names
    """

    key: str
    token: int
    traits: tuple[float, ...]
    is_exception: bool
    is_place: bool
    is_quoted: bool


def keys_of(token: str) -> list[str]:
    """Returns the keys of a token's parts: "user_profile" has two. Text without spaces has one for each two letters."""
    if token == GAP or token in _QUOTES or token in _STOPS:
        return []
    if _IS_UNSPACED.search(token):
        return [token[at : at + 2] for at in range(max(len(token) - 1, 1))]
    parts = (part for part in _PART.findall(token) if len(part) > 1)
    return [fold(part)[:KEY_LENGTH] for part in parts if not (part.isdigit() and len(part) > _LONGEST_NUMBER)]


def split(marked: str) -> list[str]:
    """Returns the tokens of a text: words, identifiers, marks and quotes."""
    return _TOKEN.findall(marked)


def terms_of(marked: str, exception: str, usage: Callable[[str], Usage]) -> tuple[list[str], list[Term]]:
    """Returns the tokens of a masked message that count, in lower case, and its terms.

    exception  the last part of the name of its exception, folded
    """
    tokens = list(_tokens(marked))
    kept: list[str] = []
    terms: list[Term] = []
    for at, token in enumerate(tokens):
        keys = keys_of(token.text)
        if keys or token.text == GAP:
            kept.append(token.text.lower().strip(f".:-{PLACE}").rstrip("/"))
        if not keys:
            continue
        around = _traits_of(tokens, at, exception, usage)
        is_exception = bool(_EXCEPTION.search(token.text)) or fold(_last_part(token.text)) == exception
        for number, key in enumerate(keys):
            traits = (*_word_traits(key, number, keys, usage), *around)
            terms.append(Term(key, len(kept) - 1, traits, is_exception, PLACE in token.text, token.in_quotes))
    return kept, terms


def _tokens(marked: str) -> Iterator[_Token]:
    in_quotes, depth, last = False, 0, None
    for text in split(marked):
        if text in _QUOTES:
            in_quotes = not in_quotes
        elif text in "()":
            depth = depth + 1 if text == "(" else max(depth - 1, 0)
        elif text in _STOPS:
            if last is not None:
                last.stop = text
        else:
            if last is not None:
                yield last
            last = _Token(text, in_quotes, depth > 0)
    if last is not None:
        yield last


def _last_part(token: str) -> str:
    return token.strip(".:").rsplit(".", 1)[-1]


def _word_traits(key: str, number: int, keys: list[str], usage: Callable[[str], Usage]) -> list[float]:
    used = usage(key)
    flags = (number == len(keys) - 1, number == 0, len(key) <= _SHORT, bool(_IS_UNSPACED.search(key)))
    return [*used, used.rarity**2, min(len(keys), _MANY_PARTS) / _MANY_PARTS, *map(float, flags)]


def _traits_of(tokens: list[_Token], at: int, exception: str, usage: Callable[[str], Usage]) -> list[float]:
    token, count = tokens[at], len(tokens)
    text, before = token.text, tokens[at - 1] if at else None
    flags = (
        token.in_quotes, token.in_brackets, "/" in text, "." in text.strip("."), "_" in text, "-" in text.strip("-"),
        bool(_CAMEL.search(text)), text.isupper() and len(text) > 1, text[0].isupper() and at > 0, text[0] == "/",
        bool(_FILE.search(text)), at == 0, at == count - 1, PLACE in text, bool(_EXCEPTION.search(text)),
        fold(text) == exception, token.stop == ":", before is not None and before.stop == ":",
        before is not None and before.text == GAP, at + 1 < count and tokens[at + 1].text == GAP,
    )  # fmt: skip
    place = [at / max(count, 1), min(count, _MANY_TOKENS) / _MANY_TOKENS]
    after = (_is_preposition(tokens, at - 1), _is_preposition(tokens, at - 2))
    beside = [value for step in (-2, -1, 1) for value in _beside(tokens, at + step, usage)]
    return [*map(float, (*flags, *after)), *place, *beside]


def _is_preposition(tokens: list[_Token], at: int) -> bool:
    return at >= 0 and fold(tokens[at].text) in _PREPOSITIONS


def _beside(tokens: list[_Token], at: int, usage: Callable[[str], Usage]) -> tuple[float, float]:
    """Returns how rare a neighbour is, and how often it stands in prose; -1 for none."""
    keys = keys_of(tokens[at].text) if 0 <= at < len(tokens) else []
    if not keys:
        return -1.0, -1.0
    used = usage(keys[-1])
    return used.rarity, used.prose
