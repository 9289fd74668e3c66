"""`manage.py ingest PATH...`: imports logs and says what became of each."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from tqdm import tqdm

from kb.importing import Imported, Refused
from kb.importing.runs import begin, finish, refuse, take_source
from kb.importing.sources.folders import left_out_words
from kb.linking.issues import LinkedError
from kb.linking.recurrence import IssueState
from kb.models import Import
from kb.search.index import merge_segments
from sessions.sources import LeftOut, Source, SourceError, find_sources


class Command(BaseCommand):
    help = "Import session logs: files, folders (searched through) and glob patterns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a log, a folder of logs, or a pattern")
        parser.add_argument("--redact-report", action="store_true", help="print each credential that was masked")
        parser.add_argument("--first-start", action="store_true", help="do nothing once somebody has an account here")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["first_start"]:
            if User.objects.exists():
                return
            self.stdout.write("First start: importing the example logs.")
        everything = list(find_sources(options["paths"], settings.INCLUDE_FOLDERS))
        found = [one for one in everything if not isinstance(one, LeftOut)]
        if words := left_out_words(one for one in everything if isinstance(one, LeftOut)):
            self.stdout.write(words)
        run = begin(Import.Source.COMMAND, None, ", ".join(options["paths"]), total=len(found))
        try:
            results = [_import(run, one) for one in self._with_progress(found)]
        except KeyboardInterrupt:
            finish(run, Import.State.CANCELLED)
            raise
        merge_segments()
        finish(run)
        refused = [result for result in results if isinstance(result, Refused)]
        self.stdout.write(summary([result for result in results if isinstance(result, Imported)], len(refused)))
        if options["redact_report"]:
            self._tell_masked([result for result in results if isinstance(result, Imported)])
        for result in refused:
            self.stderr.write(f"  refused: {result.reason}")
        if refused:
            sys.exit(1)

    def _tell_masked(self, imported: list[Imported]) -> None:
        """Each masked credential of these logs with its place, its rule, and what stands there now."""
        for result in imported:
            for secret in result.log.masked_secrets.order_by("line"):
                self.stdout.write(f"{result.path}:{secret.line}: {secret.rule}: {secret.masked}")

    def _with_progress(self, found: list[Source | SourceError]) -> tqdm[Source | SourceError]:
        return tqdm(found, unit="log", desc="Importing", leave=False, disable=not sys.stderr.isatty())


def _import(run: Import, found: Source | SourceError) -> Imported | Refused:
    return refuse(run, "", str(found)) if isinstance(found, SourceError) else take_source(run, found)


def summary(imported: list[Imported], refused: int) -> str:
    """The outcome in words: logs by outcome, then what their records came to."""
    outcomes = Counter(result.outcome for result in imported)
    lines = [
        f"{outcomes['new']} new, {outcomes['updated']} updated, "
        f"{outcomes['unchanged']} already here, {refused} refused."
    ]
    changes = [result.change for result in imported]
    if any(outcomes[name] for name in ("new", "updated")):
        lines.append(
            f"Records: {sum(c.added for c in changes)} added, {sum(c.changed for c in changes)} changed, "
            f"{sum(c.removed for c in changes)} no longer in their log."
        )
    if empty := [result.path for result in imported if result.outcome == "new" and not result.change.added]:
        lines.append(f"Nothing was recognised in {len(empty)}: {', '.join(empty[:3])}. See manage.py parse --explain.")
    if masked := sum(result.masked for result in imported):
        lines.append(f"Credentials masked before storing: {masked}.")
    lines += _errors_told([linked for result in imported for linked in result.errors])
    return "\n".join(lines)


def _errors_told(linked: list[LinkedError]) -> list[str]:
    """What the errors turned out to be: new issues, issues met before, regressions; the most frequent by name."""
    if not linked:
        return []
    issues = {one.issue.pk: one for one in linked}
    again = sorted(
        (one for one in issues.values() if one.standing.session_count > 1), key=lambda one: -one.standing.session_count
    )
    back = [one for one in again if one.standing.state == IssueState.REGRESSED]
    lines = [
        f"Errors: {len(issues) - len(again)} new issues, {len(again)} met before, {len(back)} of them regressions."
    ]
    shown = [*back[:_SHOWN], *(one for one in again if one not in back)][: 2 * _SHOWN]
    return [*lines, *(f"  {_told(one)}: {str(one.issue)[:90]}" for one in shown)]


def _told(one: LinkedError) -> str:
    if one.standing.state == IssueState.REGRESSED:
        after = f" after {one.standing.days} days" if one.standing.days is not None else ""
        return f"regression{after}, met in {one.standing.session_count} sessions"
    return f"met in {one.standing.session_count} sessions"


_SHOWN = 4
