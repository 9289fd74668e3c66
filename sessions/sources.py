"""Where logs come from: files, folders and glob patterns, read within limits."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sessions.parsing.decoding import DecodedText
from sessions.project_names import project_of

SUFFIXES = (".md", ".markdown", ".txt")

_LIBRARY_FOLDERS = frozenset(
    {"__pycache__", "bower_components", "node_modules", "site-packages", "third-party", "third_party", "vendor"}
)
_TOOL_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", ".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
_ENVIRONMENT_FILE = "pyvenv.cfg"  # makes its folder a virtual environment


class SourceError(Exception):
    """A log cannot be imported. The message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A log to import, not yet read.

    path     the absolute path of the file as `composed` writes it, so that one name is one log
    project  the project its folder suggests
    """

    path: str
    project: str

    def file(self) -> Path:
        """Returns the file, whose name on disk may have decomposed accents."""
        return _on_disk(Path(self.path))

    def read(self, limit: int) -> bytes:
        """Returns the file's bytes. Raises SourceError if it is unreadable or larger than `limit` bytes."""
        try:
            file = self.file()
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


def check_text(path: str, decoded: DecodedText) -> None:
    """Raises SourceError for what is no text, or has no word in it."""
    if not decoded.is_text:
        raise SourceError(f"{path}: is not a text file. Name a log in Markdown or plain text.")
    if not decoded.text.strip():
        raise SourceError(f"{path}: is empty. Name a log with text in it.")


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
class SkippedFolder:
    """A folder that was not searched, because it is hidden, belongs to a library or may not be looked into.

    logs       how many logs it contains; 0 for a library's folder, which is not counted
    is_closed  it may not be looked into
    """

    folder: Path
    logs: int = 0
    is_closed: bool = False


Candidate = Source | SkippedFolder | SourceError


def find_sources(names: Iterable[str], include: Collection[str] = ()) -> Iterator[Candidate]:
    """Yields the logs that files, folders and patterns name, each once, in order, and by name within a folder.

    Hidden folders and those of libraries are skipped, unless they are named or listed in `include` ("*" for all), and
    so are those that may not be looked into; each is yielded as a SkippedFolder. A name that leads to no log is yielded
    as a SourceError.
    """
    seen: set[Candidate] = set()
    for name in names:
        for candidate in _find(name, include):
            if candidate not in seen:
                seen.add(candidate)
                yield candidate


def _find(name: str, include: Collection[str]) -> Iterator[Candidate]:
    try:
        path = path_named(name)
    except SourceError as problem:
        yield problem
        return
    if os.path.isdir(path):
        yield from _in_folder(path, include)
    elif os.path.exists(path):
        yield _source(path, path.parent)
    elif matches := sorted(glob.glob(str(path), recursive=True)):
        yield from _matching(path, matches, include)
    else:
        yield SourceError(f"{name}: {_why_missing(path)}")


def path_named(name: str) -> Path:
    """Returns the path that a person names, "~" being their home. Raises SourceError for the home of nobody."""
    try:
        return Path(name).expanduser()
    except RuntimeError as problem:
        raise SourceError(
            f"{name}: begins with the home of a user who does not exist. Check the spelling."
        ) from problem


def _why_missing(path: Path) -> str:
    try:
        path.stat()
    except PermissionError:
        return "may not be looked at. Check the permissions of its folder."
    except (OSError, ValueError):
        pass
    return "no such file, folder or pattern. Check the spelling."


def _matching(pattern: Path, matches: Iterable[str], include: Collection[str]) -> Iterator[Candidate]:
    """Yields what the matches of a pattern name. A folder that only matches a wildcard is not named by it."""
    named = {*include, *(part for part in pattern.parts if not glob.has_magic(part))}
    for match in map(Path, matches):
        folder = skipped_parent(match, Path(match.anchor), named)
        if folder is None and os.path.isdir(match) and is_skipped(match, named):
            folder = match
        yield from _find(str(match), include) if folder is None else [_skipped(folder)]


