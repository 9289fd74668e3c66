"""Which logs a folder contains: those of hidden folders and libraries are skipped, and the skipped folders named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.importing.sources.folders import skipped_message
from sessions.sources import SkippedFolder, Source, SourceError, find_sources
from tests.closed_folders import as_nobody, shared_folder
from tests.factories import log

SKIPPED = (
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
    for number, name in enumerate((*SKIPPED, *READ), start=1):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(log(f"2026-03-0{number}"), encoding="utf-8")
    (root / "env" / "pyvenv.cfg").touch()
    return root


def names(root: Path, named: list[str], include: set[str]) -> set[str]:
    candidates = find_sources([str(root / name) for name in named], include)
    return {str(Path(source.path).relative_to(root)) for source in candidates if isinstance(source, Source)}


@pytest.mark.parametrize(
    ("named", "include", "read"),
    [
        ([""], set(), READ),
        ([""], {".claude"}, (*READ, SKIPPED[0])),
        ([""], {"*"}, (*READ, *SKIPPED)),
        ([".claude"], set(), (SKIPPED[0],)),
        (["node_modules"], set(), (SKIPPED[2],)),
        ([".claude/sessions/1.md"], set(), (SKIPPED[0],)),
        (["**/*.md"], set(), ("a/7.md",)),
        (["*"], set(), ("a/7.md", "docs/8.txt")),
        (["node_modules/*/*.md"], set(), (SKIPPED[2],)),
        (["", ".claude"], set(), (*READ, SKIPPED[0])),
    ],
)
def test_what_is_named_is_read(project: Path, named: list[str], include: set[str], read: tuple[str, ...]) -> None:
    assert names(project, named, include) == set(read)


def test_each_skipped_folder_is_named_once_with_its_logs(project: Path) -> None:
    skipped = [folder for folder in find_sources([str(project), str(project)]) if isinstance(folder, SkippedFolder)]
    counts = {str(folder.folder.relative_to(project)): folder.logs for folder in skipped}
    assert counts == {".claude": 1, ".git": 0, "node_modules": 0, "web/vendor": 0, "env": 0, "a/.memo": 1}
    assert len(skipped) == len(counts)


def test_an_empty_file_in_a_folder_is_passed_over(project: Path) -> None:
    (project / "docs" / "begun.md").touch()
    assert names(project, ["docs"], set()) == {"docs/8.txt"}
    assert names(project, ["docs/begun.md"], set()) == {"docs/begun.md"}


def test_hidden_folders_name_no_project(project: Path) -> None:
    projects = {source.project for source in find_sources([str(project / ".claude")]) if isinstance(source, Source)}
    assert projects == {"harbor"}


CLOSED = {"listed only": 0o444, "nothing": 0o000}


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder with logs, and with one folder in it for each way of being closed."""
    with shared_folder() as root:
        for name in ("open", *CLOSED):
            (root / name / "deeper").mkdir(parents=True)
            (root / name / "a.md").write_text(log(), encoding="utf-8")
        (root / "open" / "link.md").symlink_to(root / "nothing" / "a.md")
        for name, mode in CLOSED.items():
            (root / name).chmod(mode)
        yield root


def test_what_may_not_be_looked_into_is_skipped_and_named(closed: Path) -> None:
    with as_nobody():
        found = list(find_sources([str(closed)]))
    assert [Path(one.path).parent.name for one in found if isinstance(one, Source)] == ["open"]
    skipped = {one.folder for one in found if isinstance(one, SkippedFolder) and one.is_closed}
    assert {closed / name for name in CLOSED} <= skipped
    assert f"Skipped what may not be looked into: {closed}/" in skipped_message(
        one for one in found if isinstance(one, SkippedFolder)
    )


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("below", ["", "/a.md", "/deeper", "/*.md"])
def test_a_name_that_may_not_be_looked_at_is_refused(closed: Path, name: str, below: str) -> None:
    with as_nobody():
        *_, found = find_sources([f"{closed}/{name}{below}"])
    assert str(found).startswith(f"{closed}/{name}")
    assert isinstance(found, SourceError)


def test_a_log_that_may_not_be_looked_at_any_more_is_refused(closed: Path) -> None:
    with as_nobody(), pytest.raises(SourceError, match="cannot be read"):
        Source(f"{closed}/nothing/a.md", "harbor").read(1000)


@pytest.mark.parametrize("name", ["~nosuchuser/logs", "~nosuchuser/*.md", "x" * 300, "a\0b.md"])
def test_a_name_of_nothing_is_refused(name: str) -> None:
    (found,) = find_sources([name])
    assert isinstance(found, SourceError)
    assert str(found).startswith(f"{name}: ")


def test_a_name_that_is_no_utf_8_is_spelt_out(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"crane\xff.md")).write_text("# Crane", encoding="utf-8")
    except OSError:
        pytest.skip("the file system takes no such name")
    (source,) = find_sources([str(tmp_path)])
    assert isinstance(source, Source)
    assert (source.path, source.read(100)) == (f"{tmp_path}/crane\\xff.md", b"# Crane")
