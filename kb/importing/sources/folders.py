"""Folders on the server that may be imported from the page: those of IMPORT_FOLDERS and what lies below them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from kb.importing.staging import Batch
from sessions.sources import LeftOut, Source, SourceError, find_sources

_MOST_NAMED = 10


def allowed_folder(text: str) -> Path:
    """The folder a person asks for. Raises SourceError for one that is missing or may not be read."""
    folder = Path(text).expanduser().resolve()
    allowed = [Path(root).resolve() for root in settings.IMPORT_FOLDERS]
    if not any(folder.is_relative_to(root) for root in allowed):
        raise SourceError(f"{text}: may not be imported from here. Add it to IMPORT_FOLDERS, or use manage.py ingest.")
    if not folder.is_dir():
        raise SourceError(f"{text}: is no folder. Check the spelling.")
    return folder


def stage_folder(batch: Batch, folder: Path) -> None:
    """Notes the logs of a folder; `stage_some` reads them."""
    found = list(find_sources([str(folder)], settings.INCLUDE_FOLDERS))
    for one in found:
        if isinstance(one, SourceError):
            batch.refuse(str(folder), str(one))
    batch.tell(left_out_words(one for one in found if isinstance(one, LeftOut)))
    sources = [(one.path, one.project) for one in found if isinstance(one, Source)]
    if len(sources) > settings.UPLOAD_FILES_LIMIT:
        batch.refuse(
            str(folder),
            f"{folder}: {len(sources):,} logs, more than the limit of {settings.UPLOAD_FILES_LIMIT:,}. "
            "Import its folders one by one, or raise UPLOAD_FILES_LIMIT.",
        )
        sources = []
    batch.wait_for(sources)


def left_out_words(folders: Iterable[LeftOut]) -> str:
    """Which folders were not searched, and how to read those that hold logs; empty if there are none."""
    left = list(folders)
    holding = [one for one in left if one.logs]
    lines = []
    if rest := len(left) - len(holding):
        lines.append(f"{rest} folder{'s' if rest > 1 else ''} of libraries and tools left out.")
    if holding:
        named = ", ".join(
            f"{one.folder} ({one.logs} log{'s' if one.logs > 1 else ''})" for one in holding[:_MOST_NAMED]
        )
        more = f" and {len(holding) - _MOST_NAMED} more" if len(holding) > _MOST_NAMED else ""
        names = ",".join(sorted({one.folder.name for one in holding}))
        lines.append(
            f"Hidden folders that hold logs left out: {named}{more}. "
            f"To read them, name them as paths, or set INCLUDE_FOLDERS={names}."
        )
    return " ".join(lines)


def stage_some(batch: Batch, seconds: float = 2.0) -> int:
    """Reads and redacts files that wait, for about so long; how many are left."""
    waiting = batch.waiting()
    until, taken = time.monotonic() + seconds, 0
    for path, project in waiting:
        try:
            batch.add(path, Source(path, project).read(settings.LOG_SIZE_LIMIT), project)
        except SourceError as problem:
            batch.refuse(path, str(problem))
        taken += 1
        if time.monotonic() > until:
            break
    if taken:
        batch.wait_for(waiting[taken:])
    return len(waiting) - taken
