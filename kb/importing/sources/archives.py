"""Zip archives of logs, read within limits on size, count, ratio and depth, and without paths out of the archive."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from django.conf import settings

from kb.importing.sources.archive_names import names_in
from sessions.sources import SUFFIXES, SourceError

_ENCRYPTED = 0x1
# What zipfile raises for bytes that it did not expect.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError),
    *(ValueError, IndexError, KeyError, OverflowError),
)
_SMALL = 1_000_000  # bytes below which a high compression ratio is harmless


def logs_in_archive(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yields (path in the archive, bytes) of each log. Raises SourceError before the first if a limit is broken."""
    if len(content) > settings.ARCHIVE_SIZE_LIMIT:
        raise SourceError(
            f"{name}: {len(content):,} bytes, more than the limit of {settings.ARCHIVE_SIZE_LIMIT:,} for an archive. "
            "Split it, or raise ARCHIVE_SIZE_LIMIT."
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for info, path in _checked_logs(name, archive):
                yield path, _read(f"{name}: {path}", archive, info)
    except _DAMAGED as error:
        why = str(error) or type(error).__name__
        raise SourceError(f"{name}: cannot be read as a zip archive ({why}). Pack it again.") from error


def _checked_logs(name: str, archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """Returns the logs of an archive with their paths. Raises SourceError if any file breaks a limit."""
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
            raise SourceError(f"{name}: {problem} Nothing from the archive was imported.")
    logs = [(info, path) for info, path in named if _is_log(path)]
    if not logs:
        raise SourceError(f"{name}: contains no {', '.join(SUFFIXES)} file. Pack the logs themselves.")
    return logs


def _problem(info: zipfile.ZipInfo, name: str) -> str:
    """Says why a file makes the archive unacceptable. Returns an empty string if it does not."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        return f"{name} leads out of the archive."
    if stat.S_ISLNK(info.external_attr >> 16):
        return f"{name} is a link; pack the file itself."
    if info.flag_bits & _ENCRYPTED:
        return f"{name} is encrypted; pack it without a password."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"{name} uses an unsupported compression method; pack it as a plain zip."
    if len(path.parts) > settings.ARCHIVE_DEPTH_LIMIT:
        return f"{name} is {len(path.parts)} folders deep; the limit is {settings.ARCHIVE_DEPTH_LIMIT}."
    if path.suffix.lower() == ".zip":
        return f"{name} is an archive within the archive; unpack it first."
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > _SMALL and ratio > settings.ARCHIVE_RATIO_LIMIT:
        return f"{name} is compressed {ratio:,.0f} times; the limit is {settings.ARCHIVE_RATIO_LIMIT}."
    return ""


def _is_log(filename: str) -> bool:
    path = PurePosixPath(filename)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return path.suffix.lower() in SUFFIXES and not hidden


def _read(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Returns the bytes of a file. Raises SourceError if there are more than its header declares."""
    with archive.open(info) as file:
        content = file.read(info.file_size + 1)
    if len(content) > info.file_size:
        raise SourceError(f"{name} is larger than the archive says. Pack it again.")
    return content
