"""`manage.py reindex`: indexes the sessions that search does not know yet, or all of them, and tidies the index."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from kb.search.index.database import give_back_space
from kb.search.index.merging import merge_all, purge
from kb.search.index.rebuilding import all_sessions, drop_strays, drop_unreadable, index_anew, missing_sessions


class Command(BaseCommand):
    help = (
        "Index the sessions that search does not know yet, or not by its present version, and leave nothing in the "
        "index of what was removed. Search goes on meanwhile. A run that was stopped is finished by the next one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="index every session anew")
        parser.add_argument(
            "--compact", action="store_true", help="give free space of the database back, too; writers wait meanwhile"
        )
        parser.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = all_sessions() if options["all"] else missing_sessions()
        with tqdm(total=len(numbers), unit="session", leave=False, disable=not sys.stderr.isatty()) as progress:
            count, entries = index_anew(numbers, lambda _number: progress.update())
        strays = drop_strays()
        done = drop_unreadable() and (merge_all() if options["all"] else purge())
        if options["all"] or options["compact"]:
            give_back_space(compact=options["compact"])
        if strays:
            self.stdout.write(f"Removed {strays} entries of records that are gone.")
        if numbers or not options["quiet"]:
            self.stdout.write(f"Indexed {entries} entries of {count} sessions.")
        if not done:
            self.stderr.write("Another process merges the index; run this command again to purge what was removed.")
