"""What is masked and what is left alone, from data: secrets.txt and harmless.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions.redaction import redact

FOLDER = Path(__file__).parent


def seeded() -> list[tuple[str, str]]:
    lines = (FOLDER / "secrets.txt").read_text(encoding="utf-8").splitlines()[1:]
    return [(line.partition("\t")[0].replace("+", ""), line.partition("\t")[2].replace("+", "")) for line in lines]


@pytest.mark.parametrize(("line", "secret"), seeded())
def test_a_secret_does_not_survive(line: str, secret: str) -> None:
    assert secret in line
    found = redact(f"# Log\n\n{line}\n\nend")
    assert secret not in found.text
    assert found.findings
    assert all(finding.line == 3 for finding in found.findings)


@pytest.mark.parametrize("line", (FOLDER / "harmless.txt").read_text(encoding="utf-8").splitlines())
def test_an_ordinary_line_is_left_alone(line: str) -> None:
    assert redact(line).text == line


@pytest.mark.parametrize(("line", "secret"), seeded())
def test_masking_twice_changes_nothing(line: str, secret: str) -> None:
    once = redact(line).text
    assert redact(once).text == once


def test_a_private_key_keeps_its_lines() -> None:
    begin, end = ("-----" + word + " RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
    found = redact(f"before\n{begin}\nMIIEabc123\nxyz\n{end}\nafter password: x")
    assert found.text.split("\n") == ["before", begin, "***", "***", end, "after password: x"]


def test_a_column_of_passwords_is_masked() -> None:
    found = redact("| user | password |\n|---|---|\n| dana | Kestrel88 |\n| lee | Osprey99 |\n\nKestrel88")
    assert found.text == "| user | password |\n|---|---|\n| dana | *** |\n| lee | *** |\n\nKestrel88"


def test_findings_point_at_the_mask() -> None:
    found = redact("a\nPassword: `Kestrel88`, token: abcd1234efgh")
    line = found.text.split("\n")[1]
    assert [line[finding.start : finding.end] for finding in found.findings] == ["***", "***"]


BEGIN, END = ("-----" + word + " RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
BODY = "MIIEowIBAAKCAQEA0Z3VS5JJcds3xfnq7Yd2WcT1"


@pytest.mark.parametrize(
    "line",
    [
        f"key: {BEGIN}{BODY}",
        f"key: {BEGIN}{BODY}{END}",
        f"{BEGIN} {BODY} {BODY} {END}",
        f'"key": "{BEGIN}\\n{BODY}\\n{BODY}\\n{END}\\n",',
        f"PRIVATE_KEY='{BEGIN}\\n{BODY}\\nAb1='",
        f"| key | {BEGIN}{BODY}{END} |",
        f"Private-Lines: 14 {BODY}",
    ],
)
def test_a_key_on_one_line_is_masked_whole(line: str) -> None:
    found = redact(f"before\n{line}\nAfter it\nlast line")
    assert BODY not in found.text
    assert "Ab1=" not in found.text
    assert found.text.split("\n")[2:] == ["After it", "last line"]
    assert redact(found.text).text == found.text


@pytest.mark.parametrize("lead", ["", "    ", "> ", "- ", "  | ", "> > ", '"', "+ "])
def test_a_key_is_masked_where_it_is_indented_quoted_or_listed(lead: str) -> None:
    key = [BEGIN, "Proc-Type: 4,ENCRYPTED", "", BODY, BODY, "Ab1=", END]
    found = redact("\n".join(lead + line for line in key) + "\n\nAfter it")
    assert BODY not in found.text
    assert "Ab1=" not in found.text
    assert found.text.split("\n")[1] == f"{lead}Proc-Type: 4,ENCRYPTED"
    assert found.text.endswith("\n\nAfter it")
    assert redact(found.text).text == found.text


@pytest.mark.parametrize(
    "after",
    ["and is 2 KB", "", "is what the file begins with.", f"and {END}", "..."],
)
def test_a_sentence_that_names_a_header_masks_nothing(after: str) -> None:
    text = f"The file starts with {BEGIN} {after}\nNext\nThe fix was to rotate it\n\n- one\n- two\nDone"
    assert redact(text).text == text


def test_a_key_that_never_ends_is_masked_up_to_its_last_line() -> None:
    found = redact(f"{BEGIN}\n{BODY}\n{BODY}\nThe rest was cut off.\nNext")
    assert found.text.split("\n") == [BEGIN, "***", "***", "The rest was cut off.", "Next"]


@pytest.mark.parametrize(
    "title", ["Password", "Passwort", "Mot de passe", "Contraseña", "Senha", "Wachtwoord", "Parolă", "Пароль", "密码",
              "パスワード", "비밀번호", "كلمة المرور", "Hasło", "Temp password", "API key", "Password (temporary)"],
)  # fmt: skip
def test_a_column_is_masked_in_every_language(title: str) -> None:
    found = redact(
        f"| User | {title} | Berth |\n|---|:---|---|\n| dana | ospreyfox | North |\n| lee | `q8Zk22mnP0` | |"
    )
    assert found.text == f"| User | {title} | Berth |\n|---|:---|---|\n| dana | *** | North |\n| lee | `***` | |"


@pytest.mark.parametrize(
    "table",
    [
        "| Parameter | Type | Description |\n|---|---|---|\n| password | string | What one signs in with |",
        "| Token | Meaning |\n|---|---|\n| spacing-4 | 16px |\n| identifier | a name |",
        "| Password | Berth |\n|---|---|\n| required | North |\n| see vault | South |",
        "| User | Password | Server |\n|---|---|---|\n| dana | ask Lee | north |",
        "| Secret | Value |\n|---|---|\n| `REMOTE_HOST` | north.example |",
    ],
)
def test_a_table_about_secrets_is_left_alone(table: str) -> None:
    assert redact(table).text == table
