"""`manage.py check_index`: checks that the search index is intact and matches the records."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from kb.management.database_command import DatabaseCommand
from kb.search.index import INDEX_VERSION
from kb.search.index.checking import Report, check_index, repair_index


class Command(DatabaseCommand):
    help = "Check that the search index can be read and contains every record once. Exit with status 1 if not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="reindex what is damaged or missing")

    def handle(self, *args: Any, **options: Any) -> None:
        report = check_index()
        self._print(report)
        if report.faults and options["repair"]:
            self.stdout.write(f"Repaired: {repair_index()} sessions were reindexed.")
            report = check_index()
            self._print(report)
        if report.faults:
            if not options["repair"]:
                self.stdout.write("Run manage.py check_index --repair to reindex what is wrong.")
            sys.exit(1)

    def _print(self, report: Report) -> None:
        self.stdout.write(
            f"Version {INDEX_VERSION}: {report.entries} entries in {report.segments} segments, {report.blocks} blocks."
        )
        for fault in report.faults:
            self.stdout.write(f"  {fault}")
        self.stdout.write(f"Faults: {len(report.faults)}." if report.faults else "No faults found.")
