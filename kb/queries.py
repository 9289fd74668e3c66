"""Every question the pages ask the database, each with a name and a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kb.blockers.carrying import CarriedStep, carry_forward
from sessions.models import Attempt, Command, Error, Fix, NextStep, Project, SessionLog


def latest_sessions(limit: int = 8) -> QuerySet[SessionLog]:
    return with_counts(SessionLog.objects.all())[:limit]


def sessions(project: str = "", status: str = "") -> QuerySet[SessionLog]:
    """Sessions newest first, of one project and with one status where these are given."""
    found = with_counts(SessionLog.objects.all())
    if project:
        found = found.filter(project__name=project)
    return found.filter(status=status) if status else found


def with_counts(found: QuerySet[SessionLog]) -> QuerySet[SessionLog]:
    """Adds how many errors, fixes and next steps each session has, without a join that would multiply them."""
    counts = {
        f"{name}_count": Coalesce(Subquery(_count(model)), 0)
        for name, model in (("error", Error), ("fix", Fix), ("step", NextStep), ("command", Command))
    }
    return found.select_related("project").annotate(**counts)


def _count(model: type[Error] | type[Fix] | type[NextStep] | type[Command]) -> QuerySet[Error]:
    mine = model._default_manager.filter(session=OuterRef("pk")).order_by().values("session")
    return mine.annotate(count=Count("pk")).values("count")  # type: ignore[return-value]


def session_with_records(pk: int) -> SessionLog:
    """A session with all its records, ladders of attempts included. Raises SessionLog.DoesNotExist."""
    ladder = Prefetch("attempts", Attempt.objects.select_related("fix").order_by("position"))
    return (
        SessionLog.objects.select_related("project", "log")
        .prefetch_related(
            "log__paths",
            "objective_set",
            Prefetch("error_set", Error.objects.select_related("occurrence__issue").prefetch_related(ladder)),
            Prefetch("fix_set", Fix.objects.annotate(tried_on=Count("errors"))),
            "command_set",
            "nextstep_set",
            "filechange_set",
            "learning_set",
            "decision_set",
            "commit_set",
        )
        .get(pk=pk)
    )


def neighbours(session: SessionLog) -> tuple[SessionLog | None, SessionLog | None]:
    """The sessions of the same project before and after one, by day."""
    peers = SessionLog.objects.filter(project=session.project)
    if session.date is None:
        return None, None
    earlier = peers.filter(Q(date__lt=session.date) | Q(date=session.date, pk__lt=session.pk))
    later = peers.filter(Q(date__gt=session.date) | Q(date=session.date, pk__gt=session.pk))
    return earlier.order_by("-date", "-pk").first(), later.order_by("date", "pk").first()


def carried_steps(project: str = "", priority: str = "") -> list[CarriedStep]:
    """Next steps of all sessions, carried forward; those that are open, newest first."""
    steps = NextStep.objects.select_related("session__project")
    if project:
        steps = steps.filter(session__project__name=project)
    carried = [item for item in carry_forward(steps) if item.is_open]
    return [item for item in carried if item.latest.priority == priority] if priority else carried


def open_blockers(limit: int = 8) -> list[CarriedStep]:
    """Open P0 steps over all projects, those open longest first."""
    found = carried_steps(priority=NextStep.Priority.P0)
    return sorted(found, key=lambda item: item.raised_on or dt.date.max)[:limit]


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
