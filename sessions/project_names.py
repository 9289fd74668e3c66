"""Which project a log belongs to, by the folders it is in: a repository's folder, or else the likeliest name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile
from pathlib import Path, PurePath, PurePosixPath

UNNAMED = "unnamed"

# Folders of these names hold logs in many projects, so they do not name a project.
_GENERIC_FOLDERS = frozenset({
    "archive", "archives", "devlog", "doc", "docs", "documentation", "history", "home", "journal", "journals", "log",
    "logs", "memories", "notes", "reports", "root", "session", "session-logs", "session_logs", "sessions", "src",
    "summaries", "tmp", "users", "work-logs", "worklog", "worklogs",
})  # fmt: skip
# Folders that sort the logs of one project. They name one only if nothing better does.
_SORTING_FOLDERS = frozenset({
    "ai-sessions", "archived", "backup", "backups", "cleanup", "completed", "daily", "daily-logs", "development",
    "guides", "handoff", "handoffs", "implementation", "legacy", "memory", "old", "plans", "postmortem", "postmortems",
    "retrospectives", "scratchpad", "session-notes", "session_notes", "testing", "thoughts", "troubleshooting",
    "verification", "work-packets", "work-plans", "work_plans",
})  # fmt: skip
_NUMBERED = re.compile(r"^\d{1,3}[-_. ](?=[^\W\d])")  # "08-reports" sorts as "reports" does
_DATE = re.compile(r"(?:19|20)\d\d(?:[-_.]?(?:\d\d?|[qw]\d\d?)){0,2}|\d\d?(?:[-_.]\d\d?)?", re.IGNORECASE)
_REPOSITORY_MARKS = (".git", ".hg", ".svn")
_PROJECT_FILES = (
    "pyproject.toml", "package.json", "go.mod", "Cargo.toml", "pom.xml", "composer.json", "Gemfile",
)  # fmt: skip
_REPOSITORY_FOLDERS = ("docs", "doc", "src", "tests", ".github")
_SENTENCE_END = re.compile(r"(?<=\w\w)[.;](?=\s)")
_ADDRESS = re.compile(r"\w+://[^\s)>\]]+")
_PATH = re.compile(r"(?:[A-Za-z]:|~|\.{0,2})?(?:[/\\][\w.@~-]+)+[/\\]?")
_OWNED = re.compile(r"[\w.-]+/[^\W_]+(?:[._-][^\W_]+)+")  # a repository's name of several parts, unlike "CI/CD"
_HOMES = frozenset({"home", "users"})
_WORKTREE = re.compile(r"gitdir:\s*(?:.*[/\\])?([^/\\\n]+)[/\\]\.git[/\\]worktrees[/\\]")
_MARK_LENGTH = 4096  # of a ".git" file, which holds one path


def project_of(file: Path, root: Path) -> str:
    """Returns the project of a log that was found below `root`: its repository's name, or else what folders suggest.

    >>> project_of(Path("/logs/harbor/docs/2026-01-02.md"), Path("/logs"))
    'harbor'
    """
    below = file.relative_to(root).parts[:-1] if file.is_relative_to(root) else ()
    folders = [root.joinpath(*below[:count]) for count in range(len(below), -1, -1)]
    return (
        _repository(folders)
        or _outermost_with_project_file(folders)
        or (_repository(root.parents) or root.name if _is_one_project(root) else "")
        or _first_project(below)
        or _repository(root.parents)
        or (_first_project(below, sorting=True) if _may_hold_projects(root) else "")
        or _first_above(root)
        or UNNAMED
    )


def project_of_path(path: str) -> str:
    """Does the same for a path that is not on disk, such as one in an archive."""
    parts = PurePosixPath(path).parts[:-1]
    return _first_project(parts) or _first_project(parts, sorting=True) or UNNAMED


def stated_name(words: str) -> str:
    """Returns the name of a project that a log states by an address, a path or with its owner, or in a sentence.

    >>> stated_name("https://git.example.com/pier/harbor.git")
    'harbor'
    >>> stated_name("pier/harbor-api. Production: https://harbor.example.com")
    'harbor-api'
    """
    name = _SENTENCE_END.split(words.strip(), maxsplit=1)[0].strip("`*_ ")
    if address := _ADDRESS.search(name):
        name = address[0]
    if "://" in name or _PATH.fullmatch(name) or _OWNED.fullmatch(name):
        name = re.split(r"[/\\]", name.rstrip("/\\"))[-1].removesuffix(".git")
    return name


def _repository(folders: Iterable[Path]) -> str:
    """Returns the name of the nearest repository, empty if none of the folders is one that names a project."""
    return next((name for folder in folders if (name := _repository_name(folder)) and _names_project(name)), "")


def _repository_name(folder: Path) -> str:
    """Returns a repository's name, empty for another folder. A further working tree has that of its repository."""
    if _is_home(folder) or not any(os.path.exists(folder / mark) for mark in _REPOSITORY_MARKS):
        return ""
    try:
        with (folder / ".git").open(encoding="utf-8", errors="replace") as mark:
            match = _WORKTREE.match(mark.read(_MARK_LENGTH))
    except OSError:  # a folder, as in most repositories
        return folder.name
    return match[1] if match else folder.name


def _outermost_with_project_file(folders: Sequence[Path]) -> str:
    """Packages of one project have such files too, so the outermost counts."""
    named = (folder for folder in reversed(folders) if _names_project(folder.name) and not _is_home(folder))
    return next((folder.name for folder in named if any(os.path.isfile(folder / name) for name in _PROJECT_FILES)), "")


def _is_one_project(root: Path) -> bool:
    """A folder is one project if it has the folders of one, and is not a shelf of several that do."""
    if not _names_project(root.name) or _is_home(root) or not _has_project_folders(root):
        return False
    return sum(_has_project_folders(child) for child in _folders(root) if _names_project(child.name)) < 2


def _may_hold_projects(root: Path) -> bool:
    """A folder whose folders all only sort logs is itself the project, if its name can be one."""
    return not _names_project(root.name) or any(_names_project(child.name) for child in _folders(root))


def _folders(root: Path) -> tuple[Path, ...]:
    try:
        return _folders_as_of(root, root.stat().st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=64)
def _folders_as_of(root: Path, _changed: int) -> tuple[Path, ...]:
    """Listed once, not once for each of the thousands of logs that a folder may hold."""
    return tuple(child for child in root.iterdir() if os.path.isdir(child))


def _has_project_folders(folder: Path) -> bool:
    return any(os.path.isdir(folder / name) for name in _REPOSITORY_FOLDERS)


def _is_home(folder: PurePath) -> bool:
    """Settings are often kept in a repository there, and the name is a person's."""
    return folder.parent.name.lower() in _HOMES and folder.parent.parent == PurePath(folder.anchor)


def _first_above(root: Path) -> str:
    folders = takewhile(lambda folder: not _is_home(folder), (root, *root.parents))
    names = [folder.name for folder in folders]
    return _first_project(names) or _first_project(names, sorting=True)


def _first_project(names: Iterable[str], *, sorting: bool = False) -> str:
    """Returns the first folder that names a project, empty if none does."""
    return next((name for name in names if _names_project(name, sorting=sorting)), "")


def _names_project(name: str, *, sorting: bool = False) -> bool:
    """Says whether a folder's name may name a project. Hidden ones belong to tools, whatever they are called."""
    plain = _NUMBERED.sub("", name.lower().lstrip("_"))
    if not name.strip("/\\") or name.startswith(".") or plain in _GENERIC_FOLDERS or _DATE.fullmatch(name):
        return False
    return sorting or plain not in _SORTING_FOLDERS
