"""The templates, and those that do not follow the rules of the house yet."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "templates"
LINE_LENGTH = 120
DJADE = (str(Path(sys.executable).with_name("djade")), "--target-version", "5.2")
# Shrinks to nothing: a template that is rewritten leaves the list.
UNFINISHED = frozenset({
    "coverage.html", "import.html", "import_run.html", "search.html", "secrets.html", "staged.html", "teach.html",
    "tokens.html",
    "includes/_answer.html", "includes/_hit.html", "includes/_missing.html", "includes/_paste.html",
    "includes/_run_counts.html", "includes/_share.html", "includes/_staged_file.html",
})  # fmt: skip


def name_of(template: Path) -> str:
    return template.relative_to(FOLDER).as_posix()


def all_templates() -> list[Path]:
    return sorted(FOLDER.rglob("*.html"))


def finished_templates() -> list[Path]:
    return [template for template in all_templates() if name_of(template) not in UNFINISHED]
