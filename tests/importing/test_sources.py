"""Which logs a folder contains: those of hidden folders and libraries are skipped, and the skipped folders named."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from sessions.models import LogPath
from sessions.sources import SkippedFolder, Source, find_sources
from tests.factories import log

LEFT = (
    ".claude/sessions/1.md",
    ".git/2.md",
    "node_modules/pack/3.md",
    "web/vendor/4.md",
    "env/lib/5.md",
    "a/.memo/6.md",
)
READ = ("a/7.md", "docs/8.txt", ".note.md")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "harbor"
    for number, name in enumerate((*LEFT, *READ), start=1):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(log(f"2026-03-0{number}"), encoding="utf-8")
    (root / "env" / "pyvenv.cfg").touch()
    return root


def names(root: Path, asked: list[str], include: set[str]) -> set[str]:
    found = find_sources([str(root / name) for name in asked], include)
    return {str(Path(one.path).relative_to(root)) for one in found if isinstance(one, Source)}


@pytest.mark.parametrize(
    ("asked", "include", "read"),
    [
        ([""], set(), READ),
        ([""], {".claude"}, (*READ, LEFT[0])),
        ([""], {"*"}, (*READ, *LEFT)),
        ([".claude"], set(), (LEFT[0],)),
        (["node_modules"], set(), (LEFT[2],)),
        ([".claude/sessions/1.md"], set(), (LEFT[0],)),
        (["**/*.md"], set(), ("a/7.md",)),
        (["*"], set(), ("a/7.md", "docs/8.txt")),
        (["node_modules/*/*.md"], set(), (LEFT[2],)),
        (["", ".claude"], set(), (*READ, LEFT[0])),
    ],
)
def test_what_is_named_is_read(project: Path, asked: list[str], include: set[str], read: tuple[str, ...]) -> None:
    assert names(project, asked, include) == set(read)


def test_each_skipped_folder_is_named_once_with_its_logs(project: Path) -> None:
    found = [one for one in find_sources([str(project), str(project)]) if isinstance(one, SkippedFolder)]
    left = {str(one.folder.relative_to(project)): one.logs for one in found}
    assert left == {".claude": 1, ".git": 0, "node_modules": 0, "web/vendor": 0, "env": 0, "a/.memo": 1}
    assert len(found) == len(left)


def test_hidden_folders_name_no_project(project: Path) -> None:
    projects = {one.project for one in find_sources([str(project / ".claude")]) if isinstance(one, Source)}
    assert projects == {"harbor"}


def test_ingest_names_skipped_folders(db: None, project: Path, settings: Settings) -> None:
    out = StringIO()
    call_command("ingest", str(project), stdout=out)
    assert "Skipped 4 folders of libraries and tools." in out.getvalue()
    assert f"{project}/.claude (1 log)" in out.getvalue()
    assert "set INCLUDE_FOLDERS=.claude,.memo." in out.getvalue()
    assert "3 new, 0 updated" in out.getvalue()
    settings.INCLUDE_FOLDERS = frozenset({".claude", ".memo"})
    call_command("ingest", str(project), stdout=out)
    assert LogPath.objects.count() == 5
