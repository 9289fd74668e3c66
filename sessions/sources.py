"""Where logs come from: files, folders and globs, turned into (path, bytes) with limits."""

from __future__ import annotations

import glob
import unicodedata
from collections.abc import Iterable, Iterator
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
    | {"work-logs", "devlog", "src", "home", "users", "root", "tmp", ".claude"}
)


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


def find_sources(names: Iterable[str]) -> Iterator[Source | SourceError]:
    """The logs that files, folders and globs name, each once, in the order given and by name within a folder.

    A name that leads to no log comes out as a SourceError in its place.
    """
    seen: set[str] = set()
    for name in names:
        for found in _find(name):
            if isinstance(found, SourceError):
                yield found
            elif found.path not in seen:
                seen.add(found.path)
                yield found


def _find(name: str) -> Iterator[Source | SourceError]:
    path = Path(name).expanduser()
    if path.is_dir():
        yield from _in_folder(path)
    elif path.exists():
        yield _source(path, path.parent)
    elif matches := sorted(glob.glob(str(path), recursive=True)):
        for match in matches:
            yield from _find(match)
    else:
        yield SourceError(f"{name}: no such file, folder or pattern. Check the spelling.")


def _in_folder(folder: Path) -> Iterator[Source | SourceError]:
    root = folder.resolve()
    files = sorted(
        file
        for file in root.rglob("*")
        if file.suffix.lower() in SUFFIXES and file.is_file() and file.resolve().is_relative_to(root)
    )
    if not files:
        yield SourceError(f"{folder}: holds no {', '.join(SUFFIXES)} file. Name a folder with session logs.")
    for file in files:
        yield _source(file, root)


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
    return next((part for part in parts if part.lower() not in _NAMELESS and part.strip("/\\.")), "unnamed")
