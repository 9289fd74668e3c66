"""`manage.py issues`: prints issues with all their places, for people or for programs."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Collection
from typing import Any

from django.core.management.base import CommandError
from django.template.defaultfilters import pluralize
from django.utils.text import Truncator

from kb.linking.recurrence import IssueState
from kb.management.database_command import DatabaseCommand
from kb.people import clock
from kb.queries.issue_places import PlacedIssue, placed_issues
from kb.queries.issues import IssueFilter
from kb.queries.sessions import project_names

_TITLE_LENGTH = 100
_NAMED = 30  # projects that a message lists


class Command(DatabaseCommand):
    help = "Print issues and where each of them occurred."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", default="", help="only issues that occurred in this project")
        parser.add_argument("--state", default="", help=f"only issues in this state: {', '.join(IssueState)}")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        filters = IssueFilter(
            project=_known(options["project"], "project", project_names()),
            state=_known(options["state"], "state", list(IssueState)),
        )
        try:
            self._print(filters, options["json"])
        except BrokenPipeError:  # the reader, such as head, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _print(self, filters: IssueFilter, as_json: bool) -> None:
        has_any = False
        for issue in placed_issues(filters, clock.today()):
            has_any = True
            self.stdout.write(_as_line(issue) if as_json else _as_text(issue))
        if not has_any and not as_json:
            self.stdout.write("No issue matches." if filters != IssueFilter() else "No issues yet.")


def _known(name: str, what: str, names: Collection[str]) -> str:
    """Returns a name that exists, or an empty one. Raises CommandError, which says which names exist."""
    if not name or name in names:
        return name
    listed = ", ".join(list(names)[:_NAMED]) or "none yet"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    raise CommandError(f"There is no {what} “{name}”. The {what}s are: {listed}{more}.")


def _as_line(issue: PlacedIssue) -> str:
    return json.dumps(issue.as_json(), ensure_ascii=False)


def _as_text(issue: PlacedIssue) -> str:
    """Returns the issue on one line, and each of its places on one more."""
    title = Truncator(" ".join(issue.title.split())).chars(_TITLE_LENGTH)
    seen = f"{issue.sessions} session{pluralize(issue.sessions)}"
    places = [
        f"    {place.path}:{place.line}  {place.date or 'undated'}  {place.status}" for place in issue.occurrences
    ]
    head = f"{issue.id}  {issue.state}  {seen}  {', '.join(issue.projects)}  {title}"
    return "\n".join([head, *places])
