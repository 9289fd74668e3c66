"""Corrections in the database: which are in force for a log, and what became of them when they were applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from kb.corrections.applying import Outcome
from kb.models import Correction
from sessions.models import Log, LogPath, SessionLog


def in_force(path: str) -> list[Correction]:
    """Returns the corrections of the log that is under a path now, and those of one that was there before, in order.

    A log that is kept since somebody acted on its errors has its corrections still, but is under no path.
    """
    of_path = Q(log__paths__path=path) | Q(log=None, at_path=path)
    if not LogPath.objects.filter(path=path).exists():
        of_path |= Q(log__was_at=path)
    return list(Correction.objects.filter(of_path, undone_at=None).order_by("pk"))


def leave_path(log: Log, former: str) -> None:
    """Lets the corrections of a log that loses a path go with another one of it, where they would wait for it."""
    kept = log.paths.exclude(path=former).order_by("pk").values_list("path", flat=True).first()
    if kept is not None:
        Correction.objects.filter(log=log, at_path=former[:1000]).update(at_path=kept[:1000])


def staged(values: Iterable[Mapping[str, Any]]) -> list[Correction]:
    """Returns the corrections that were made before their log was imported."""
    return [Correction(**{**one, "at": dt.datetime.fromisoformat(one["at"])}) for one in values]


def settle(log: Log, path: str, sessions: Iterable[SessionLog], outcomes: Sequence[Outcome]) -> None:
    """Stores where corrections were found, and since when the lines of one are gone.

    If the log was one of two paths until now, the other path's log keeps its corrections and this one gets copies.
    """
    rows = {row.key: row for row in sessions}
    for outcome in outcomes:
        correction, sheet = outcome.correction, outcome.sheet
        if correction.log_id not in (None, log.pk) and Log.objects.filter(pk=correction.log_id).exists():
            correction.pk, correction._state.adding = None, True
        correction.log, correction.at_path = log, path[:1000]
        if sheet is not None and sheet.key in rows:
            correction.session = rows[sheet.key]
        elif correction.session_id and not SessionLog.objects.filter(pk=correction.session_id).exists():
            correction.session = None
        correction.lost_at = (correction.lost_at or timezone.now()) if outcome.is_lost else None
        outcome.remember()
        correction.save()
