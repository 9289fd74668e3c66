"""`manage.py reindex`: indexes sessions that are missing from the index, or all of them, and purges it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from tqdm import tqdm

from kb.management.database_command import DatabaseCommand
from kb.search.index.database import release_space
from kb.search.index.merging import merge_all, purge
from kb.search.index.rebuilding import (
    all_sessions,
    delete_unreadable_segments,
    missing_sessions,
    reindex_sessions,
    remove_orphans,
)


class Command(DatabaseCommand):
    help = (
        "Index all sessions that are missing from the search index or were indexed by another version, and purge what "
        "was deleted. Search works in the meantime. If a run is stopped, the next one finishes it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="reindex every session")
        parser.add_argument(
            "--compact", action="store_true", help="also free unused space in the database; writers have to wait"
        )
        parser.add_argument("--quiet", action="store_true", help="print nothing if there is nothing to do")

    def handle(self, *args: Any, **options: Any) -> None:
        sessions = all_sessions() if options["all"] else missing_sessions()
        with tqdm(total=len(sessions), unit="session", leave=False, disable=not sys.stderr.isatty()) as progress:
            count, entries = reindex_sessions(sessions, lambda _session: progress.update())
        orphans = remove_orphans()
        purged = delete_unreadable_segments() and (merge_all() if options["all"] else purge())
        if options["all"] or options["compact"]:
            release_space(compact=options["compact"])
        if orphans:
            self.stdout.write(f"Removed {orphans} entries of deleted records.")
        if sessions or not options["quiet"]:
            self.stdout.write(f"Indexed {entries} entries of {count} sessions.")
        if not purged:
            self.stderr.write("Another process is merging the index; run this command again to purge deleted entries.")
