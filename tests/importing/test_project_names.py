"""Which project a log belongs to, by the folders it is in and what marks one of them as a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions.project_names import project_of, project_of_path, stated_name

LOGS = ("docs/sessions/a.md", "docs/work-plans/b.md", "legacy/notes/c.md", "d.md")


def touch(root: Path, names: tuple[str, ...]) -> None:
    """Makes empty files, and folders of the names that end in a slash."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(parents=True, exist_ok=True) if name.endswith("/") else path.touch()


@pytest.mark.parametrize("mark", [".git/", ".git", ".hg/", ".svn/", "pyproject.toml", "go.mod", "src/"])
@pytest.mark.parametrize("log", LOGS)
def test_a_repository_is_one_project(tmp_path: Path, mark: str, log: str) -> None:
    root = tmp_path / "quay-api"
    touch(root, (mark, *LOGS))
    assert project_of(root / log, root) == "quay-api"


@pytest.mark.parametrize(
    ("marks", "root", "log", "project"),
    [
        (("quay/.git/", "harbor/.git/"), "", "quay/web/docs/a.md", "quay"),
        (("quay/.git/", "quay/web/package.json"), "", "quay/web/docs/a.md", "quay"),
        (("quay/package.json", "quay/web/package.json"), "", "quay/web/a.md", "quay"),
        (("quay/.git/", "quay/crane/.git"), "quay", "quay/crane/a.md", "crane"),
        (("quay/.git/",), "quay/web", "quay/web/a.md", "quay"),
        (("quay/.git/",), "quay/docs", "quay/docs/work-plans/a.md", "quay"),
        (("notes/.git/",), "notes", "notes/harbor/2026/03/a.md", "harbor"),
        (("quay/docs/", "harbor/docs/", "docs/"), "", "quay/legacy/a.md", "quay"),
        ((), "", "quay/docs/a.md", "quay"),
        ((), "", "legacy/a.md", "shelf"),
        (("harbor/",), "", "legacy/a.md", "legacy"),
        (("harbor/",), "", "_archive/a.md", "shelf"),
        ((), "quay/2026/03", "quay/2026/03/a.md", "quay"),
        ((), "quay/08-reports", "quay/08-reports/a.md", "quay"),
    ],
)
def test_the_nearest_repository_names_the_project(
    tmp_path: Path, marks: tuple[str, ...], root: str, log: str, project: str
) -> None:
    shelf = tmp_path / "shelf"
    touch(shelf, (*marks, log))
    assert project_of(shelf / log, shelf / root) == project


def test_a_further_working_tree_has_the_name_of_its_repository(tmp_path: Path) -> None:
    tree = tmp_path / "fix-crane"
    touch(tree, ("docs/a.md",))
    (tree / ".git").write_text("gitdir: /code/quay/.git/worktrees/fix-crane\n", encoding="utf-8")
    assert project_of(tree / "docs/a.md", tree) == "quay"


@pytest.mark.parametrize("folder", ["/home/dana/notes/2026/03", "/Users/dana/logs", "/notes/2026-03-01"])
def test_neither_dates_nor_people_name_a_project(folder: str) -> None:
    assert project_of(Path(folder, "a.md"), Path(folder)) == "unnamed"


@pytest.mark.parametrize(
    ("path", "project"),
    [
        ("quay/docs/work-plans/a.md", "quay"),
        ("docs/work-plans/a.md", "work-plans"),
        ("legacy/quay/a.md", "quay"),
        ("2026/03/a.md", "unnamed"),
        ("a.md", "unnamed"),
    ],
)
def test_the_top_folder_of_an_upload_names_its_project(path: str, project: str) -> None:
    assert project_of_path(path) == project


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("harbor", "harbor"),
        ("Harbor Control v2.1", "Harbor Control v2.1"),
        ("`harbor`", "harbor"),
        ("pier/harbor-api", "harbor-api"),
        ("CI/CD", "CI/CD"),
        ("Frontend/Backend", "Frontend/Backend"),
        ("https://git.example.com/pier/harbor.git", "harbor"),
        ("[harbor](https://git.example.com/pier/harbor)", "harbor"),
        ("~/pier/harbor/", "harbor"),
        ("C:\\work\\harbor", "harbor"),
        ("pier/harbor-api. Production: https://harbor.example.com", "harbor-api"),
        ("Frontend / Backend", "Frontend / Backend"),
        ("A. Kraan GmbH", "A. Kraan GmbH"),
        ("", ""),
    ],
)
def test_a_stated_project_is_its_name(stated: str, name: str) -> None:
    assert stated_name(stated) == name
