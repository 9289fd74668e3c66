"""Uploads: kept in memory, then staged log by log; archives are opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler

from kb.importing.archives import logs_in_archive
from kb.importing.staging import Batch
from sessions.sources import SUFFIXES, SourceError, composed, project_of_path

_ARCHIVE = ".zip"


class InMemoryHandler(MemoryFileUploadHandler):
    """Keeps every upload in memory: it may hold credentials, which must not lie on a disk.

    Of one over every limit no more is kept than shows that it is.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.file.tell() <= max(settings.ARCHIVE_SIZE_LIMIT, settings.LOG_SIZE_LIMIT):
            self.file.write(raw_data)


def stage_uploads(batch: Batch, files: Sequence[UploadedFile[bytes]], paths: Sequence[str], project: str) -> None:
    """Puts uploaded files into a batch. `paths`: their paths in a dropped folder, where the browser tells them."""
    for number, file in enumerate(files):
        name = (paths[number] if number < len(paths) else "") or file.name or "log.md"
        stage_content(batch, name.replace("\\", "/").lstrip("/"), file.read(), project)


def stage_content(batch: Batch, name: str, content: bytes, project: str) -> None:
    """Puts a log, or the logs of an archive, into a batch; what cannot be taken is refused there with its reason."""
    try:
        for path, text in logs_of(name, content):
            batch.add(name_for(path, project), text, project or project_of_path(path))
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


def name_for(path: str, project: str) -> str:
    """What an uploaded log is known by: the same name uploaded for the same project again is an edit of it."""
    parts = [part for part in PurePosixPath(composed(path)).parts if part not in ("..", "/")]
    return "/".join(["uploads", *([composed(project)] if project else []), *parts])[:1000]
