"""The rules of the house for pages: templates one can read, and views that ask the database by named queries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.templates import LINE_LENGTH, all_templates, name_of

ROOT = Path(__file__).resolve().parent.parent
QUERY = re.compile(r"\.objects\b|\b_default_manager\b")


def has_long_lines(template: Path) -> bool:
    return any(len(line) > LINE_LENGTH for line in template.read_text(encoding="utf-8").splitlines())


def test_lines_of_templates_fit_the_screen() -> None:
    assert {name_of(template) for template in all_templates() if has_long_lines(template)} == set()


def test_a_style_has_a_line_for_each_declaration_or_a_few() -> None:
    """Three to a line at most, so that a change of one shows as a change of one."""
    for sheet in (ROOT / "static" / "css").glob("*.css"):
        lines = sheet.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if len(line) > LINE_LENGTH or line.count(";") > 3] == [], sheet.name


@pytest.mark.parametrize("folder", ["views", "forms", "display", "templatetags"])
def test_only_queries_ask_the_database(folder: str) -> None:
    modules = (ROOT / "kb" / folder).glob("*.py")
    asking = {module.name for module in modules if QUERY.search(module.read_text(encoding="utf-8"))}
    assert asking == set()
