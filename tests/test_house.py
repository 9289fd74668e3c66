"""The rules of the house: sizes and layers, and that every setting and command is documented."""

from __future__ import annotations

import ast
import graphlib
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    p
    for folder in ("kb", "sessions", "training")
    for p in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in p.parts
]
# From the bottom up: a module imports only from its own layer and those listed before it. It belongs to the layer with
# the longest name that is a prefix of its own.
LAYERS = (
    ("sessions.records",),
    ("sessions.text", "sessions.parsing.vocabulary"),
    ("sessions.redaction",),
    ("sessions.parsing",),
    ("sessions.meaning",),
    (
        "sessions.project_names",
        "sessions.sources",
    ),
    ("sessions.models",),
    ("sessions.storing", "sessions.admin", "sessions.apps"),
    ("kb.conf",),
    ("kb.settings", "kb.wsgi"),
    ("kb.models",),
    ("kb.corrections",),
    ("kb.people",),
    ("kb.grouping",),
    ("kb.linking",),
    ("kb.next_steps",),
    ("kb.search.index",),
    ("kb.review.doubts",),
    ("kb.importing", "kb.review"),
    ("kb.learning",),
    ("kb.search.language",),
    ("kb.queries",),
    ("kb.search",),
    ("kb.people.saved_searches",),
    ("kb.display",),
    ("kb.forms",),
    ("kb.templatetags",),
    ("kb.api",),
    ("kb.views",),
    ("kb.urls", "kb.admin", "kb.apps", "kb.management"),
    ("training",),
)
WITHOUT_DJANGO = ("sessions.text", "sessions.records", "sessions.redaction", "sessions.parsing", "sessions.meaning")
DOCS = "\n".join(p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name: path for path in SOURCES if (name := module_name(path)) not in ("kb", "sessions")}


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it. A name taken from a package counts as a module if it is one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            members = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from {member if member in MODULES else node.module for member in members}


def own_imports() -> dict[str, set[str]]:
    """The import graph of our own modules."""
    return {name: {target for target in imported(path) if target in MODULES} for name, path in MODULES.items()}


def is_within(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def layer_of(module: str) -> int:
    fitting = [(len(name), at) for at, names in enumerate(LAYERS) for name in names if is_within(module, name)]
    assert fitting, f"{module} has no layer: give its package one in LAYERS"
    return max(fitting)[1]


def test_functions_are_short() -> None:
    sizes = dict(pair for path in SOURCES for pair in functions(path))
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert statistics.median(sizes.values()) <= 9


def test_files_are_short() -> None:
    sizes = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}
    assert {name: size for name, size in sizes.items() if size > 300} == {}


def test_imports_point_down() -> None:
    upwards = [
        f"{module} imports {target}"
        for module, targets in own_imports().items()
        for target in targets
        if layer_of(target) > layer_of(module)
    ]
    assert upwards == []


def test_imports_have_no_circle() -> None:
    """Raises CycleError, which names the circle."""
    graphlib.TopologicalSorter(own_imports()).prepare()


@pytest.mark.parametrize("package", WITHOUT_DJANGO)
def test_reading_needs_no_django(package: str) -> None:
    wrong = [
        f"{name} imports {target}"
        for name, path in MODULES.items()
        if is_within(name, package)
        for target in imported(path)
        if is_within(target, "django")
    ]
    assert wrong == []


def test_there_is_one_clock() -> None:
    """Today depends on the reader: only `kb.people.clock` knows it, and no datetime is without a time zone."""
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
