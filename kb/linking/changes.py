"""What linking again changed: which issues were joined into others, and which were divided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kb.models import Issue, Occurrence
from sessions.models import Error

_AT_ONCE = 500  # errors of a query


@dataclass(frozen=True, slots=True)
class Changes:
    """joined: the issue that has the errors of each former one now. divided: the issues that share them now."""

    joined: dict[int, int]
    divided: dict[int, list[int]]


def issues_by_error() -> dict[int, int]:
    """Returns the issue of every error."""
    return dict(Occurrence.objects.order_by("pk").values_list("error_id", "issue_id"))


def compare(before: Mapping[int, int], after: Mapping[int, int]) -> Changes:
    """Compares two states of the issues by the errors that are in both."""
    homes: dict[int, set[int]] = defaultdict(set)
    sources: dict[int, set[int]] = defaultdict(set)
    for error in before.keys() & after.keys():
        homes[before[error]].add(after[error])
        sources[after[error]].add(before[error])
    whole = {old: min(new) for old, new in homes.items() if len(new) == 1}
    joined = {old: new for old, new in sorted(whole.items()) if new != old and len(sources[new]) > 1}
    return Changes(joined, {old: sorted(new) for old, new in sorted(homes.items()) if len(new) > 1})


def as_json(changes: Changes, before: Mapping[int, int]) -> dict[str, list[dict[str, Any]]]:
    """Returns changes as `Relinking.changes` keeps them, with the titles of issues that may be gone."""
    titles = _former_titles({*changes.joined, *changes.divided}, before)

    def listed(changed: Mapping[int, Any]) -> list[dict[str, Any]]:
        return [{"issue": old, "title": titles.get(old, ""), "into": new} for old, new in changed.items()]

    return {"joined": listed(changes.joined), "divided": listed(changes.divided)}


def _former_titles(issues: Collection[int], before: Mapping[int, int]) -> dict[int, str]:
    """Returns what issues were called: the name that a person gave, or the title of their earliest error."""
    first: dict[int, tuple[tuple[dt.date, int, int, int], str]] = {}
    numbers = iter([error for error, issue in before.items() if issue in issues])
    fields = ("session__date", "session_id", "position", "pk", "title")
    while some := list(islice(numbers, _AT_ONCE)):
        for day, session, position, error, title in Error.objects.filter(pk__in=some).values_list(*fields):
            own = ((day or dt.date.min, session, position, error), title)
            first[before[error]] = min(own, first.get(before[error], own))
    return {issue: title for issue, (_order, title) in first.items()} | dict(_names(sorted(issues)))


def _names(issues: Collection[int]) -> Iterator[tuple[int, str]]:
    numbers = iter(issues)
    while some := list(islice(numbers, _AT_ONCE)):
        yield from Issue.objects.filter(pk__in=some).exclude(name="").values_list("pk", "name")
