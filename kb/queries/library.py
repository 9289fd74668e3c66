"""What logs hold beside errors: commands by shape, files with what touched them, learnings and decisions."""

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
_EXAMPLES = 3
_NEWEST = (F("session__date").desc(nulls_last=True), "-session", "position")


@dataclass(slots=True)
class CommandShape:
    """Commands of one shape. `outcomes`: of the fixes they belong to; `danger`: why one has to take care."""

    shape: str
    times: int = 0
    sessions: set[int] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    last: dt.date | None = None
    danger: str = ""
    examples: list[Command] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[str, int]]:
        """The outcomes with how often each was told."""
        return self.outcomes.most_common()


def command_shapes(project: str = "", words: str = "", dangerous: bool = False) -> tuple[list[CommandShape], bool]:
    """Commands by shape, the most used first, and whether there were more than the newest 5,000 that are looked at."""
    found = Command.objects.select_related("session__project").order_by(*_NEWEST)
    if project:
        found = found.filter(session__project__name=project)
    for word in words.split():
        found = found.filter(Q(text__icontains=word) | Q(purpose__icontains=word))
    commands = list(found[: _MOST_COMMANDS + 1])
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
    if len(shape.examples) < _EXAMPLES and command.text not in {known.text for known in shape.examples}:
        shape.examples.append(command)


def files(project: str = "", words: str = "") -> QuerySet[FileChange, Any]:
    """Files that sessions changed, with how many did and when last, the most changed first."""
    found = FileChange.objects.filter(session__project__name=project) if project else FileChange.objects.all()
    for word in words.split():
        found = found.filter(path__icontains=word)
    counted = (
        found.order_by().values("path").annotate(sessions=Count("session", distinct=True), last=Max("session__date"))
    )
    return counted.order_by("-sessions", "path")


@dataclass(frozen=True, slots=True)
class FileStory:
    """What touched a file: changes with their sessions, and the issues that name it or were met in those sessions."""

    path: str
    changes: Sequence[FileChange]
    naming: Sequence[Issue]
    beside: Sequence[Issue]


def file_story(path: str) -> FileStory:
    """The story of a file, by its path or by its end ("handler.py")."""
    same = Q(path=path) | Q(path__endswith=f"/{path}")
    changes = (
        FileChange.objects.filter(same)
        .select_related("session__project")
        .order_by(F("session__date").desc(nulls_last=True), "-session")
    )
    name = path.rsplit("/", 1)[-1]
    told = Q(occurrences__error__title__icontains=name) | Q(occurrences__error__message__icontains=name)
    told |= Q(occurrences__error__root_cause__icontains=name) | Q(occurrences__error__fixes__title__icontains=name)
    issues = Issue.objects.filter(merged_into=None)
    naming = list(issues.filter(told).distinct().order_by("-pk")[:50])
    sessions = SessionLog.objects.filter(pk__in=changes.values("session"))
    beside = issues.filter(occurrences__error__session__in=sessions).exclude(pk__in=[issue.pk for issue in naming])
    return FileStory(path, list(changes[:200]), naming, list(beside.distinct().order_by("-pk")[:50]))


def learnings(project: str = "", words: str = "") -> QuerySet[Learning]:
    """Learnings newest first."""
    return Learning.objects.filter(_narrowed(project, words)).select_related("session__project").order_by(*_NEWEST)


def decisions(project: str = "", words: str = "") -> QuerySet[Decision]:
    """Decisions newest first."""
    return Decision.objects.filter(_narrowed(project, words)).select_related("session__project").order_by(*_NEWEST)


def _narrowed(project: str, words: str) -> Q:
    narrowed = Q(session__project__name=project) if project else Q()
    for word in words.split():
        narrowed &= Q(text__icontains=word)
    return narrowed
