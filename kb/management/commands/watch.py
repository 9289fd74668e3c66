"""`manage.py watch [PATH...]`: imports logs as they are written."""

from __future__ import annotations

import os
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.template.defaultfilters import pluralize
from django.utils.text import get_text_list

from kb.conf.meaning import notice
from kb.importing import Imported, Refused
from kb.importing.sources.folders import skipped_message
from kb.importing.sources.following import SETTLE, Event, Idle, Watcher, follow
from kb.importing.sources.kept_folders import keep_folder
from kb.importing.sources.looking import is_pattern
from kb.management.database_command import DatabaseCommand
from kb.management.parents import add_parent_argument, is_child_of
from sessions.sources import SkippedFolder, SourceError, find_sources

_NAMED = 20  # logs imported one after the other that are named; the others are counted
_NOTHING_YET = "No folder is watched yet: add one on the Import page, or name it: manage.py watch PATH. Ctrl-C stops."


class Command(DatabaseCommand):
    help = (
        "Import logs as they are written: those of the folders on the Import page and of PATHs, which are added there. "
        "Press Ctrl-C to stop."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="a folder, a log or a pattern")
        parser.add_argument(
            "--settle",
            type=float,
            default=SETTLE,
            metavar="SECONDS",
            help=f"how long a file must stay unchanged before it is imported (default: {SETTLE})",
        )
        add_parent_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        paths, parent = options["paths"], options["while_child_of"]
        wrong = [name for name in paths if not (_is_there(name) or is_pattern(name))]
        if wrong and parent is None:
            raise CommandError(f"{wrong[0]}: is not a folder, a file or a pattern. Check the spelling.")
        self._named = 0
        with _stopped_by_signals() as stop:
            if parent is None:
                self._introduce(paths)
            watcher = Watcher(_keep_folders(name for name in paths if name not in wrong), options["settle"])
            self._say(_watching(watcher) or ("" if parent else _NOTHING_YET))
            for event in follow(watcher, lambda: not stop.is_set() and is_child_of(parent), stop.wait):
                self._report(event)
        if parent is None:
            self._say("Stopped.")

    def _introduce(self, paths: list[str]) -> None:
        """Says what reading costs and leaves out, which `./run` has said already."""
        self._say(notice())
        found = find_sources(paths, settings.INCLUDE_FOLDERS)
        self._say(skipped_message(folder for folder in found if isinstance(folder, SkippedFolder)))

    def _report(self, event: Event) -> None:
        if isinstance(event, str):
            self._say(event)
        elif isinstance(event, Idle):
            if self._named > _NAMED:
                self._say(f"… and {self._named - _NAMED} more: see the Import page.")
            self._named = 0
        else:
            self._named += 1
            if self._named <= _NAMED:
                self._say(_result(event))

    def _say(self, line: str) -> None:
        """Prints a line at once, also into a pipe."""
        if line:
            self.stdout.write(line)
            self.stdout.flush()


def _result(result: Imported | Refused) -> str:
    return f"refused: {result.reason}" if isinstance(result, Refused) else f"{result.outcome}: {result.path}"


def _keep_folders(paths: Iterator[str]) -> list[str]:
    """Keeps the folders among paths to be watched from now on. Returns the others. Raises CommandError."""
    others = []
    for name in paths:
        if not os.path.isdir(os.path.expanduser(name)):
            others.append(name)
            continue
        try:
            keep_folder(Path(name).expanduser())
        except SourceError as error:
            raise CommandError(str(error)) from error
    return others


def _is_there(name: str) -> bool:
    return os.path.exists(os.path.expanduser(name))


def _watching(watcher: Watcher) -> str:
    """Says in a line what is watched; empty if nothing is."""
    patterns = [name for name in watcher.names if not _is_there(name)]
    counts = {
        "folder": len(watcher.folders()),
        "file": len(watcher.names) - len(patterns),
        "pattern": len(patterns),
    }
    what = [f"{count} {noun}{pluralize(count)}" for noun, count in counts.items() if count]
    return f"Watching {get_text_list(what, 'and')} for new and changed logs; Ctrl-C stops." if what else ""


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Yields what Ctrl-C and SIGTERM set, so that the log at hand is finished. The second time they end the process."""
    stop = threading.Event()

    def ask(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
