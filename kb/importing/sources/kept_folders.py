"""The folders that are kept to be watched: added, paused, removed and put back by people, and what was seen of them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kb.models import WatchedFolder
from sessions.sources import SourceError

_PATH_LENGTH = 1000


def keep_folder(folder: Path, by: User | None = None) -> tuple[WatchedFolder, bool]:
    """Keeps a folder to be watched; one that was paused goes on. `by` is None for one named in the terminal.

    Returns it, and whether that is news. Raises SourceError if its path is too long.
    """
    path = str(folder.resolve())
    if len(path) > _PATH_LENGTH:
        raise SourceError(f"{path}: has more than {_PATH_LENGTH} characters. Watch a folder above it.")
    with transaction.atomic():
        row, is_new = WatchedFolder.objects.get_or_create(
            path=path, removed_at=None, defaults={"added_by": by, "from_terminal": by is None}
        )
    if by is None and not row.from_terminal:
        WatchedFolder.objects.filter(pk=row.pk).update(from_terminal=True)
    was_paused = resume(row)
    return row, is_new or was_paused


def watched_folders() -> QuerySet[WatchedFolder]:
    """Returns the folders that are kept and not paused."""
    return WatchedFolder.objects.filter(removed_at=None, paused_at=None)


def pause(row: WatchedFolder) -> bool:
    """Returns whether that changed anything, as all of these do."""
    return bool(watched_folders().filter(pk=row.pk).update(paused_at=timezone.now(), heartbeat_at=None))


def resume(row: WatchedFolder) -> bool:
    paused = WatchedFolder.objects.filter(pk=row.pk, removed_at=None).exclude(paused_at=None)
    return bool(paused.update(paused_at=None, problem=""))


def remove(row: WatchedFolder) -> bool:
    """Watches a folder no more. What was imported from it stays."""
    kept = WatchedFolder.objects.filter(pk=row.pk, removed_at=None)
    return bool(kept.update(removed_at=timezone.now(), heartbeat_at=None))


def restore(row: WatchedFolder) -> bool:
    """Puts a removed folder back as it was, unless somebody has added it again."""
    if WatchedFolder.objects.filter(path=row.path, removed_at=None).exists():
        return False
    removed = WatchedFolder.objects.filter(pk=row.pk).exclude(removed_at=None)
    return bool(removed.update(removed_at=None))


def note_seen(row: WatchedFolder, logs: int) -> None:
    """Notes that a folder was there, with so many logs."""
    now = timezone.now()
    row.problem, row.logs = "", logs
    WatchedFolder.objects.filter(pk=row.pk).update(problem="", logs=logs, seen_at=now, heartbeat_at=now)


def note_problem(row: WatchedFolder, problem: str) -> None:
    """Notes why a folder could not be looked at."""
    row.problem = problem[: WatchedFolder._meta.get_field("problem").max_length]
    WatchedFolder.objects.filter(pk=row.pk).update(problem=row.problem, heartbeat_at=timezone.now())


def note_heartbeat(rows: Collection[WatchedFolder]) -> None:
    """Notes that these are being watched, and that those without a problem were there."""
    now = timezone.now()
    still = watched_folders().filter(pk__in=[row.pk for row in rows])
    still.update(heartbeat_at=now)
    still.filter(problem="").update(seen_at=now)


def note_end(rows: Collection[WatchedFolder]) -> None:
    """Notes that these are watched no more."""
    WatchedFolder.objects.filter(pk__in=[row.pk for row in rows]).update(heartbeat_at=None)
