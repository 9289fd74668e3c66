"""The rules of the house: sizes, layers, and that what users can set or call is documented."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    p for folder in ("kb", "sessions") for p in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in p.parts
]
DOCS = "\n".join(p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_functions_are_short() -> None:
    sizes = dict(pair for path in SOURCES for pair in functions(path))
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert statistics.median(sizes.values()) <= 9


def test_files_are_short() -> None:
    sizes = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}
    assert {name: size for name, size in sizes.items() if size > 300} == {}


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [("sessions/parsing", "django"), ("sessions/redaction", "django"), ("sessions", "kb"), ("sessions/parsing", "kb")],
)
def test_layers_hold(folder: str, forbidden: str) -> None:
    files = [path for path in SOURCES if path.is_relative_to(ROOT / folder)]
    wrong = [(path.name, name) for path in files for name in imported(path) if name.split(".")[0] == forbidden]
    assert wrong == []


def test_there_is_one_clock() -> None:
    """The day it is depends on who asks: `kb.people.clock.today` alone knows, and no moment is without its zone."""
    clock = re.compile(r"\b(?:date|datetime|dt)\.(?:today|now|utcnow)\(|\blocaldate\(\)")
    wrong = [p.name for p in SOURCES if p.name != "clock.py" and clock.search(p.read_text(encoding="utf-8"))]
    assert wrong == []


def test_nothing_is_left_to_do_in_the_code() -> None:
    marks = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")))
    vocabulary = ROOT / "sessions" / "parsing" / "vocabulary"
    wrong = [p.name for p in SOURCES if p.parent != vocabulary and marks.search(p.read_text(encoding="utf-8"))]
    assert wrong == []


def test_commands_are_documented() -> None:
    names = [path.stem for path in (ROOT / "kb/management/commands").glob("[a-z]*.py")]
    assert [name for name in names if f"manage.py {name}" not in DOCS] == []


def test_settings_are_documented() -> None:
    text = (ROOT / "kb/settings.py").read_text(encoding="utf-8")
    names = re.findall(r"env_(?:bool|int|list|text)\(\"([A-Z_]+)\"", text)
    assert [name for name in names if f"`{name}`" not in DOCS] == []
