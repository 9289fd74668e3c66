"""`manage.py corrections`: counts what people put right, and exports it as labels for training."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.template.defaultfilters import pluralize

from kb.learning.export import export_labels
from kb.management.database_command import DatabaseCommand
from kb.models import Correction
from kb.queries.review import right_share


class Command(DatabaseCommand):
    help = "Count corrections and answers, or export the corrected logs as labels."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--labels", type=Path, metavar="FOLDER", help="write a file of labels for each log")
        parser.add_argument(
            "--from", type=Path, default=Path("/"), metavar="ROOT", dest="root",
            help="the folder that paths in the labels count from, that of all repositories for training (default: /)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if folder := options["labels"]:
            self._export(folder, options["root"].resolve())
            return
        in_force = Correction.objects.filter(undone_at=None)
        lost = in_force.exclude(lost_at=None).count()
        share = right_share()
        count = in_force.count()
        self.stdout.write(f"{count} correction{pluralize(count)}; the lines of {lost} are gone.")
        self.stdout.write(f"{share.answered} doubt{pluralize(share.answered)} answered: {share.right} were read right.")

    def _export(self, folder: Path, root: Path) -> None:
        try:
            files = export_labels(folder, root)
        except OSError as problem:
            raise CommandError(f"{folder}: cannot be written ({problem.strerror}). Name another folder.") from problem
        self.stdout.write(f"Labels of {len(files)} logs written to {folder}.")
