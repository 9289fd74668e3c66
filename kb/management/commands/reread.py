"""`manage.py reread`: reads stored logs again, so that they say what the parser reads in them now."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from tqdm import tqdm

from kb.conf.meaning import notice
from kb.importing import Imported, Refused
from kb.importing.runs import begin, finish, reread
from kb.models import Import, ImportOrigin, ImportState
from kb.search.index import merge_segments
from sessions.models import Log, Project


class Command(BaseCommand):
    help = "Read stored logs again, after an update that reads better. What people decided stays; it can be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", help="only the logs of this project")

    def handle(self, *args: Any, **options: Any) -> None:
        if cost := notice():
            self.stdout.write(cost)
        logs = _logs_of(options["project"])
        run = begin(ImportOrigin.TAUGHT, None, options["project"] or "all logs", total=len(logs))
        try:
            results = [_reread(run, number) for number in _with_progress(logs)]
        except KeyboardInterrupt:
            finish(run, ImportState.CANCELLED)
            raise
        merge_segments()
        finish(run)
        self.stdout.write(_summary([result for result in results if isinstance(result, Imported)]))
        refused = [result for result in results if isinstance(result, Refused)]
        for result in refused:
            self.stderr.write(f"  not read: {result.reason}")
        if refused:
            sys.exit(1)


def _logs_of(project: str | None) -> list[int]:
    """Returns the numbers of the logs. Raises CommandError for a project that does not exist."""
    logs = Log.objects.filter(was_at="").order_by("pk")
    if project is not None:
        if not Project.objects.filter(name=project).exists():
            raise CommandError(f"There is no project “{project}”. The Sessions page lists the projects.")
        logs = logs.filter(sessions__project__name=project).distinct()
    return list(logs.values_list("pk", flat=True))


def _with_progress(logs: list[int]) -> tqdm[int]:
    return tqdm(logs, unit="log", desc="Reading again", leave=False, disable=not sys.stderr.isatty())


def _reread(run: Import, number: int) -> Imported | Refused | None:
    log = Log.objects.filter(pk=number).first()  # None if it was deleted in the meantime
    return None if log is None else reread(run, log)


def _summary(results: list[Imported]) -> str:
    changes = [result.changes for result in results]
    return (
        f"{len(results)} log{pluralize(len(results))} read again. Records: {sum(c.added for c in changes)} added, "
        f"{sum(c.changed for c in changes)} changed, {sum(c.removed for c in changes)} removed."
    )
