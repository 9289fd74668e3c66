"""Uploads: kept in memory, then staged log by log; archives are opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

from kb.importing.namesakes import Upload
from kb.importing.sources.archives import logs_in_archive
from kb.importing.staging import Batch
from sessions.sources import SUFFIXES, SourceError, project_of_path

_ARCHIVE = ".zip"


class InMemoryHandler(MemoryFileUploadHandler):
    """Keeps every upload in memory: it may hold credentials, which must not lie on a disk.

    Of a file over every limit no more is kept than shows that it is. Of files that are too large together nothing is
    kept, but they are read to their end: a browser that is cut off shows no answer.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True
        self._is_over = self.request is not None and is_over_limit(self.request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if not self._is_over and self.file.tell() <= max(settings.ARCHIVE_SIZE_LIMIT, settings.LOG_SIZE_LIMIT):
            self.file.write(raw_data)


def is_over_limit(request: HttpRequest) -> bool:
    """A request brings more than its files may have together. Django reads no more of it than it says it has."""
    length = str(request.META.get("CONTENT_LENGTH") or 0)
    return length.isdecimal() and int(length) > settings.UPLOAD_SIZE_LIMIT


def over_limit_sentence() -> str:
    return (
        f"The files are more than the {settings.UPLOAD_SIZE_LIMIT:,} bytes that one upload may have. "
        "Send them in parts, or raise UPLOAD_SIZE_LIMIT."
    )


def stage_uploads(
    batch: Batch, files: Sequence[UploadedFile[bytes]], paths: Sequence[str], project: str, owner: str
) -> None:
    """Puts uploaded files into a batch. `paths`: their paths in a dropped folder, where the browser tells them."""
    for number, file in enumerate(files):
        name = (paths[number] if number < len(paths) else "") or file.name or "log.md"
        stage_content(batch, name.replace("\\", "/").lstrip("/"), file.read(), project, owner)


def stage_content(batch: Batch, name: str, content: bytes, project: str, owner: str) -> None:
    """Puts a log, or the logs of an archive, into a batch; what cannot be taken is refused there with its reason."""
    try:
        for path, text in logs_of(name, content):
            batch.add(path, text, project or project_of_path(path), Upload.of(path, project, owner))
    except SourceError as problem:
        batch.refuse(name, str(problem))


def logs_of(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of a log, or of each log in an archive. Raises SourceError for what is neither, and over limits."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == _ARCHIVE:
        # All of it is read before any of it is staged: an archive comes whole or not at all.
        yield from list(logs_in_archive(name, content))
    elif suffix in SUFFIXES:
        yield name, content
    else:
        raise SourceError(f"{name}: is no {', '.join(SUFFIXES)} or {_ARCHIVE} file. Rename it, or pack the logs.")
