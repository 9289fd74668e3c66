"""`manage.py check_index`: checks the search index against itself and against the records."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kb.search.index import INDEX_VERSION
from kb.search.index.checking import Report, check_index, repair_index


class Command(BaseCommand):
    help = "Check that the search index can be read and holds every record once. Exit status 1 if it does not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="index anew what is damaged or missing")

    def handle(self, *args: Any, **options: Any) -> None:
        report = check_index()
        self._tell(report)
        if report.faults and options["repair"]:
            self.stdout.write(f"Repaired: {repair_index()} sessions were indexed anew.")
            report = check_index()
            self._tell(report)
        if report.faults:
            if not options["repair"]:
                self.stdout.write("Run manage.py check_index --repair, which indexes anew what is wrong.")
            sys.exit(1)

    def _tell(self, report: Report) -> None:
        self.stdout.write(
            f"Version {INDEX_VERSION}: {report.entries} entries in {report.segments} segments, {report.blocks} blocks."
        )
        for fault in report.faults:
            self.stdout.write(f"  {fault}")
        self.stdout.write("No fault was found." if not report.faults else f"Faults: {len(report.faults)}.")
