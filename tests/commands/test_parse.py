"""`manage.py parse`: a file that cannot be read is named with what to do, and the others are read."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from kb.management.commands import parse
from sessions.parsing.pipeline import ReadLog, read_text
from tests.factories import TOLD

LOG = "# Session 2026-03-04\n\n## Errors\n\n- the upload failed with KeyError\n"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for name in ("a.md", "z.md"):
        (tmp_path / name).write_text(LOG, encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[list[str], str, int]:
    """The lines on stdout, what is on stderr, and the exit status."""
    status: Any = 0
    try:
        call_command("parse", *map(str, arguments))
    except SystemExit as left:
        status = left.code
    printed = capsys.readouterr()
    return printed.out.splitlines(), printed.err, status


def test_all_is_well(logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, err, status = run(capsys, "--json", "--no-meaning", logs / "a.md", logs / "z.md")
    assert [json.loads(line)["path"] for line in out] == [str(logs / "a.md"), str(logs / "z.md")]
    assert (err, status) == ("", 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (random.Random(3).randbytes(5000), "is not a text file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(900), "is not a text file"),
        (b"# A\n" + b"a line\n" * 200, "raise LOG_SIZE_LIMIT"),
        (b"# A\n" + b"x" * 700, "line 2: 700 characters"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",), ("--explain",)])
def test_a_file_that_is_unfit_stops_no_other(
    logs: Path,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    said: str,
    form: tuple[str, ...],
) -> None:
    settings.LOG_SIZE_LIMIT, settings.LINE_LENGTH_LIMIT = (1000 if content and len(content) == 1404 else 5000), 600
    if content is not None:
        (logs / "m.md").write_bytes(content)
    out, err, status = run(capsys, *form, "--no-meaning", logs / "a.md", logs / "m.md", logs / "z.md")
    assert err.startswith(str(logs / "m.md"))
    assert said in err
    assert status == 1
    assert sum("a.md" in line for line in out) == sum("z.md" in line for line in out) == 1


def test_a_log_that_makes_the_parser_fail_stops_no_other(
    logs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (logs / "m.md").write_text("# B\n", encoding="utf-8")

    def failing(path: str, text: str, sha256: str, encoding: str, revise: None) -> ReadLog:
        if path.endswith("m.md"):
            raise KeyError(path)
        return read_text(path, text, sha256, encoding)

    monkeypatch.setattr(parse, "read_text", failing)
    out, err, status = run(capsys, "--json", "--no-meaning", logs / "a.md", logs / "m.md", logs / "z.md")
    assert [Path(json.loads(line)["path"]).name for line in out] == ["a.md", "z.md"]
    assert str(logs / "m.md") in err
    assert "KeyError" in err
    assert "report it" in err
    assert status == 1


@pytest.mark.parametrize(("arguments", "times"), [((), 1), (("--json",), 1), (("--no-meaning",), 0)])
def test_it_says_once_what_reading_without_meaning_costs(
    logs: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], times: int
) -> None:
    _out, err, status = run(capsys, *arguments, logs / "a.md", logs / "z.md")
    assert err.count("MEANING=off") == times
    assert status == 0


@pytest.mark.parametrize(("arguments", "found"), [((), ["meaning"]), (("--no-meaning",), [])])
def test_a_problem_without_a_word_for_it_is_read_by_meaning(
    by_meaning: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], found: list[str]
) -> None:
    (tmp_path / "told.md").write_text(TOLD, encoding="utf-8")
    out, err, status = run(capsys, "--json", *arguments, tmp_path / "told.md")
    (session,) = json.loads(out[0])["sessions"]
    assert [error["found_by"] for error in session["errors"]] == found
    assert (err, status) == ("", 0)
