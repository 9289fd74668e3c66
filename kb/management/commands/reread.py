"""`manage.py reread`: reads stored logs again, so that they say what the parser reads in them now."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError
from django.template.defaultfilters import pluralize
from tqdm import tqdm

from kb.conf.meaning import notice
from kb.importing import Imported, Refused
from kb.importing.runs import begin, finish, import_all, jobs_again
from kb.importing.tally import Tally
from kb.management.database_command import DatabaseCommand
from kb.models import ImportOrigin, ImportState
from kb.search.index import merge_segments
from sessions.models import Log, Project


class Command(DatabaseCommand):
    help = "Read stored logs again, after an update that reads better. What people decided stays."
    what_next = "What was read again so far stays. Once it can be used, run the command again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", help="only the logs of this project")

    def handle(self, *args: Any, **options: Any) -> None:
        if cost := notice():
            self.stdout.write(cost)
        logs = _logs_of(options["project"])
        run = begin(ImportOrigin.TAUGHT, None, options["project"] or "all logs", total=len(logs))
        tally = Tally()
        try:
            for result in _with_progress(import_all(run, jobs_again(logs), len(logs)), len(logs)):
                tally.add(result)
        except KeyboardInterrupt:
            finish(run, ImportState.CANCELLED)
            raise
        merge_segments()
        finish(run)
        self.stdout.write(_summary(tally))
        for reason in tally.refusals:
            self.stderr.write(f"  not read: {reason}")
        if tally.refusals:
            sys.exit(1)


def _logs_of(project: str | None) -> list[int]:
    """Returns the numbers of the logs. Raises CommandError for a project that does not exist."""
    logs = Log.objects.filter(was_at="").order_by("pk")
    if project is not None:
        if not Project.objects.filter(name=project).exists():
            raise CommandError(f"There is no project “{project}”. The Sessions page lists the projects.")
        logs = logs.filter(sessions__project__name=project).distinct()
    return list(logs.values_list("pk", flat=True))


def _with_progress(results: Iterable[Imported | Refused], total: int) -> tqdm[Imported | Refused]:
    is_shown = sys.stderr.isatty()
    return tqdm(results, total=total, unit="log", desc="Reading again", leave=False, disable=not is_shown)


def _summary(tally: Tally) -> str:
    changes = tally.changes
    return (
        f"{tally.count} log{pluralize(tally.count)} read again. Records: {changes.added} added, "
        f"{changes.changed} changed, {changes.removed} removed."
    )
