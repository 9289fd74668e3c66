"""Secrets known by their name: the value after it is masked, unless it is harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.redaction import harmless
from sessions.redaction.accounts import ACCOUNT_HINT
from sessions.redaction.labels import Form, Named, named_places, word_before
from sessions.redaction.names import ACCOUNTS, CONJUNCTIONS, NAME, PARTICLES, SORTS, NameKind, alternation, fold
from sessions.redaction.spans import MASK, Span
from sessions.redaction.values import Value, read_phrase, read_value, whole_end

_PIN = re.compile(r"\d{4,8}|\d{3}[ -]\d{3}|[A-Z0-9]{3,5}-[A-Z0-9]{3,5}")
_CODE = r"(?=[A-Za-z-]{0,12}\d)[A-Za-z0-9]{4,16}(?:-[A-Za-z0-9]{3,16}){0,5}"
_CODES = re.compile(rf"{_CODE}(?:(?:[ ,;/|、]|\b{alternation(CONJUNCTIONS)}\b|`){{1,5}}{_CODE}){{0,30}}")
_SEED = re.compile(
    r"[A-Za-z2-7]{4}(?:[ -][A-Za-z2-7]{4}){3,15}(?![A-Za-z])|(?:[a-z]{3,8}[ ,]{1,2}){11,23}[a-z]{3,8}(?![a-z])"
)
# What a log line says of a token that is not a secret.
_FIELDS = re.compile(r"[a-z]{3,12}\d?=%[dqsv]|[A-Z][a-z]{2,12}=\[|ID=\w+")
_JOINT = re.compile(r"[_./]")
_WORDLIKE = re.compile(r"\w")
_SHELL = re.compile(r"[/|$=]|(?:^|\s)-")
_LETTERS_JOINED = re.compile(r"[^\W\d]*(?:[.-][^\W\d]*)*")
_CODE_MARK = re.compile(r"[()=\[\]{}]")
_SHORTEST = {NameKind.PASSWORD: 4, NameKind.KEY: 6, NameKind.TOKEN: 6}
# The value belongs to the name that follows.
_NAME_AGAIN = re.compile(rf"[ \t]?{NAME.pattern}[\"']?(?:[=:：]|{alternation(PARTICLES)})")
_SPECIAL = {NameKind.PIN: _PIN, NameKind.CODES: _CODES, NameKind.SEED: _SEED}
# Names that are also verdicts of tests or words for an account.
_AMBIGUOUS = frozenset({"pass", "pw"}) | ACCOUNTS
_FIRST_SYLLABLE = 0x2E80  # Chinese, Japanese and Korean begin here; passwords are typed in the scripts before


def named_secrets(line: str) -> Iterator[Span]:
    """Yields the values of all names in the line."""
    end = 0
    for named in named_places(line):
        if named.start >= end:
            span = _span(line, named)
            if span:
                end = span.end
                yield span


def _span(line: str, named: Named) -> Span | None:
    if _NAME_AGAIN.match(fold(line[named.at : named.at + 60])):
        return None
    value = read_value(line, named.at)
    if not value or MASK in value.text or (named.form is Form.QUOTED and not value.quote):
        return None
    if named.name in _AMBIGUOUS and not _is_certain(line, named, value):
        return None
    special = _special(line, named, value)
    if special or named.kind in _SPECIAL:
        return special
    if is_secret(line, named, value):
        return Span(named.form.value, value.start, whole_end(line, value))
    if (
        named.kind is NameKind.PASSWORD
        and named.form in (Form.LABELLED, Form.CELL)
        and not value.quote
        and not named.owned
    ):
        phrase = read_phrase(line, value.start)
        if phrase and not harmless.is_prose(phrase.text, quoted=False):
            return Span(named.form.value, phrase.start, phrase.end)
    return None


def _special(line: str, named: Named, value: Value) -> Span | None:
    """Returns the span of a short code, a list of codes or a seed, whose values have their own shape."""
    pattern = _SPECIAL.get(named.kind)
    match = pattern.match(line, value.start) if pattern else None
    if not match or (named.kind is NameKind.PIN and not _ends_field(line, match.end())):
        single = (
            named.kind in (NameKind.SEED, NameKind.CODES) and len(value.text) >= 16 and harmless.is_mixed(value.text)
        )
        return (
            Span(named.form.value, value.start, whole_end(line, value))
            if single and is_secret(line, named, value)
            else None
        )
    return Span(named.form.value, match.start(), match.end())


def _is_certain(line: str, named: Named, value: Value) -> bool:
    """Whether an ambiguous name is a password's: as a quoted key, as a setting, or with a mixed value."""
    if named.name in ACCOUNTS:
        return "/" not in value.text
    before, written = line[max(0, named.start - 1) : named.start], line[named.start : named.start + len(named.name)]
    if (
        named.form is Form.OPTION
        or (before == "_" or before.islower())
        or (named.name == "pw" and not written.isupper())
    ):
        return True
    if named.form not in (Form.ASSIGNED, Form.LABELLED) or (written.isupper() and named.name == "pass"):
        return False
    if named.form is Form.ASSIGNED or value.quote in ('"', "'"):
        return True
    return harmless.is_mixed(value.text) and value.is_last and not _JOINT.search(value.text)


