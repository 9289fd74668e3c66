"""The handover of a project: what is in it, and that its Markdown raises the same open items when imported."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from kb.importing import Imported
from kb.importing.runs import begin, finish, import_content
from kb.models import ImportOrigin, Issue, TrackedStep
from kb.next_steps import triage
from kb.next_steps.triage import Action
from kb.next_steps.wording import normalised
from kb.queries.board import steps_with_status
from kb.queries.handover import as_markdown, handover
from sessions.models import Error, Log, Project
from tests.factories import FIXED, OPEN, log
from tests.next_steps.conftest import Leave

Ingest = Callable[..., Imported]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FIRST, LAST, TODAY = dt.date(2026, 3, 1), dt.date(2026, 3, 31), dt.date(2026, 4, 20)


def open_items(project: str) -> Counter[tuple[str, str, bool]]:
    found = steps_with_status(TODAY).filter(project__name=project, merged_into=None)
    return Counter((normalised(item.text), item.priority_now, item.is_blocker) for item in found if item.is_open)


def test_issues_are_told_by_what_became_of_them(ingest: Ingest) -> None:
    ingest(log("2026-02-01"), path="a.md")
    ingest(log("2026-03-05", OPEN), path="b.md")
    ingest(log("2026-03-09", FIXED.replace("Missing total", "Night export").replace("total", "night")), path="c.md")
    found = handover("harbor", FIRST, LAST, TODAY)
    assert [str(one.issue) for one in found.regressed] == ["Missing total column"]
    assert [str(one.issue) for one in found.new] == ["Night export column"]
    assert [(one.held_by, one.held) for one in found.held] == [("ran the migration by hand", 42)]
    assert not found.recurring
    assert len(found.sessions) == 2


def test_items_are_told_by_how_they_stand(leave: Leave, engineer: User) -> None:
    leave("2026-03-01", "- [ ] P0: Rotate certificate", "- [ ] Buy stamps", "- [ ] Paint doors")
    leave("2026-05-01", "- [ ] P0: Raised after the span")
    triage.act([TrackedStep.objects.get(text="Paint doors")], Action.DONE, engineer)
    found = handover("harbor", FIRST, TODAY.replace(year=2999), TODAY)
    assert [item.text for item in found.closed_steps] == ["Paint doors"]
    found = handover("harbor", FIRST, LAST, TODAY)
    assert [row.tracked_step.text for row in found.blockers] == ["P0: Rotate certificate"]
    assert [row.tracked_step.text for row in found.dropped] == ["P0: Rotate certificate"]
    assert [row.tracked_step.text for row in found.other_steps] == ["Buy stamps"]


AWKWARD = (
    "- [ ] P0: Rotate certificate (blocker)", "  - [ ] ask the vendor", "  - [x] order it",
    "- [ ] 3. odd * star_ and <b>tag</b> | pipe", "- [ ] Write a test (P2)", "- [ ] BLOCKER: no access to `db-7`",
    "- [ ] Look at [the board](https://example.com/board) again", "- [ ] Restart it", "  ```bash", "  crane restart",
    "  ```", "- [ ] P1: TypeError: cannot read berth", "  Error: it fails at night",
)  # fmt: skip


def test_its_markdown_raises_the_same_items_elsewhere(leave: Leave, engineer: User) -> None:
    leave("2026-03-01", *AWKWARD)
    triage.act(list(TrackedStep.objects.filter(text__contains="test")), Action.PRIORITY, engineer, "P0")
    before = open_items("harbor")
    text = as_markdown(handover("harbor", FIRST, LAST, TODAY))
    Log.objects.all().delete()
    TrackedStep.objects.all().delete()
    import_text(text)
    assert open_items("harbor") == before
    assert sum(before.values()) == 7


def test_its_markdown_adds_no_item_and_no_error_here(leave: Leave, ingest: Ingest) -> None:
    leave("2026-03-01", *AWKWARD)
    ingest(log("2026-03-05", OPEN), path="b.md")
    before, errors, issues = open_items("harbor"), Error.objects.count(), Issue.objects.count()
    import_text(as_markdown(handover("harbor", FIRST, LAST, TODAY)))
    assert open_items("harbor") == before
    assert (Error.objects.count(), Issue.objects.count()) == (errors, issues)
    assert min(TrackedStep.objects.values_list("session_count", flat=True)) == 2  # the handover mentions each


def import_text(text: str) -> None:
    run = begin(ImportOrigin.COMMAND, None, "handover.md", total=1)
    import_content(run, "handover.md", text.encode(), "elsewhere")
    finish(run)


def test_the_examples_come_back_whole(db: None) -> None:
    call_command("ingest", str(EXAMPLES), stdout=StringIO())
    for project in Project.objects.all():
        before = open_items(project.name)
        import_text(as_markdown(handover(project.name, dt.date(2020, 1, 1), TODAY, TODAY)))
        assert open_items(project.name) == before


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "A handover lists"),
        ("?project=harbor", "Rotate certificate"),
        ("?project=harbor&from=2026-02-01&to=2026-03-31", "1 Feb 2026 to 31 Mar 2026"),
        ("?project=nowhere", "There is no project called “nowhere”"),
        ("?project=harbor&from=soon", "Write days as 2026-01-31"),
        ("?project=harbor&from=2026-03-09&to=2026-03-01", "ends (2026-03-01) before it begins"),
    ],
)
def test_the_page_has_an_address(signed_in: Client, leave: Leave, query: str, said: str) -> None:
    leave("2026-03-01", "- [ ] P0: Rotate certificate")
    assert said in signed_in.get(f"/handover/{query}").content.decode()


def test_the_markdown_is_a_file(signed_in: Client, leave: Leave) -> None:
    leave("2026-03-01", "- [ ] P0: Rotate certificate")
    answer = signed_in.get("/handover.md?project=harbor")
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert "handover-harbor-2026-03-01.md" in answer["Content-Disposition"]
    assert "- [ ] P0: Rotate certificate" in answer.content.decode()
    assert signed_in.get("/handover.md").status_code == 404
