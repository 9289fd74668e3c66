"""Folders on the server that may be imported from the page: those of IMPORT_FOLDERS and everything below them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from kb.importing.staging import Batch
from sessions.sources import SkippedFolder, Source, SourceError, find_sources, path_named

_MOST_NAMED = 10


def allowed_folder(text: str) -> Path:
    """Returns the folder that a person asks for. Raises SourceError if it does not exist or may not be read."""
    try:
        folder = path_named(text).resolve()
    except RuntimeError as circle:
        raise SourceError(f"{text}: leads in a circle. Name the folder itself.") from circle
    if not is_allowed(folder):
        raise SourceError(f"{text}: may not be imported from here. Add it to IMPORT_FOLDERS, or use manage.py ingest.")
    if not os.path.isdir(folder):
        raise SourceError(f"{text}: is not a folder. Check the spelling.")
    return folder


def is_allowed(folder: Path) -> bool:
    """Whether the pages may read a folder, given without links: it is one of IMPORT_FOLDERS or below one."""
    return any(folder.is_relative_to(Path(root).resolve()) for root in settings.IMPORT_FOLDERS)


def stage_folder(batch: Batch, folder: Path) -> None:
    """Queues the logs of a folder, for `stage_queued` to read."""
    candidates = list(find_sources([str(folder)], settings.INCLUDE_FOLDERS))
    for candidate in candidates:
        if isinstance(candidate, SourceError):
            batch.refuse(str(folder), str(candidate))
    batch.note_skipped(skipped_message(skipped for skipped in candidates if isinstance(skipped, SkippedFolder)))
    sources = [(source.path, source.project) for source in candidates if isinstance(source, Source)]
    if len(sources) > settings.UPLOAD_FILES_LIMIT:
        batch.refuse(
            str(folder),
            f"{folder}: {len(sources):,} logs, more than the limit of {settings.UPLOAD_FILES_LIMIT:,}. "
            "Import its folders one by one, or raise UPLOAD_FILES_LIMIT.",
        )
        sources = []
    batch.queue(sources)


def stage_queued(batch: Batch, seconds: float = 2.0) -> int:
    """Reads and redacts queued files, for about that long. Returns how many are left."""
    queued = batch.queued()
    until, staged = time.monotonic() + seconds, 0
    for path, project in queued:
        try:
            batch.add(path, Source(path, project).read(settings.LOG_SIZE_LIMIT), project)
        except SourceError as error:
            batch.refuse(path, str(error))
        staged += 1
        if time.monotonic() > until:
            break
    if staged:
        batch.queue(queued[staged:])
    return len(queued) - staged


def skipped_message(folders: Iterable[SkippedFolder]) -> str:
    """Says which folders were skipped and how to read those with logs. Returns an empty string if none were."""
    skipped = list(folders)
    with_logs = [folder for folder in skipped if folder.logs]
    closed = [folder for folder in skipped if folder.is_closed]
    sentences = []
    if without := len(skipped) - len(with_logs) - len(closed):
        sentences.append(f"Skipped {without} folder{'s' if without > 1 else ''} of libraries and tools.")
    if with_logs:
        named = ", ".join(
            f"{skipped.folder} ({skipped.logs} log{'s' if skipped.logs > 1 else ''})"
            for skipped in with_logs[:_MOST_NAMED]
        )
        more = _more(with_logs)
        names = ",".join(sorted({skipped.folder.name for skipped in with_logs}))
        sentences.append(
            f"Skipped hidden folders that contain logs: {named}{more}. "
            f"To import them, name them as paths, or set INCLUDE_FOLDERS={names}."
        )
    if closed:
        named = ", ".join(str(folder.folder) for folder in closed[:_MOST_NAMED])
        sentences.append(f"Skipped what may not be looked into: {named}{_more(closed)}. Check the permissions.")
    return " ".join(sentences)


def _more(folders: Sequence[SkippedFolder]) -> str:
    return f" and {len(folders) - _MOST_NAMED} more" if len(folders) > _MOST_NAMED else ""
