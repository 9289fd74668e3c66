"""What a secret is called: the words of all languages as one expression, and what each of them stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain

from sessions.redaction.words import LANGUAGES


class NameKind(StrEnum):
    """What a name promises of its value."""

    PASSWORD = "password"  # noqa: S105
    KEY = "key"
    TOKEN = "token"  # noqa: S105
    PIN = "pin"
    CODES = "codes"
    SEED = "seed"


class _Tree(dict[str, "_Tree"]):
    """Words by their characters; the key "" ends a word."""


def fold(text: str) -> str:
    """The text in lower case, character by character, so that columns stay what they are."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ς", "σ").replace("’", "'")


def words(listed: str) -> list[str]:
    """The entries of a list separated by commas."""
    return [word.strip() for word in listed.split(",") if word.strip()]


def alternation(listed: Iterable[str]) -> str:
    """An expression for any of the words, the longest first, that looks at each character once (a prefix tree)."""
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
    """The shortest of the words that together are in every one of them."""
    found: list[str] = []
    for word in sorted(set(listed), key=lambda each: (len(each), each)):
        if not any(needle in word for needle in found):
            found.append(word)
    return tuple(found)


def spellings(name: str) -> set[str]:
    """A name as it is written in prose, in code and without its accents, composed or not."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)).replace("ł", "l")
    forms = {name, unicodedata.normalize("NFD", name)} | ({bare} if bare.isascii() else set())
    return {fold(form).replace(" ", gap) for form in forms for gap in (" ", "_", "-", "")}


def _names() -> Iterator[tuple[str, NameKind]]:
    for language in LANGUAGES:
        yield from ((name, NameKind.TOKEN) for name in words(language.tokens))
        yield from ((name, NameKind.KEY) for name in words(language.keys))
        yield from ((name, NameKind.PASSWORD) for name in words(language.passwords))
        yield from ((name, NameKind.PIN) for name in words(language.pins))
        yield from ((name, NameKind.CODES) for name in words(language.codes))
        yield from ((name, NameKind.SEED) for name in words(language.seeds))


def _every(listed: Iterable[str]) -> frozenset[str]:
    return frozenset(chain.from_iterable(spellings(name) for name in listed))


# A name of two languages means what the stricter says: "parola" is a word in one and a password in the other.
NAMES: dict[str, NameKind] = {spelling: kind for name, kind in _names() for spelling in spellings(name)}
NAME = re.compile(alternation(NAMES))
NAME_HINT = re.compile(alternation(needles(NAMES)))
ENGLISH = _every(
    chain.from_iterable(words(each) for each in (LANGUAGES[0].passwords, LANGUAGES[0].keys, LANGUAGES[0].tokens))
)
ACCOUNTS = _every(chain.from_iterable(words(language.accounts) for language in LANGUAGES))
OWNERS = frozenset(chain.from_iterable(words(language.of) for language in LANGUAGES))
SORTS = frozenset(chain.from_iterable(words(language.sorts) for language in LANGUAGES))
STATES = frozenset(chain.from_iterable(words(language.states) for language in LANGUAGES))
FUNCTION_WORDS = _every(chain.from_iterable(words(language.function) for language in LANGUAGES))
ABOUT = _every(chain.from_iterable(words(language.about) for language in LANGUAGES)) | frozenset(NAMES)

# What may follow a name inside an identifier, and the name still is the secret's: PASSWORD_PROD, SECRET_KEY_BASE.
ENDINGS = frozenset(
    words(
        "base, prod, production, dev, develop, development, test, testing, qa, uat, stage, staging, live, local, "
        "main, default, old, new, current, previous, prev, val, value, str, string, text, plain, plaintext, raw, "
        "b64, base64, hex, primary, secondary, root, admin, user, db, database, ci, env, app, web, api, server, "
        "client, master, replica, backup, temp, tmp, demo, sandbox"
    )
)
# What stands before a name that is no secret's, whatever the name: "LastPass", "public token", "without password".
NEVER_SECRET = frozenset(
    words("last, kee, ht, ch, mk, 1, by, com, public, palabra, without, no, validate, hash, hashed, compare")
)
# What stands before a token that is none of access: those of language models, parsers and designs.
NO_SECRET = NEVER_SECRET | frozenset(
    words(
        "max, min, total, num, n, count, input, output, prompt, completion, cached, design, css, color, colour, "
        "spacing, typography, special, stop, eos, bos, pad, unk, mask, unexpected, lexer, syntax, reasoning, "
        "semantic, theme, style, per, remaining, used, context, tres, generate, get, is, has, parse, decode, "
        "forgot"
    )
)
