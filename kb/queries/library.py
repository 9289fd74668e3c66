"""What logs hold besides errors: commands by shape, files with their history, learnings and decisions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from kb.models import Issue
from sessions.models import Command, Decision, FileChange, Fix, Learning, SessionLog
from sessions.parsing.commands.shapes import danger_of, shape_of

_MOST_COMMANDS = 5_000
_MOST_CHANGES = 200
_MOST_ISSUES = 50
_EXAMPLES = 3
_NEWEST = (F("session__date").desc(nulls_last=True), "-session", "position")


@dataclass(slots=True)
class CommandShape:
    """Commands of one shape.

    outcomes  of the fixes these commands belong to
    danger    why to be careful, or empty
    """

    shape: str
    times: int = 0
    sessions: set[int] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    last: dt.date | None = None
    danger: str = ""
    examples: list[Command] = field(default_factory=list)

    @property
    def outcome_counts(self) -> list[tuple[str, int]]:
        """The outcomes with the number of fixes that had them, the most frequent first."""
        return self.outcomes.most_common()


def command_shapes(project: str = "", words: str = "", dangerous: bool = False) -> tuple[list[CommandShape], bool]:
    """Returns commands by shape, the most used first, and whether there were more than the newest 5,000 it reads."""
    rows = Command.objects.select_related("session__project").order_by(*_NEWEST)
    if project:
        rows = rows.filter(session__project__name=project)
    for word in words.split():
        rows = rows.filter(Q(text__icontains=word) | Q(purpose__icontains=word))
    commands = list(rows[: _MOST_COMMANDS + 1])
    shapes: dict[str, CommandShape] = {}
    outcomes = _outcomes({command.session_id for command in commands})
    for command in commands[:_MOST_COMMANDS]:
        shape = shapes.setdefault(shape_of(command.text), CommandShape(shape_of(command.text)))
        _count(shape, command, outcomes.get(command.session_id, ()))
    listed = [shape for shape in shapes.values() if shape.danger or not dangerous]
    listed.sort(key=lambda shape: (-len(shape.sessions), -shape.times, shape.shape))
    return listed, len(commands) > _MOST_COMMANDS


def _outcomes(sessions: Iterable[int]) -> dict[int, list[tuple[int, int, str]]]:
    """The spans of fixes with a known outcome, by session."""
    fixes = Fix.objects.filter(session__in=list(sessions)).exclude(outcome__in=("", "unknown"))
    spans: dict[int, list[tuple[int, int, str]]] = {}
    for session, first, last, outcome in fixes.values_list("session_id", "first_line", "last_line", "outcome"):
        spans.setdefault(session, []).append((first, last, outcome))
    return spans


def _count(shape: CommandShape, command: Command, spans: Iterable[tuple[int, int, str]]) -> None:
    shape.times += 1
    shape.sessions.add(command.session_id)
    shape.danger = shape.danger or danger_of(command.text)
    shape.outcomes.update(outcome for first, last, outcome in spans if first <= command.line <= last)
    if command.session.date and (shape.last is None or command.session.date > shape.last):
        shape.last = command.session.date
    if len(shape.examples) < _EXAMPLES and command.text not in {example.text for example in shape.examples}:
        shape.examples.append(command)


def files(project: str = "", words: str = "") -> QuerySet[FileChange, Any]:
    """Changed files with the number of sessions that changed them and the last day, the most often changed first."""
    changes = FileChange.objects.filter(session__project__name=project) if project else FileChange.objects.all()
    for word in words.split():
        changes = changes.filter(path__icontains=word)
    by_path = changes.order_by().values("path")
    counted = by_path.annotate(session_count=Count("session", distinct=True), last=Max("session__date"))
    return counted.order_by("-session_count", "path")


@dataclass(frozen=True, slots=True)
class FileHistory:
    """What is known about a file.

    changes    with their sessions
    mentions   issues that mention it
    alongside  other issues of the sessions that changed it
    """

    path: str
    changes: Sequence[FileChange]
    mentions: Sequence[Issue]
    alongside: Sequence[Issue]


def file_history(path: str) -> FileHistory:
    """The history of a file, by its path or the end of it ("handler.py")."""
    changes = (
        FileChange.objects.filter(Q(path=path) | Q(path__endswith=f"/{path}"))
        .select_related("session__project")
        .order_by(F("session__date").desc(nulls_last=True), "-session")
    )
    issues = Issue.objects.filter(merged_into=None).order_by("-pk")
    mentions = list(issues.filter(_mentions(path.rsplit("/", 1)[-1])).distinct()[:_MOST_ISSUES])
    sessions = SessionLog.objects.filter(pk__in=changes.values("session"))
    others = issues.filter(occurrences__error__session__in=sessions).exclude(pk__in=[issue.pk for issue in mentions])
    return FileHistory(path, list(changes[:_MOST_CHANGES]), mentions, list(others.distinct()[:_MOST_ISSUES]))


def _mentions(name: str) -> Q:
    """Issues with an error or a fix that mentions a name."""
    condition = Q()
    for column in ("title", "message", "root_cause", "fixes__title"):
        condition |= Q((f"occurrences__error__{column}__icontains", name))
    return condition


def learnings(project: str = "", words: str = "") -> QuerySet[Learning]:
    """Learnings, the newest first."""
    return Learning.objects.filter(_narrow(project, words)).select_related("session__project").order_by(*_NEWEST)


def decisions(project: str = "", words: str = "") -> QuerySet[Decision]:
    """Decisions, the newest first."""
    return Decision.objects.filter(_narrow(project, words)).select_related("session__project").order_by(*_NEWEST)


def _narrow(project: str, words: str) -> Q:
    condition = Q(session__project__name=project) if project else Q()
    for word in words.split():
        condition &= Q(text__icontains=word)
    return condition
