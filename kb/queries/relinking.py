"""What pages ask about linking again: the run to show, and the issues that it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from kb.models import Issue, Relinking


@dataclass(frozen=True, slots=True)
class ChangedIssue:
    """What an issue was called before, and the issues that have its errors now."""

    title: str
    now: list[Issue]


def relinking_to_show() -> Relinking | None:
    """Returns the run in progress, or the last one whose changes nobody has dismissed."""
    has_changes = Q(joined__gt=0) | Q(divided__gt=0)
    shown = Relinking.objects.filter(Q(finished_at=None) | (has_changes & Q(dismissed_at=None)))
    return shown.defer("before", "changes").order_by(F("finished_at").desc(nulls_first=True)).first()


def finished_relinking(pk: int) -> Relinking:
    """Raises Relinking.DoesNotExist."""
    return Relinking.objects.exclude(finished_at=None).defer("before").get(pk=pk)


def dismiss_relinkings(now: dt.datetime) -> None:
    """Nobody is told of the changes of finished runs any more."""
    Relinking.objects.filter(dismissed_at=None).exclude(finished_at=None).update(dismissed_at=now)


def changed_issues(entries: Sequence[dict[str, Any]]) -> list[ChangedIssue]:
    """Returns entries of `Relinking.changes` with the issues of today, in one query."""
    into = [_numbers(entry["into"]) for entry in entries]
    issues = Issue.objects.in_bulk({number for numbers in into for number in numbers})
    now = [[issues[number] for number in numbers if number in issues] for numbers in into]
    return [ChangedIssue(str(entry["title"]), those) for entry, those in zip(entries, now, strict=True)]


def _numbers(value: int | list[int]) -> list[int]:
    return value if isinstance(value, list) else [value]
