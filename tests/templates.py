"""The templates, and those that do not follow the rules of the house yet."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "templates"
LINE_LENGTH = 120
DJADE = (str(Path(sys.executable).with_name("djade")), "--target-version", "5.2")
# Shrinks to nothing: a template that is rewritten leaves the list.
UNFINISHED = frozenset({
    "coverage.html", "decide.html", "decide_items.html", "handover.html", "import.html", "import_run.html",
    "issue.html", "issue_merged.html", "issues.html", "item.html", "item_merged.html", "next_steps.html", "rules.html",
    "search.html", "secrets.html", "staged.html", "teach.html", "tokens.html",
    "includes/_answer.html", "includes/_closing.html", "includes/_hit.html", "includes/_issue_row.html",
    "includes/_item_facts.html", "includes/_item_row.html", "includes/_item_tools.html", "includes/_mentions.html",
    "includes/_met_issues.html", "includes/_missing.html", "includes/_notice.html", "includes/_paste.html",
    "includes/_run_counts.html", "includes/_share.html", "includes/_staged_file.html", "includes/_standing.html",
    "includes/_verdict.html",
})  # fmt: skip


def name_of(template: Path) -> str:
    return template.relative_to(FOLDER).as_posix()


def all_templates() -> list[Path]:
    return sorted(FOLDER.rglob("*.html"))


def finished_templates() -> list[Path]:
    return [template for template in all_templates() if name_of(template) not in UNFINISHED]
