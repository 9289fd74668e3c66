"""`manage.py watch FOLDER`: imports logs as they are written."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.conf.meaning import notice
from kb.importing import Refused
from kb.importing.sources.folders import skipped_message
from kb.importing.sources.watching import Watched, follow
from kb.search.index import merge_segments


class Command(BaseCommand):
    help = "Import the logs of a folder, and new or changed ones as they are written. Press Ctrl-C to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", help="the folder to watch, with everything below it")
        parser.add_argument(
            "--settle",
            type=float,
            default=1.0,
            metavar="SECONDS",
            help="how long a file must stay unchanged before it is imported (default: 1)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"]).expanduser()
        if not folder.is_dir():
            raise CommandError(f"{folder}: is not a folder. Check the spelling.")
        if cost := notice():
            self._say(cost)
        watched = Watched(folder, options["settle"])
        if skipped := skipped_message(watched.add_existing()):
            self.stdout.write(skipped)
        self._say(f"Watching {watched.root}. Press Ctrl-C to stop.")
        for result in follow(watched):
            if isinstance(result, Refused):
                self._say(f"refused: {result.reason}")
            else:
                self._say(f"{result.outcome}: {result.path}")
        merge_segments()

    def _say(self, line: str) -> None:
        """Prints a line at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()
