"""`manage.py ingest PATH...`: imports logs and says what became of them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from tqdm import tqdm

from kb.conf.meaning import notice
from kb.importing import Imported, Refused
from kb.importing.runs import begin, finish, import_all, job_of
from kb.importing.sources.folders import skipped_message
from kb.importing.tally import Tally
from kb.management.database_command import DatabaseCommand
from kb.models import ImportOrigin, ImportState, MaskedSecret
from kb.search.index import merge_segments
from sessions.sources import SkippedFolder, find_sources


class Command(DatabaseCommand):
    help = "Import session logs: files, folders with everything below them, and glob patterns."
    what_next = "What was imported so far stays. Once it can be used, run the command again: it goes on with the rest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a log, a folder of logs, or a pattern")
        parser.add_argument("--redact-report", action="store_true", help="print each credential that was masked")
        parser.add_argument("--first-start", action="store_true", help="do nothing if an account exists already")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["first_start"]:
            if User.objects.exists():
                return
            self.stdout.write("First start: importing the example logs.")
        if cost := notice():
            self.stdout.write(cost)
        masked: list[tuple[str, int]] = []
        tally = self._import_all(options["paths"], masked if options["redact_report"] else None)
        self.stdout.write(tally.told())
        self._report_masked(masked)
        for reason in tally.refusals:
            self.stderr.write(f"  refused: {reason}")
        if tally.refusals:
            sys.exit(1)

    def _import_all(self, paths: list[str], masked: list[tuple[str, int]] | None) -> Tally:
        """Imports all logs. Adds the path and the number of each to `masked`, if that is wanted."""
        candidates = list(find_sources(paths, settings.INCLUDE_FOLDERS))
        sources = [source for source in candidates if not isinstance(source, SkippedFolder)]
        if skipped := skipped_message(folder for folder in candidates if isinstance(folder, SkippedFolder)):
            self.stdout.write(skipped)
        run, tally = begin(ImportOrigin.COMMAND, None, ", ".join(paths), total=len(sources)), Tally()
        try:
            for result in _with_progress(import_all(run, map(job_of, sources), len(sources)), len(sources)):
                tally.add(result)
                if masked is not None and isinstance(result, Imported):
                    masked.append((result.path, result.log.pk))
        except KeyboardInterrupt:
            finish(run, ImportState.CANCELLED)
            raise
        merge_segments()
        finish(run)
        return tally

    def _report_masked(self, logs: list[tuple[str, int]]) -> None:
        """Prints each masked credential with its place, its rule, and the text around it."""
        for path, log in logs:
            for secret in MaskedSecret.objects.filter(log=log).order_by("line"):
                self.stdout.write(f"{path}:{secret.line}: {secret.rule}: {secret.masked}")


def _with_progress(results: Iterable[Imported | Refused], total: int) -> tqdm[Imported | Refused]:
    is_shown = sys.stderr.isatty()
    return tqdm(results, total=total, unit="log", desc="Importing", leave=False, disable=not is_shown)