def _in_folder(folder: Path, include: Collection[str]) -> Iterator[Candidate]:
    root = folder.resolve()
    files: list[Path] = []
    is_closed = False
    for entry in _walk(root, include):
        if isinstance(entry, Path):
            files.append(entry)
        elif entry.folder == root:
            is_closed = True
        else:
            yield entry
    if is_closed:
        yield SourceError(f"{folder}: may not be looked into. Check its permissions.")
    elif not files:
        yield SourceError(f"{folder}: contains no {', '.join(SUFFIXES)} file. Name a folder with session logs.")
    for file in sorted(files):
        yield _source(file, root)


def _walk(root: Path, include: Collection[str]) -> Iterator[Path | SkippedFolder]:
    """Yields the logs below a folder, and the folders that were skipped. Links out of the folder are not followed."""
    closed: list[Path] = []
    for parent, folders, files in os.walk(root, onerror=lambda problem: _note_closed(closed, problem)):
        here = Path(parent)
        for name in sorted(folders):
            if is_skipped(here / name, include):
                folders.remove(name)
                yield _skipped(here / name)
        for name in files:
            file = here / name
            if file.suffix.lower() not in SUFFIXES:
                continue
            if os.path.isfile(file):
                if file.resolve().is_relative_to(root) and os.path.getsize(file):  # an empty one tells nothing yet
                    yield file
            elif not _may_look_at(file):
                closed.append(here)
    yield from (SkippedFolder(folder, is_closed=True) for folder in dict.fromkeys(closed))


def _may_look_at(file: Path) -> bool:
    """Says no of a file that is listed in a folder that may not be entered."""
    try:
        os.lstat(file)
    except PermissionError:
        return False
    except OSError:  # it went while we looked
        return True
    return True


def _note_closed(closed: list[Path], problem: OSError) -> None:
    if not isinstance(problem, FileNotFoundError):  # it went while we looked
        closed.append(Path(problem.filename))


def _skipped(folder: Path) -> SkippedFolder:
    """Returns a skipped folder. Logs are counted in hidden ones, where some tools keep session logs."""
    if not folder.name.startswith(".") or folder.name in _TOOL_FOLDERS or _is_environment(folder):
        return SkippedFolder(folder)
    return SkippedFolder(folder, sum(isinstance(entry, Path) for entry in _walk(folder.resolve(), ())))


def skipped_parent(path: Path, root: Path, include: Collection[str] = ()) -> Path | None:
    """Returns the outermost folder between `root` and a path that is skipped, or None if the path is to be read."""
    below = path.relative_to(root)
    folders = (root.joinpath(*below.parts[: count + 1]) for count in range(len(below.parts) - 1))
    return next((folder for folder in folders if is_skipped(folder, include)), None)


def is_skipped(folder: Path, include: Collection[str] = ()) -> bool:
    """Hidden folders and those of libraries are skipped: naming a project does not mean these."""
    if "*" in include or folder.name in include:
        return False
    is_hidden = folder.name.startswith(".") and folder.name not in (".", "..")
    return is_hidden or folder.name in _LIBRARY_FOLDERS or _is_environment(folder)


def _is_environment(folder: Path) -> bool:
    # Unlike Path.is_file, this says no if the folder may not be looked into.
    return os.path.isfile(folder / _ENVIRONMENT_FILE)


def _source(file: Path, root: Path) -> Source:
    absolute = file.resolve()
    path = Path(composed(str(absolute)))
    return Source(str(path), project_of(path, Path(composed(str(root.resolve())))))


def composed(path: str) -> str:
    """Returns a path as it is stored: with composed accents (Unicode NFC), since some systems decompose those of the
    same name, and with bytes that are no UTF-8 spelt out, as in "log\\xff.md".
    """
    readable = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", readable)


def _on_disk(path: Path) -> Path:
    """Returns the file of a composed path, whose name on disk may have decomposed accents or be no UTF-8."""
    if os.path.exists(path) or path.parent == path:
        return path
    folder = _on_disk(path.parent)
    try:
        return next((file for file in folder.iterdir() if composed(file.name) == path.name), path)
    except OSError:
        return path
