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
