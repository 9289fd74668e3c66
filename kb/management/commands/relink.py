"""`manage.py relink`: links errors of an older fingerprint version, and steps that belong to no tracked step yet."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.template.defaultfilters import pluralize

from kb.importing.relinking import AlreadyRunning, relink
from kb.linking.fingerprints import VERSION_NAMES
from kb.management.database_command import DatabaseCommand
from kb.management.parents import add_parent_argument, is_child_of
from kb.models import Relinking


class Command(DatabaseCommand):
    help = (
        "Link errors of an older fingerprint version and steps without a tracked step. What people decided stays. "
        "If a run is stopped, the next one finishes it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")
        add_parent_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = relink(lambda: is_child_of(options["while_child_of"]))
        except AlreadyRunning as other:
            self.stdout.write(str(other))
            return
        if run is not None:
            self.stdout.write(_summary(run))
            self._report_failed(run.failed)
        elif not options["quiet"]:
            self.stdout.write("All errors and next steps are linked already.")

    def _report_failed(self, failed: int) -> None:
        """Says how many sessions could not be linked, and ends with status 1 if there are any."""
        if failed:
            self.stderr.write(
                f"{failed} session{pluralize(failed)} could not be linked: see the errors above. "
                "The next run tries them again."
            )
            sys.exit(1)


def _summary(run: Relinking) -> str:
    if run.finished_at is None:
        return f"Stopped after {run.done} of {run.total} sessions. The next run goes on from there."
    linked = run.done - run.failed
    return (
        f"Linked the errors and next steps of {linked} session{pluralize(linked)} again by "
        f"{VERSION_NAMES[run.version]}. {run.joined} issue{pluralize(run.joined)} joined into others, "
        f"{run.divided} divided."
    )
