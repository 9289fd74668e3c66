"""Where logs come from: files, folders and globs, turned into (path, bytes) with limits."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

SUFFIXES = (".md", ".markdown", ".txt")

# Folders that hold logs in many projects and so name none.
_NAMELESS = frozenset(
    {
        "archive",
        "archives",
        "docs",
        "doc",
        "documentation",
        "history",
        "journal",
        "journals",
        "log",
        "logs",
        "notes",
    }
    | {"reports", "session", "sessions", "session-logs", "session_logs", "summaries", "worklog", "worklogs"}
    | {"work-logs", "devlog", "memories", "src", "home", "users", "root", "tmp"}
)
_OF_LIBRARIES = frozenset(
    {"__pycache__", "bower_components", "node_modules", "site-packages", "third-party", "third_party", "vendor"}
)
_WITHOUT_LOGS = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", ".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
_ENVIRONMENT = "pyvenv.cfg"  # the file that makes a folder a virtual environment


class SourceError(Exception):
    """A log cannot be taken; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A log to import, not yet read.

    path     what it is known by: the absolute path of a file, its accents composed (NFC) as one name is one log
    project  the name its folder suggests
    """

    path: str
    project: str

    def read(self, limit: int) -> bytes:
        """The file's bytes. Raises SourceError when it is unreadable or larger than `limit` bytes."""
        file = _on_disk(Path(self.path))
        try:
            check_size(self.path, file.stat().st_size, limit)
            return file.read_bytes()
        except OSError as problem:
            raise SourceError(
                f"{self.path}: cannot be read ({problem.strerror}). Check the name and its permissions."
            ) from problem


def check_size(path: str, size: int, limit: int) -> None:
    """Raises SourceError for a log of more than `limit` bytes."""
    if size > limit:
        raise SourceError(
            f"{path}: {size:,} bytes, more than the limit of {limit:,}. Split the log, or raise LOG_SIZE_LIMIT."
        )


