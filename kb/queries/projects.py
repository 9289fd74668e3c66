"""Queries about a project as a whole."""

from __future__ import annotations

import datetime as dt

from sessions.models import SessionLog


def has_sessions(project: str) -> bool:
    return SessionLog.objects.filter(project__name=project).exists()


def last_session_day(project: str) -> dt.date | None:
    """The day of the project's last dated session."""
    dated = SessionLog.objects.filter(project__name=project, date__isnull=False)
    return dated.order_by("-date").values_list("date", flat=True).first()
