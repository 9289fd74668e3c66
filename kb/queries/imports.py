"""What the pages about importing ask: the history, the files of an import, and a person's tokens."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from kb.models import LEFT, ApiToken, Import, ImportedFile, ImportOutcome, WatchedFolder
from sessions.models import SessionLog

_SUMMED = ("added", "changed", "removed")


def import_history() -> QuerySet[Import]:
    """Returns imports, newest first."""
    return Import.objects.select_related("by", "undone_by").order_by("-started_at", "-pk")


def counted(runs: Iterable[Import]) -> list[Import]:
    """Returns imports with the number of their files by outcome and of records changed."""
    found = list(runs)
    counts = {outcome.value: Count("pk", filter=Q(outcome=outcome)) for outcome in ImportOutcome}
    sums = {f"records_{column}": Sum(column) for column in _SUMMED}
    of_runs = ImportedFile.objects.filter(run__in=found).order_by().values("run")
    rows = {row["run"]: dict(row) for row in of_runs.annotate(**counts, **sums)}
    for run in found:
        for name in (*counts, *sums):
            setattr(run, name, rows.get(run.pk, {}).get(name, 0))
    return found


def files_of(run: Import) -> QuerySet[ImportedFile]:
    """Returns the files of an import, each with the primary key of its log's latest `session`."""
    latest = SessionLog.objects.filter(log=OuterRef("log")).values("pk")[:1]
    return run.files.defer("before").annotate(session=Subquery(latest))


def undo_counts(run: Import) -> dict[str, int]:
    """Returns how many logs undoing an import would delete and restore, and how many paths it would remove."""
    counted = {
        "new": Q(outcome=ImportOutcome.NEW),
        "edited": Q(outcome=ImportOutcome.UPDATED),
        "copies": Q(is_copy=True),
    }
    files = run.files.filter(undo_result__in=("", LEFT))
    return files.aggregate(**{name: Count("pk", filter=condition) for name, condition in counted.items()})


def files_to_undo(run: Import) -> int:
    return run.files.filter(undo_result="").count()


def kept_folders() -> list[WatchedFolder]:
    """Returns the folders that are watched or paused, by path, with who added them."""
    return list(WatchedFolder.objects.filter(removed_at=None).select_related("added_by"))


def active_tokens(owner: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(owner=owner, revoked_at=None)
