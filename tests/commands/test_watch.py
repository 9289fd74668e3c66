"""`manage.py watch`: what it says while it imports."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kb.conf.meaning import NOTICE
from kb.importing import Refused
from kb.importing.sources.watching import Watched, import_settled
from kb.management.commands import watch
from tests.factories import log


def test_it_says_what_became_of_each_log(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(log("2026-03-01"), encoding="utf-8")
    (tmp_path / "node_modules").mkdir()

    def once(watched: Watched) -> list[object]:
        import_settled(watched)  # the first time only notes size and time
        return [*import_settled(watched), Refused("b.md", "b.md: is too large.")]

    monkeypatch.setattr(watch, "follow", once)
    out = StringIO()
    call_command("watch", str(tmp_path), "--settle", "0", stdout=out)
    assert out.getvalue().splitlines() == [
        NOTICE,
        "Skipped 1 folder of libraries and tools.",
        f"Watching {tmp_path.resolve()}. Press Ctrl-C to stop.",
        f"new: {tmp_path.resolve() / 'a.md'}",
        "refused: b.md: is too large.",
    ]


def test_what_is_not_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("watch", str(tmp_path / "missing"))
