"""What people said, as labels: in the form that training takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from kb.learning.export import export_labels
from kb.learning.labels import Label, labelled_logs
from kb.models import Doubt
from kb.review.answers import NOTHING, answer


def test_labels_are_exported(doubts: dict[str, Doubt], engineer: User, tmp_path: Path) -> None:
    answer(doubts["map"], "errors", engineer)
    answer(doubts["tiles"], NOTHING, engineer)
    (log,) = labelled_logs()
    assert Label(11, "errors", True) in log.labels
    assert Label(12, "next_steps", False) in log.labels
    call_command("corrections", "--labels", str(tmp_path / "labels"))
    (file,) = (tmp_path / "labels").glob("*.json")
    assert file.name == "harbor__2026-01-02.md.json"
    labels = json.loads(file.read_text(encoding="utf-8"))
    (session,) = labels["sessions"]
    assert labels["path"] == "harbor/2026-01-02.md"
    assert [error["key"] for error in session["errors"]] == [
        "the crane stops with KeyError", "the map stays grey after zooming"
    ]  # fmt: skip
    assert session["errors"][1]["mentions"] == [[11, 11]]


@pytest.mark.parametrize(
    ("root", "path"),
    [
        ("/", "srv/logs/harbor/2026-01-02.md"),
        ("/srv/logs", "harbor/2026-01-02.md"),
        ("/srv/other", "srv/logs/harbor/2026-01-02.md"),
    ],
)
def test_paths_of_labels_count_from_a_folder(
    doubts: dict[str, Doubt], engineer: User, tmp_path: Path, root: str, path: str
) -> None:
    log = doubts["map"].session.log
    log.paths.update(path="/srv/logs/harbor/2026-01-02.md")
    answer(doubts["map"], "errors", engineer)
    (file,) = export_labels(tmp_path, Path(root))
    assert json.loads(file.read_text(encoding="utf-8"))["path"] == path
    assert file.name == path.replace("/", "__") + ".json"


def test_corrections_are_counted(
    doubts: dict[str, Doubt], engineer: User, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answer(doubts["map"], "errors", engineer)
    call_command("corrections")
    assert "1 doubt answered: 0 were read right." in capsys.readouterr().out
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="Name another folder"):
        call_command("corrections", "--labels", str(tmp_path / "file"))
