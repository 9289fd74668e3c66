"""`manage.py watch FOLDER`: imports logs as they are written."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.importing import Refused
from kb.importing.sources.folders import left_out_words
from kb.importing.sources.watching import Watched, follow
from kb.search.index import merge_segments


class Command(BaseCommand):
    help = "Import the logs of a folder, and those that are written to it from now on. Ctrl-C ends it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", help="the folder to watch, with all below it")
        parser.add_argument(
            "--settle", type=float, default=1.0, help="seconds a file must stand still before it is taken (default: 1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"]).expanduser()
        if not folder.is_dir():
            raise CommandError(f"{folder}: is no folder. Check the spelling.")
        watched = Watched(folder, options["settle"])
        if words := left_out_words(watched.look_through()):
            self.stdout.write(words)
        self.stdout.write(f"Watching {watched.root}. Ctrl-C ends it.")
        self.stdout.flush()
        for result in follow(watched):
            told = f"refused: {result.reason}" if isinstance(result, Refused) else f"{result.outcome}: {result.path}"
            self.stdout.write(told)
            self.stdout.flush()
        merge_segments()
