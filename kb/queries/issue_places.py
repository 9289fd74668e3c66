"""Issues with all their places, for other programs: read in chunks, so that a base of any size can be printed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kb.linking.recurrence import standing
from kb.models import Issue, Occurrence
from kb.queries.issues import IssueFilter, issues
from sessions.models import Error, Log, LogPath

_ISSUES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class IssuePlace:
    """An occurrence of an issue in a file. A log that is stored under several paths gives one for each.

    line      where the error is first stated
    mentions  every place that states it: [[first, last], ...]
    session   the number of the session
    """

    path: str
    line: int
    mentions: list[list[int]]
    session: int
    date: dt.date | None
    status: str


@dataclass(frozen=True, slots=True)
class PlacedIssue:
    """An issue with all its places. `sessions` counts them."""

    id: int
    title: str
    state: str
    projects: list[str]
    sessions: int
    occurrences: list[IssuePlace]

    def as_json(self) -> dict[str, Any]:
        """Returns what `json.dumps` takes; days are as in 2026-03-01."""
        whole = asdict(self)
        for place in whole["occurrences"]:
            place["date"] = place["date"].isoformat() if place["date"] else None
        return whole


def placed_issues(filters: IssueFilter, today: dt.date) -> Iterator[PlacedIssue]:
    """Yields issues with their places, in the order of the list of issues; each chunk takes a few queries."""
    numbers = list(issues(filters).values_list("pk", flat=True))
    for start in range(0, len(numbers), _ISSUES_AT_ONCE):
        for issue in _placed(numbers[start : start + _ISSUES_AT_ONCE], today):
            if filters.state in ("", issue.state):
                yield issue


def _placed(numbers: Sequence[int], today: dt.date) -> Iterator[PlacedIssue]:
    found = Issue.objects.in_bulk(numbers)
    errors: dict[int, list[Error]] = defaultdict(list)
    occurrences = Occurrence.objects.filter(issue__in=numbers).order_by("error__session__date", "error_id")
    for occurrence in occurrences.select_related("error__session__project").prefetch_related("error__fixes"):
        errors[occurrence.issue_id].append(occurrence.error)
    paths = _paths({error.session.log_id for own in errors.values() for error in own})
    for number in numbers:
        if own := errors.get(number):
            yield _issue(found[number], own, paths, today)


def _issue(issue: Issue, errors: Sequence[Error], paths: dict[int, list[str]], today: dt.date) -> PlacedIssue:
    stands = standing(issue, errors, today)
    projects = sorted({error.session.project.name for error in errors})
    places = [_place(error, path) for error in errors for path in paths.get(error.session.log_id, [""])]
    return PlacedIssue(issue.pk, str(issue), str(stands.state), projects, stands.session_count, places)


def _place(error: Error, path: str) -> IssuePlace:
    mentions = error.mentions or [[error.first_line, error.last_line]]
    return IssuePlace(path, error.line, mentions, error.session_id, error.session.date, error.status)


def _paths(logs: set[int]) -> dict[int, list[str]]:
    """Returns the paths of logs; of one that was removed, the last it had."""
    paths: dict[int, list[str]] = defaultdict(list)
    for log, path in LogPath.objects.filter(log__in=logs).values_list("log_id", "path"):
        paths[log].append(path)
    removed = Log.objects.filter(pk__in=logs - paths.keys()).values_list("pk", "was_at")
    return paths | {log: [path] for log, path in removed}