def check_lines(path: str, text: str, limit: int) -> None:
    """Raises SourceError for a line of more than `limit` characters."""
    if len(text) <= limit:
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > limit:
            raise SourceError(
                f"{path}, line {number}: {len(line):,} characters, more than the limit of {limit:,}. "
                "Break the line, or raise LINE_LENGTH_LIMIT."
            )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A folder that was not searched: hidden, or a library's.

    logs  how many logs it holds; 0 for a library's, which is not looked into
    """

    folder: Path
    logs: int = 0


def find_sources(names: Iterable[str], include: Collection[str] = ()) -> Iterator[Source | LeftOut | SourceError]:
    """The logs that files, folders and globs name, each once, in the order given and by name within a folder.

    Hidden folders and those of libraries are left out of a folder and of a glob's matches, unless they are named or
    among `include` ("*" for all); each comes out as a LeftOut. A name that leads to no log comes out as a SourceError
    in its place.
    """
    seen: set[Source | LeftOut | SourceError] = set()
    for name in names:
        for found in _find(name, include):
            if found not in seen:
                seen.add(found)
                yield found


def _find(name: str, include: Collection[str]) -> Iterator[Source | LeftOut | SourceError]:
    path = Path(name).expanduser()
    if path.is_dir():
        yield from _in_folder(path, include)
    elif path.exists():
        yield _source(path, path.parent)
    elif matches := sorted(glob.glob(str(path), recursive=True)):
        yield from _matched(path, matches, include)
    else:
        yield SourceError(f"{name}: no such file, folder or pattern. Check the spelling.")


def _matched(
    pattern: Path, matches: Iterable[str], include: Collection[str]
) -> Iterator[Source | LeftOut | SourceError]:
    """What the matches of a pattern name; a folder that only a wildcard stands for is not named."""
    named = {*include, *(part for part in pattern.parts if not glob.has_magic(part))}
    for match in map(Path, matches):
        folder = left_out(match, Path(match.anchor), named)
        if folder is None and match.is_dir() and is_left_out(match, named):
            folder = match
        yield from _find(str(match), include) if folder is None else [_left_out(folder)]


def _in_folder(folder: Path, include: Collection[str]) -> Iterator[Source | LeftOut | SourceError]:
    root = folder.resolve()
    files: list[Path] = []
    for file in _walk(root, include):
        if isinstance(file, LeftOut):
            yield file
        else:
            files.append(file)
    if not files:
        yield SourceError(f"{folder}: holds no {', '.join(SUFFIXES)} file. Name a folder with session logs.")
    for file in sorted(files):
        yield _source(file, root)


def _walk(root: Path, include: Collection[str]) -> Iterator[Path | LeftOut]:
    """The logs below a folder, and the folders that were left out. Links out of the folder are not followed."""
    for place, folders, files in os.walk(root):
        here = Path(place)
        for name in sorted(folders):
            if is_left_out(here / name, include):
                folders.remove(name)
                yield _left_out(here / name)
        for name in files:
            file = here / name
            if file.suffix.lower() in SUFFIXES and file.is_file() and file.resolve().is_relative_to(root):
                yield file


def _left_out(folder: Path) -> LeftOut:
    """A folder that is left out; a hidden one is looked through, since tools keep session logs in such."""
    if not folder.name.startswith(".") or folder.name in _WITHOUT_LOGS or (folder / _ENVIRONMENT).is_file():
        return LeftOut(folder)
    return LeftOut(folder, sum(isinstance(found, Path) for found in _walk(folder.resolve(), ())))


def left_out(path: Path, root: Path, include: Collection[str] = ()) -> Path | None:
    """The outermost folder between `root` and a path that is left out; None if the path is to be read."""
    below = path.relative_to(root)
    folders = (root.joinpath(*below.parts[: count + 1]) for count in range(len(below.parts) - 1))
    return next((folder for folder in folders if is_left_out(folder, include)), None)


def is_left_out(folder: Path, include: Collection[str] = ()) -> bool:
    """A folder is hidden, or a library's: nobody means it who names the project that it lies in."""
    if "*" in include or folder.name in include:
        return False
    is_hidden = folder.name.startswith(".") and folder.name not in (".", "..")
    return is_hidden or folder.name in _OF_LIBRARIES or (folder / _ENVIRONMENT).is_file()


def _source(file: Path, root: Path) -> Source:
    absolute = file.resolve()
    known = Path(composed(str(absolute)))
    return Source(str(known), project_of(known, Path(composed(str(root.resolve())))))


def composed(path: str) -> str:
    """A path with composed accents (Unicode NFC): some systems write the same name with decomposed ones."""
    return unicodedata.normalize("NFC", path)


def _on_disk(path: Path) -> Path:
    """The file a composed path stands for, which may bear its name in another form."""
    if path.exists() or path.parent == path:
        return path
    folder = _on_disk(path.parent)
    try:
        return next((file for file in folder.iterdir() if composed(file.name) == path.name), path)
    except OSError:
        return path


def project_of(file: Path, root: Path) -> str:
    """The folder that names a log's project: the first telling one below `root`, else the nearest at or above it.

    >>> project_of(Path("/logs/harbor/docs/2026-01-02.md"), Path("/logs"))
    'harbor'
    """
    below = file.relative_to(root).parts[:-1] if file.is_relative_to(root) else ()
    return _telling((*below, *reversed(root.parts)))


def project_of_path(path: str) -> str:
    """The same for a path that is on no disk, as in an archive: its first telling folder."""
    return _telling(PurePosixPath(path).parts[:-1])


def _telling(parts: Iterable[str]) -> str:
    """The first part that names a project; hidden folders are those of tools, whatever they are called."""
    return next((part for part in parts if _is_telling(part)), "unnamed")


def _is_telling(part: str) -> bool:
    return part.lower() not in _NAMELESS and bool(part.strip("/\\")) and not part.startswith(".")
