"""Pairs of a user and a password after a word for an account: "Login: mail / password"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.redaction.harmless import (
    is_digest,
    is_mixed,
    is_path,
    is_placeholder,
    is_technical,
    is_word,
    names_something,
)
from sessions.redaction.names import ACCOUNTS, CONJUNCTIONS, NAME, USING, alternation, fold, needles
from sessions.redaction.spans import MASK, Span

ACCOUNT_HINT = re.compile(alternation(needles(ACCOUNTS)))
_SPACED = alternation(name for name in ACCOUNTS if ord(name[0]) < 0x800)  # scripts with spaces between words
_UNSPACED = alternation(name for name in ACCOUNTS if ord(name[0]) >= 0x800)
_ACCOUNT = re.compile(rf"(?<![^\W\d_]){_SPACED}(?![^\W\d_])|{_UNSPACED}")
_MARKS = r"[ \t`*_\"'(（「]{0,6}"
_USER = r"(?P<user>[\w.+-]{1,60}@[\w.-]{2,60}|[\w.+@-]{2,60})"
_PAIR = re.compile(
    rf"[^\n:：(（|]{{0,30}}?(?:[:：(（|]|→|->|=>|\b{alternation(USING)}\b){_MARKS}"
    rf"(?:\w{{2,12}}[ \t]+)?{_MARKS}{_USER}"
    rf"[`\"'*]{{0,3}}(?P<joint>[ \t]*[/:|／：,][ \t]*|[ \t]+{alternation(CONJUNCTIONS)}[ \t]+)"
    r"[`\"'*「]{0,3}(?P<secret>[^\s`\"'/|（）()「」<>]{4,100})(?![\w/])"
)
_END = re.compile(r"[ \t]*(?:$|[`*_\"')\]|,.;<）」]|-|—|–)")
_SAYS_USER = re.compile(r"\buser[ \t]+[`\"'*]{0,3}$")


def account_secrets(line: str) -> Iterator[Span]:
    """Yields the second part of each pair after a word for an account."""
    end = 0
    for match in _ACCOUNT.finditer(fold(line)):
        if match.start() < end:
            continue
        pair = _PAIR.match(line, match.end())
        if pair:
            secret = pair["secret"].rstrip(".,;:*")
            start = pair.start("secret")
            after = start + len(secret)
            explicit = bool(_SAYS_USER.search(line[match.start() : pair.start("user")]))
            if _is_password(secret, pair["user"], pair["joint"].strip(), line[after : after + 12], explicit=explicit):
                end = after
                yield Span("login pair", start, end)


def _is_password(secret: str, user: str, joint: str, rest: str, *, explicit: bool) -> bool:
    """Whether the second part is a password: next to an address any field, elsewhere letters mixed with digits."""
    if MASK in secret or len(secret) < 4 or _is_harmless(secret) or is_technical(user) or user.isdigit():
        return False
    if "@" in user or (explicit and joint == "/" and not is_word(user)):
        return bool(_END.match(rest)) and "@" not in secret
    if is_digest(secret) or is_digest(user) or joint not in "/／:：|":
        return False
    return len(secret) >= 5 and is_mixed(secret) and secret[0].isalnum() and "=" not in secret


def _is_harmless(secret: str) -> bool:
    if is_placeholder(secret) or is_word(secret) or is_technical(secret) or is_path(secret):
        return True
    return names_something(secret) or bool(NAME.fullmatch(fold(secret)))
