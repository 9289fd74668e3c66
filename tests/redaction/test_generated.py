"""Random values of each kind are masked in each form, and nothing a rule finds escapes the quick look before it."""

from __future__ import annotations

import itertools
import random
import re
import string
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions.redaction import redact
from sessions.redaction.accounts import ACCOUNT_HINT
from sessions.redaction.command_lines import COMMANDS, PROGRAM_HINT
from sessions.redaction.mask import is_hinted
from sessions.redaction.names import ACCOUNTS, NAME_HINT, NAMES, fold
from sessions.redaction.rules import RULES, UNHINTED, Rule

EACH = 2_000
DICE = random.Random(13)
SURE = string.ascii_letters + string.digits
MARKS = "!@#%^&*-_+=?.~"
WORDS = (
    "river",
    "lamp",
    "stone",
    "orbit",
    "cactus",
    "violin",
    "anchor",
    "maple",
    "tunnel",
    "copper",
    "falcon",
    "drift",
)


def some(letters: str, least: int, most: int) -> Callable[[], str]:
    return lambda: "".join(DICE.choice(letters) for _ in range(DICE.randint(least, most)))


KINDS: dict[str, Callable[[], str]] = {
    "hex": some("0123456789abcdef", 12, 64),
    "hex in capitals": some("0123456789ABCDEF", 12, 64),
    "lower letters": some(string.ascii_lowercase, 8, 24),
    "upper letters": some(string.ascii_uppercase, 8, 24),
    "mixed letters": some(string.ascii_letters, 8, 24),
    "digits": some(string.digits, 7, 16),
    "base64": some(SURE + "+/", 24, 64),
    "short base64": some(SURE + "+/", 14, 20),
    "base64url": some(SURE + "-_", 20, 64),
    "letters and digits": some(SURE, 8, 32),
    "with marks": some(SURE + MARKS, 10, 24),
}
QUOTED_KINDS = KINDS | {
    "words": lambda: " ".join(DICE.choice(WORDS) for _ in range(DICE.randint(2, 6))),
    "groups of letters": lambda: " ".join(some(string.ascii_lowercase, 3, 8)() for _ in range(DICE.randint(2, 5))),
    "any marks": some(SURE + MARKS + "(){}[],;:/$", 12, 24),
}
FORMS = (
    "API_KEY={}", "DB_PASSWORD={}", "export SECRET_KEY={}", "SECRET_KEY_BASE={}", "api_key = {}", "password: {}",
    "  client_secret: {}", "api_token: {}", "- **Password**: `{}`", "| password | {} |", "tool --password={} run",
    "Passwort: {}", "Mot de passe : {}", "contraseña: {}", "senha: {}", "wachtwoord: {}", "parolă: {}", "пароль: {}",
    "密码：{}", "パスワード: {}", "비밀번호: {}", "كلمة المرور: {}",
    "Server=db;Password={};", "spring.datasource.password={}",
)  # fmt: skip
QUOTED_FORMS = (
    '"password": "{}"', "DB_PASSWORD='{}'", 'api_key = "{}"', '  secret: "{}"', "tool --password '{}'", "$pwd = '{}';",
    "const authToken = '{}';", "'api_key' => '{}',", 'os.environ["DB_PASSWORD"] = "{}"', '\\"password\\": \\"{}\\"',
)  # fmt: skip


def leaking(kind: Callable[[], str], forms: tuple[str, ...]) -> list[str]:
    """Lines whose value is still readable. A value that holds a mask's asterisks is not tried."""
    values = (value for value in iter(kind, None) if "**" not in value and not value.startswith("-"))
    lines = [(form, value) for form, value in zip(itertools.cycle(forms), itertools.islice(values, EACH), strict=False)]
    return [form.format(value) for form, value in lines if value in redact(form.format(value)).text]


@pytest.mark.parametrize("kind", KINDS)
def test_no_random_value_survives(kind: str) -> None:
    assert leaking(KINDS[kind], FORMS) == []


@pytest.mark.parametrize("kind", QUOTED_KINDS)
def test_no_random_value_survives_in_quotes(kind: str) -> None:
    assert leaking(QUOTED_KINDS[kind], QUOTED_FORMS) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_a_rule_finds_is_hinted(rule: Rule, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(rule.pattern))
    for match in rule.pattern.finditer(text):
        assert rule in UNHINTED or any(needle in fold(match[0]) for needle in rule.needles)
        assert is_hinted(text)


@pytest.mark.parametrize(
    ("hint", "listed"),
    [
        (NAME_HINT, list(NAMES)),
        (ACCOUNT_HINT, list(ACCOUNTS)),
        (PROGRAM_HINT, [program for command in COMMANDS for program in command.programs]),
    ],
)
def test_every_word_is_hinted(hint: re.Pattern[str], listed: list[str]) -> None:
    assert [word for word in listed for form in (word, word.upper(), word.title()) if not hint.search(fold(form))] == []


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from([*FORMS, *QUOTED_FORMS, "*", "|", "`", ": ", "Kestrel88", " / ", "login ", "PIN 4821", "\n"])
    )
)
def test_masking_twice_changes_nothing(parts: list[str]) -> None:
    once = redact("".join(part.replace("{}", "Kestrel88") for part in parts))
    assert redact(once.text).text == once.text
    lines = once.text.split("\n")
    assert all(lines[f.line - 1][f.start : f.end] == f.masked for f in once.findings)


@given(st.text())
def test_folding_keeps_columns(text: str) -> None:
    assert len(fold(text)) == len(text)
