"""The templates, and the tool that formats them."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "templates"
LINE_LENGTH = 120
DJADE = (str(Path(sys.executable).with_name("djade")), "--target-version", "5.2")


def name_of(template: Path) -> str:
    return template.relative_to(FOLDER).as_posix()


def all_templates() -> list[Path]:
    return sorted(FOLDER.rglob("*.html"))
