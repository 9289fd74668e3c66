"""Uploads: they stay in memory until they are staged log by log. Archives are unpacked."""

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
from sessions.project_names import project_of_path
from sessions.sources import SUFFIXES, SourceError

_ARCHIVE = ".zip"


class InMemoryHandler(MemoryFileUploadHandler):
    """Keeps every upload in memory, since it may contain credentials, which must not be written to disk.

    Of a file that is over every limit, only enough is kept to show that. If the files are too large together, nothing
    is kept, but the request is read to its end: a browser that is cut off does not show the response.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True
        self._is_over = self.request is not None and is_over_limit(self.request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if not self._is_over and self.file.tell() <= max(settings.ARCHIVE_SIZE_LIMIT, settings.LOG_SIZE_LIMIT):
            self.file.write(raw_data)


def is_over_limit(request: HttpRequest) -> bool:
    """The request is larger than its files may be together. Django reads no more of it than its declared length."""
    length = str(request.META.get("CONTENT_LENGTH") or 0)
    return length.isdecimal() and int(length) > settings.UPLOAD_SIZE_LIMIT


def over_limit_message() -> str:
    return (
        f"The upload is larger than the limit of {settings.UPLOAD_SIZE_LIMIT:,} bytes. "
        "Send the files in several uploads, or raise UPLOAD_SIZE_LIMIT."
    )


def stage_uploads(
    batch: Batch, files: Sequence[UploadedFile[bytes]], paths: Sequence[str], project: str, owner: str
) -> None:
    """Stages uploaded files. `paths` holds their paths in a dropped folder, if the browser sends them."""
    for number, file in enumerate(files):
        name = (paths[number] if number < len(paths) else "") or file.name or "log.md"
        stage_content(batch, name.replace("\\", "/").lstrip("/"), file.read(), project, owner)


def stage_content(batch: Batch, name: str, content: bytes, project: str, owner: str) -> None:
    """Stages a log, or the logs of an archive. What cannot be imported is refused with its reason."""
    try:
        for path, text in logs_of(name, content):
            batch.add(path, text, project or project_of_path(path), Upload.of(path, project, owner))
    except SourceError as error:
        batch.refuse(name, str(error))


def logs_of(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yields (path, bytes) of a log, or of each log in an archive. Raises SourceError for anything else."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == _ARCHIVE:
        # All of it is read before any of it is staged, since an archive is imported as a whole or not at all.
        yield from list(logs_in_archive(name, content))
    elif suffix in SUFFIXES:
        yield name, content
    else:
        raise SourceError(
            f"{name}: is not a {', '.join(SUFFIXES)} or {_ARCHIVE} file. Rename it, or pack the logs into an archive."
        )
