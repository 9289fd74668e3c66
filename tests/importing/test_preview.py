"""A preview shows what an import would do, and writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from kb.importing.preview import preview_some
from kb.importing.staging import Batch
from kb.models import TrackedStep
from kb.search.results.find import search
from sessions.models import Error, Log
from tests.factories import OPEN, log

Stage = Callable[..., Batch]
Ingest = Callable[..., object]


def preview_of(batch: Batch) -> list[dict[str, Any]]:
    assert preview_some(batch, seconds=30) == 0
    return [batch.preview(number) for number in batch.numbers("preview")]


def database() -> str:
    """A digest of every row of every table, and on SQLite of the file itself."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows = [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
            digest.update(repr(sorted(map(repr, rows))).encode())
    if connection.vendor == "sqlite":
        digest.update(Path(str(connection.settings_dict["NAME"])).read_bytes())
    return digest.hexdigest()


def test_nothing_is_written(stage: Stage, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    assert search("total").total > 0
    batch = stage({"a.md": log("2026-03-01", OPEN), "b.md": log("2026-03-09", OPEN), "c.md": log("2026-04-01")})
    before = database()
    preview_of(batch)
    batch.discard()
    assert database() == before
    assert not batch.folder.exists()
    assert search("total").total > 0


def test_a_new_log_lists_its_records_and_issues(stage: Stage, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    (preview,) = preview_of(stage({"b.md": log("2026-03-09", OPEN)}))
    assert (preview["outcome"], preview["records"]["new"], preview["records"]["vanishing"]) == ("new", 5, 0)
    (session,) = preview["sessions"]
    assert (session["title"], session["date"], session["project"]) == ("Session: Orders", "2026-03-09", "harbor")
    assert session["read"][0] == {"line": 8, "is_a": "error", "title": "Missing total column"}
    assert preview["issues"] == [{"title": "Missing total column", "sessions": 2, "is_regression": True, "days": 8}]
    assert [step["sessions"] for step in preview["steps"]["again"]] == [2, 2]
    assert Error.objects.count() == 1


def test_logs_of_one_batch_take_each_other_into_account(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.importing.preview._HOLD", 30.0)
    previews = preview_of(stage({f"{day}.md": log(f"2026-03-0{day}") for day in (1, 2, 3)}))
    assert [preview["issues"][0]["sessions"] for preview in previews] == [1, 2, 3]


def test_an_edited_log_counts_what_changes_and_vanishes(stage: Stage, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    edited = log("2026-03-01").replace("- [ ] Write a test (P2)\n", "").replace("P0: Rotate", "P1: Rotate")
    (preview,) = preview_of(stage({"a.md": edited}))
    records = preview["records"]
    assert preview["outcome"] == "updated"
    assert (records["new"], records["changed"], records["vanishing"], records["unchanged"]) == (0, 1, 1, 3)


def test_steps_that_are_ticked_off_are_listed(stage: Stage, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    (preview,) = preview_of(stage({"b.md": log("2026-03-05").replace("[ ] P0: Rotate", "[x] Rotate")}))
    assert preview["steps"]["done"] == ["Rotate the gateway certificate"]
    assert TrackedStep.objects.get(text__contains="Rotate").latest.done is False  # type: ignore[union-attr]


def test_known_content_is_recognised(stage: Stage, ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    same, other = preview_of(stage({"a.md": log("2026-03-01"), "copy.md": log("2026-03-01")}))
    assert (same["outcome"], same["is_copy"]) == ("unchanged", False)
    assert (other["outcome"], other["is_copy"], other["other_paths"]) == ("unchanged", True, ["a.md"])


def test_lines_that_were_not_understood_are_listed(stage: Stage) -> None:
    text = log() + "\n## Zxcvb\n\nqwertz uiop asdf\n"
    (preview,) = preview_of(stage({"a.md": text}))
    assert {"number": len(text.split("\n")) - 1, "text": "qwertz uiop asdf"} in preview["not_understood"]["lines"]


def test_secrets_are_masked_before_they_are_staged(stage: Stage, data_dir: Path) -> None:
    secret = "hunter2-hunter2-hunter2"
    batch = stage({"a.md": log() + f"\npassword = {secret}\n"})
    (preview,) = preview_of(batch)
    assert preview["findings"][0]["rule"]
    files = [file for file in data_dir.rglob("*") if file.is_file()]
    assert len(files) >= 3
    assert not [file for file in files if secret.encode() in file.read_bytes()]
    assert not Log.objects.exists()
