"""The names of secrets: the words of all languages as one expression, and what each of them stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain

from sessions.redaction.words import ENGLISH, LANGUAGES


class NameKind(StrEnum):
    """What a name says about its value."""

    PASSWORD = "password"  # noqa: S105
    KEY = "key"
    TOKEN = "token"  # noqa: S105
    PIN = "pin"
    CODES = "codes"
    SEED = "seed"


class _Tree(dict[str, "_Tree"]):
    """A prefix tree of words; the key "" ends a word."""


def fold(text: str) -> str:
    """Returns the text in lower case, character by character, so that columns stay the same."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ς", "σ").replace("’", "'")


def words(listed: str) -> list[str]:
    """Returns the entries of a comma-separated list."""
    return [word.strip() for word in listed.split(",") if word.strip()]


def alternation(listed: Iterable[str]) -> str:
    """Returns an expression for any of the words, the longest first, that reads each character once (a prefix tree)."""
    root = _Tree()
    for word in listed:
        tree = root
        for char in word:
            tree = tree.setdefault(char, _Tree())
        tree[""] = _Tree()
    return _expression(root)


def _expression(tree: _Tree) -> str:
    branches = [re.escape(char) + _expression(below) for char, below in sorted(tree.items()) if char]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and "" not in tree else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if "" in tree else joined


def needles(listed: Iterable[str]) -> tuple[str, ...]:
    """Returns the shortest words such that each of the words contains one of them."""
    shortest: list[str] = []
    for word in sorted(set(listed), key=lambda word: (len(word), word)):
        if not any(needle in word for needle in shortest):
            shortest.append(word)
    return tuple(shortest)


def spellings(name: str) -> set[str]:
    """Returns a name as written in prose, in code and without accents, composed or not."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)).replace("ł", "l")
    forms = {name, unicodedata.normalize("NFD", name)} | ({bare} if bare.isascii() else set())
    return {fold(form).replace(" ", gap) for form in forms for gap in (" ", "_", "-", "")}


def _all(field: str) -> Iterator[str]:
    """Yields the words of a field in all languages."""
    return chain.from_iterable(words(getattr(language, field)) for language in LANGUAGES)


def _spelled(names: Iterable[str]) -> frozenset[str]:
    return frozenset(chain.from_iterable(map(spellings, names)))


# From the least strict kind to the strictest, which decides: "parola" is a token in one language, a password in others.
_FIELDS = {
    NameKind.TOKEN: "tokens",
    NameKind.KEY: "keys",
    NameKind.PASSWORD: "passwords",
    NameKind.PIN: "pins",
    NameKind.CODES: "codes",
    NameKind.SEED: "seeds",
}

NAMES = {spelling: kind for kind, field in _FIELDS.items() for name in _all(field) for spelling in spellings(name)}
NAME = re.compile(alternation(NAMES))
NAME_HINT = re.compile(alternation(needles(NAMES)))
ENGLISH_NAMES = _spelled(words(f"{ENGLISH.passwords}, {ENGLISH.keys}, {ENGLISH.tokens}"))
ACCOUNTS = _spelled(_all("accounts"))
OWNERS = frozenset(_all("of"))
SORTS = frozenset(_all("sorts"))
STATES = frozenset(_all("states"))
PARTICLES = frozenset(_all("particles"))
USING = frozenset(_all("using"))
CONJUNCTIONS = frozenset(_all("conjunctions"))
FUNCTION_WORDS = _spelled(_all("function"))
ABOUT = _spelled(_all("about")) | frozenset(NAMES)
SAMPLES = _spelled(_all("samples"))
DESCRIBES = frozenset(_all("describes"))
# What precedes a name that is not a secret's, whatever its kind.
NEVER_SECRET = frozenset(_all("never"))
# What precedes a token that gives no access.
NO_SECRET = NEVER_SECRET | frozenset(_all("tokens_of"))

# What may follow a name inside an identifier that is still the secret's: PASSWORD_PROD, SECRET_KEY_BASE.
ENDINGS = frozenset(
    words(
        "base, prod, production, dev, develop, development, test, testing, qa, uat, stage, staging, live, local, "
        "main, default, old, new, current, previous, prev, val, value, str, string, text, plain, plaintext, raw, "
        "b64, base64, hex, primary, secondary, root, admin, user, db, database, ci, env, app, web, api, server, "
        "client, master, replica, backup, temp, tmp, demo, sandbox"
    )
)
