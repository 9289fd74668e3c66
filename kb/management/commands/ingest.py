"""`manage.py ingest PATH...`: imports logs and says what became of them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.template.defaultfilters import pluralize
from django.utils.text import Truncator
from tqdm import tqdm

from kb.conf.meaning import notice
from kb.importing import Imported, Refused
from kb.importing.runs import begin, finish, import_file, refuse
from kb.importing.sources.folders import skipped_message
from kb.linking.issues import LinkedError
from kb.linking.recurrence import IssueState
from kb.models import Import, ImportOrigin, ImportOutcome, ImportState
from kb.search.index import merge_segments
from sessions.sources import SkippedFolder, Source, SourceError, find_sources

_TITLE_LENGTH = 90  # characters of the title of an issue
_ISSUES_NAMED = 4  # of each kind: regressions, and others that recur


class Command(BaseCommand):
    help = "Import session logs: files, folders with everything below them, and glob patterns."

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
        results = self._import_all(options["paths"])
        imported = [result for result in results if isinstance(result, Imported)]
        refused = [result for result in results if isinstance(result, Refused)]
        self.stdout.write(summary(imported, len(refused)))
        if options["redact_report"]:
            self._report_masked(imported)
        for result in refused:
            self.stderr.write(f"  refused: {result.reason}")
        if refused:
            sys.exit(1)

    def _import_all(self, paths: list[str]) -> list[Imported | Refused]:
        candidates = list(find_sources(paths, settings.INCLUDE_FOLDERS))
        sources = [source for source in candidates if not isinstance(source, SkippedFolder)]
        if skipped := skipped_message(folder for folder in candidates if isinstance(folder, SkippedFolder)):
            self.stdout.write(skipped)
        run = begin(ImportOrigin.COMMAND, None, ", ".join(paths), total=len(sources))
        try:
            results = [_import(run, source) for source in _with_progress(sources)]
        except KeyboardInterrupt:
            finish(run, ImportState.CANCELLED)
            raise
        merge_segments()
        finish(run)
        return results

    def _report_masked(self, imported: list[Imported]) -> None:
        """Prints each masked credential with its place, its rule, and the text around it."""
        for result in imported:
            for secret in result.log.masked_secrets.order_by("line"):
                self.stdout.write(f"{result.path}:{secret.line}: {secret.rule}: {secret.masked}")


def _with_progress(sources: Sequence[Source | SourceError]) -> tqdm[Source | SourceError]:
    return tqdm(sources, unit="log", desc="Importing", leave=False, disable=not sys.stderr.isatty())


def _import(run: Import, source: Source | SourceError) -> Imported | Refused:
    return refuse(run, "", str(source)) if isinstance(source, SourceError) else import_file(run, source)


def summary(imported: list[Imported], refused: int) -> str:
    """Says in words how many logs had which outcome, and what that did to their records and issues."""
    outcomes = Counter(result.outcome for result in imported)
    lines = [
        f"{outcomes[ImportOutcome.NEW]} new, {outcomes[ImportOutcome.UPDATED]} updated, "
        f"{outcomes[ImportOutcome.UNCHANGED]} already here, {refused} refused."
    ]
    changes = [result.changes for result in imported]
    if outcomes[ImportOutcome.NEW] or outcomes[ImportOutcome.UPDATED]:
        lines.append(
            f"Records: {sum(c.added for c in changes)} added, {sum(c.changed for c in changes)} changed, "
            f"{sum(c.removed for c in changes)} no longer in their log."
        )
    if empty := [r.path for r in imported if r.outcome == ImportOutcome.NEW and not r.changes.added]:
        lines.append(f"Nothing was recognised in {len(empty)}: {', '.join(empty[:3])}. See manage.py parse --explain.")
    if masked := sum(result.masked for result in imported):
        lines.append(f"Credentials masked before storing: {masked}.")
    lines += _issue_lines([linked for result in imported for linked in result.errors])
    return "\n".join(lines)


def _issue_lines(errors: list[LinkedError]) -> list[str]:
    """Says how many issues the errors are, how many of these are regressions, and names the most frequent."""
    if not errors:
        return []
    issues = {linked.issue.pk: linked for linked in errors}
    met_before = (linked for linked in issues.values() if linked.standing.session_count > 1)
    recurring = sorted(met_before, key=lambda linked: -linked.standing.session_count)
    regressions = [linked for linked in recurring if linked.standing.state == IssueState.REGRESSED]
    counts = (
        f"{len(issues) - len(recurring)} new issues, {len(recurring)} recurring, {len(regressions)} of these regressed"
    )
    others = [linked for linked in recurring if linked not in regressions]
    named = [*regressions[:_ISSUES_NAMED], *others][: 2 * _ISSUES_NAMED]
    return [
        f"Errors: {counts}.",
        *(f"  {_occurrence(linked)}: {Truncator(str(linked.issue)).chars(_TITLE_LENGTH)}" for linked in named),
    ]


def _occurrence(linked: LinkedError) -> str:
    if linked.standing.state == IssueState.REGRESSED:
        return f"regression{_days_after(linked.standing.days)}, seen in {linked.standing.session_count} sessions"
    return f"seen in {linked.standing.session_count} sessions"


def _days_after(days: int | None) -> str:
    if days is None:
        return ""
    return f" after {days} day{pluralize(days)}" if days else " on the same day"
