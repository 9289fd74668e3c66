"""The texts that are made from a regular expression: they lead to each repeat, pump it and fail behind it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bench.probes import probes

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(\d{1,2})\s+((?:[^\W\d]+[ ]?){1,3})[:(]", r"\d\s[^\W\d]{90,}[^\w:(\s]"),  # armed by a number
        (r"(?:ab|cd)+\s*x", r"(?:ab|cd)\s{90,}[^x\s]"),  # behind another repeat
        (r"(?<=key)=[^;]*\s*;", r"key=\s{90,}"),  # armed by what stands before; a character that both repeats take
        (r"(a+)+$", r"a{90,}[^a]"),
        (r"(['\"])[^'\"]*\1", r"['\"][^'\"]{90,}"),
    ],
)
def test_each_repeat_is_pumped_behind_what_leads_to_it(pattern: str, text: str) -> None:
    made = [probe.text(100) for probe in probes(re.compile(pattern))]
    assert any(re.fullmatch(text, one) for one in made), made[:5]


def test_a_probe_has_the_size_asked_for() -> None:
    for probe in probes(re.compile(r"x(?:ab)*y{0,9}z")):
        assert 100 <= len(probe.text(100)) + len(probe.body) <= 110


def test_expressions_have_names() -> None:
    """One that is written where it is used is seen by no benchmark."""
    calls = {"sub", "subn", "findall", "finditer", "search", "match", "fullmatch", "split"}
    for folder in ("sessions/parsing", "sessions/meaning", "sessions/redaction"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re":
                    assert node.attr not in calls, f"{path.name}:{node.lineno}"
