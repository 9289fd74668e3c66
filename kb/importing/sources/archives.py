"""Zip archives of logs, read within limits: size, count, ratio, depth, and no path out of the archive."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from django.conf import settings

from kb.importing.sources.archive_names import names_in
from sessions.sources import SUFFIXES, SourceError

_ENCRYPTED = 0x1
_SMALL = 1_000_000  # bytes under which a high ratio harms nobody


def logs_in_archive(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """(path in the archive, bytes) of each log. Raises SourceError before the first when the archive breaks a limit."""
    if len(content) > settings.ARCHIVE_SIZE_LIMIT:
        raise SourceError(
            f"{name}: {len(content):,} bytes, more than the limit of {settings.ARCHIVE_SIZE_LIMIT:,} for an archive. "
            "Split it, or raise ARCHIVE_SIZE_LIMIT."
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            wanted = _checked(name, archive)
            for info, path in wanted:
                yield path, _read(f"{name}: {path}", archive, info)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, UnicodeDecodeError) as problem:
        raise SourceError(f"{name}: cannot be read as a zip archive ({problem}). Pack it again.") from problem


def _checked(name: str, archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """The logs of an archive with their paths in it."""
    files = [info for info in archive.infolist() if not info.is_dir()]
    if len(files) > settings.ARCHIVE_FILES_LIMIT:
        raise SourceError(
            f"{name}: {len(files):,} files, more than the limit of {settings.ARCHIVE_FILES_LIMIT:,}. "
            "Split the archive, or raise ARCHIVE_FILES_LIMIT."
        )
    unpacked = sum(info.file_size for info in files)
    if unpacked > settings.ARCHIVE_UNPACKED_LIMIT:
        raise SourceError(
            f"{name}: {unpacked:,} bytes unpacked, more than the limit of {settings.ARCHIVE_UNPACKED_LIMIT:,}. "
            "Split the archive, or raise ARCHIVE_UNPACKED_LIMIT."
        )
    named = list(zip(files, names_in(files), strict=True))
    for info, path in named:
        if problem := _problem(info, path):
            raise SourceError(f"{name}: {problem} Nothing of the archive was taken.")
    wanted = [(info, path) for info, path in named if _is_log(path)]
    if not wanted:
        raise SourceError(f"{name}: holds no {', '.join(SUFFIXES)} file. Pack the logs themselves.")
    return wanted


def _problem(info: zipfile.ZipInfo, name: str) -> str:
    """Why a file makes the archive unfit; empty where nothing is wrong with it."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        return f"{name} leads out of the archive."
    if stat.S_ISLNK(info.external_attr >> 16):
        return f"{name} is a link; pack the file itself."
    if info.flag_bits & _ENCRYPTED:
        return f"{name} needs a password; pack it without one."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"{name} is packed by a method that is not read; pack it as a plain zip."
    if len(path.parts) > settings.ARCHIVE_DEPTH_LIMIT:
        return f"{name} lies {len(path.parts)} folders deep; the limit is {settings.ARCHIVE_DEPTH_LIMIT}."
    if path.suffix.lower() == ".zip":
        return f"{name} is an archive in the archive; unpack it first."
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > _SMALL and ratio > settings.ARCHIVE_RATIO_LIMIT:
        return f"{name} is packed {ratio:,.0f} times smaller; the limit is {settings.ARCHIVE_RATIO_LIMIT}."
    return ""


def _is_log(filename: str) -> bool:
    path = PurePosixPath(filename)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return path.suffix.lower() in SUFFIXES and not hidden


def _read(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a file, no more than it declares: a head that lies is not trusted."""
    with archive.open(info) as file:
        content = file.read(info.file_size + 1)
    if len(content) > info.file_size:
        raise SourceError(f"{name} is larger than the archive says. Pack it again.")
    return content
