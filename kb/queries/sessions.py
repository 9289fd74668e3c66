"""Sessions, their records and neighbours, and the numbers of the home page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kb.queries.board import BoardFilter, BoardRow, board, board_rows, dropped_apart
from sessions.models import Attempt, Command, Error, Fix, NextStep, Project, SessionLog

_MOST_LIVE, _MOST_DROPPED = 8, 3
_LATELY = 100  # days: a P0 that nobody has mentioned for longer is no news


@dataclass(frozen=True, slots=True)
class OpenBlockers:
    """The open P0s of the first page: live ones, some that were dropped lately, and how many were dropped in all."""

    live: list[BoardRow]
    dropped: list[BoardRow]
    dropped_count: int


def latest_sessions(limit: int = 8) -> QuerySet[SessionLog]:
    return with_counts(SessionLog.objects.all())[:limit]


def sessions(project: str = "", status: str = "") -> QuerySet[SessionLog]:
    """Sessions, the newest first, of one project or with one status if these are given."""
    rows = with_counts(SessionLog.objects.all())
    if project:
        rows = rows.filter(project__name=project)
    return rows.filter(status=status) if status else rows


def with_counts(sessions: QuerySet[SessionLog]) -> QuerySet[SessionLog]:
    """Adds the number of errors, fixes, next steps and commands, without joins, which would multiply them."""
    counts = {
        f"{name}_count": Coalesce(Subquery(_count(model)), 0)
        for name, model in (("error", Error), ("fix", Fix), ("step", NextStep), ("command", Command))
    }
    return sessions.select_related("project").annotate(**counts)


def _count(model: type[Error] | type[Fix] | type[NextStep] | type[Command]) -> QuerySet[Error]:
    of_session = model._default_manager.filter(session=OuterRef("pk")).order_by().values("session")
    return of_session.annotate(count=Count("pk")).values("count")  # type: ignore[return-value]


def session_with_records(pk: int) -> SessionLog:
    """A session with all its records and the attempts at each error. Raises SessionLog.DoesNotExist."""
    ladder = Prefetch("attempts", Attempt.objects.select_related("fix").order_by("position"))
    return (
        SessionLog.objects.select_related("project", "log")
        .prefetch_related(
            "log__paths",
            "objective_set",
            Prefetch("error_set", Error.objects.select_related("occurrence__issue").prefetch_related(ladder)),
            Prefetch("fix_set", Fix.objects.annotate(tried_on=Count("errors"))),
            "command_set",
            Prefetch("nextstep_set", NextStep.objects.select_related("mention__tracked_step")),
            "filechange_set",
            "learning_set",
            "decision_set",
            "commit_set",
        )
        .get(pk=pk)
    )


def session_with_log(pk: int) -> SessionLog:
    """A session with its log. Raises SessionLog.DoesNotExist."""
    return SessionLog.objects.select_related("log").get(pk=pk)


def neighbours(session: SessionLog) -> tuple[SessionLog | None, SessionLog | None]:
    """The sessions of the same project before and after a session, by day."""
    peers = SessionLog.objects.filter(project=session.project)
    if session.date is None:
        return None, None
    earlier = peers.filter(Q(date__lt=session.date) | Q(date=session.date, pk__lt=session.pk))
    later = peers.filter(Q(date__gt=session.date) | Q(date=session.date, pk__gt=session.pk))
    return earlier.order_by("-date", "-pk").first(), later.order_by("date", "pk").first()


def open_blockers(today: dt.date) -> OpenBlockers:
    """Open P0 steps of all projects: the live ones, blockers first, and below them what was dropped lately."""
    filters = BoardFilter(priority=NextStep.Priority.P0)
    live, dropped = board(filters, today), dropped_apart(filters, today)
    lately = dropped.filter(latest_on__gt=today - dt.timedelta(days=_LATELY))
    return OpenBlockers(
        board_rows(list(live[:_MOST_LIVE]), "", today),
        board_rows(list(lately[:_MOST_DROPPED]), "", today),
        dropped.count(),
    )


def project_names() -> Sequence[str]:
    return list(Project.objects.values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class Totals:
    sessions: int
    errors: int
    fixes: int
    commands: int


def totals() -> Totals:
    return Totals(SessionLog.objects.count(), Error.objects.count(), Fix.objects.count(), Command.objects.count())