def _ends_field(line: str, end: int) -> bool:
    return Value("", end, end, "", line[end : end + 20]).is_last


def is_secret(line: str, named: Named, value: Value) -> bool:
    """Whether the value is a secret: not a placeholder, a reference or a word, as strictly as its form demands."""
    text = value.text
    shortest = 4 if named.form in (Form.ASSIGNED, Form.OPTION) else _SHORTEST.get(named.kind, 6)
    if len(text) < shortest or not _WORDLIKE.search(text) or harmless.is_placeholder(text):
        return False
    if value.quote in ("", "`") and harmless.is_reference(text, value.rest):
        return False
    if named.form in (Form.STATED, Form.QUOTED) or named.owned:
        return _is_secret_in_prose(line, named, value)
    if " " in text.strip():
        return _is_passphrase(named, value)
    return not _is_word(named, value)


def _is_word(named: Named, value: Value) -> bool:
    """Whether a word, identifier, path or term is in the place of a secret."""
    text = value.text
    humps = not value.quote and not named.in_capitals
    if harmless.is_word(text) or harmless.names_something(text, humps=humps) or harmless.is_path(text):
        return True
    if _is_weak(named) and (
        harmless.is_identifier(text) or harmless.SHORT_COUNT.fullmatch(text) or _FIELDS.match(text)
    ):
        return True
    if any(ord(char) >= _FIRST_SYLLABLE for char in text) or (_is_weak(named) and not value.quote and "::" in text):
        return True
    if (
        named.form is Form.ASSIGNED
        and not value.quote
        and text.isalpha()
        and not value.is_last
        and (_is_weak(named) or not named.name.isascii())
    ):
        return True
    if named.form is Form.ASSIGNED:
        return harmless.is_technical(text) and not value.quote and _is_weak(named)
    return harmless.is_technical(text) or _is_aside(named, value)


def _is_weak(named: Named) -> bool:
    """Whether the name has other meanings, which the setting of an environment does not."""
    return named.kind is NameKind.TOKEN and not (named.form is Form.ASSIGNED and named.in_capitals)


def _is_aside(named: Named, value: Value) -> bool:
    """Whether the value is an unquoted word followed by others, a verdict ("PASS: …") or a word in another script."""
    text = value.text
    if value.quote in ('"', "'", "`"):
        return not text.isascii() and text.isalpha() and not _is_alphabetic(text)
    if text.replace("-", "").replace("'", "").isalpha():
        return not text.isascii() or not value.is_last
    if not named.name.isascii() and any(ord(char) >= _FIRST_SYLLABLE for char in text):
        return True
    if named.kind is NameKind.TOKEN and not value.is_last and not harmless.is_mixed(text):
        return True
    return not text[0].isascii() and not text[0].isalpha()


def _is_alphabetic(text: str) -> bool:
    """Whether the text is in a script that passwords are typed in: Latin, Greek, Cyrillic, Arabic."""
    return all(ord(char) < 0x800 for char in text)


def _is_passphrase(named: Named, value: Value) -> bool:
    text = value.text
    if value.quote == "`" and _SHELL.search(text):
        return False
    if not all(ord(char) < 0x800 or not char.isalpha() for char in text):
        return False
    return not harmless.is_prose(text, quoted=named.form is Form.ASSIGNED or value.quote in ('"', "'"))


def _is_secret_in_prose(line: str, named: Named, value: Value) -> bool:
    """Whether a value in a sentence looks unlike any word: mixed with digits or marks, and not a hash, path or term."""
    text = value.text
    given = value.quote and _is_given(line, named)
    if " " in text:
        return bool(given) and value.quote != "`" and _is_words(text) and not harmless.is_prose(text, quoted=True)
    if harmless.is_word(text) or harmless.names_something(text) or harmless.is_path(text):
        return False
    if harmless.is_digest(text) or harmless.is_technical(text) or (not text.isascii() and not value.quote):
        return named.owned and harmless.is_digest(text) and len(text) >= 16
    if text.isalpha() and text.isascii():
        return bool(given) or (named.owned and named.kind is not NameKind.TOKEN and value.is_last)
    if named.owned or value.quote:
        return not _LETTERS_JOINED.fullmatch(text)
    return harmless.is_mixed(text) and not _is_code(text)


def _is_given(line: str, named: Named) -> bool:
    """Whether the words before announce a password in quotes: "temp password", "user `dana`, password"."""
    before = fold(line[max(0, named.start - 40) : named.start])
    said = named.name.startswith("passphrase") or named.form is Form.STATED
    return named.kind is NameKind.PASSWORD and (
        said or word_before(before, len(before)) in SORTS or bool(ACCOUNT_HINT.search(before))
    )


def _is_words(text: str) -> bool:
    """Whether the text consists of words, some of which may be numbers ("blue horse 42")."""
    words = text.split()
    return all(word.isalnum() for word in words) and any(word.isalpha() for word in words)


def _is_code(text: str) -> bool:
    return len(text) < 6 or harmless.is_identifier(text) or bool(_CODE_MARK.search(text))
