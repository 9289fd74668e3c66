"""`manage.py second_reader`: asks the second reader about doubtful statements that it has not seen."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from kb.conf.second_reader import second_reader
from kb.management.database_command import DatabaseCommand
from kb.review.second_opinions import ask_about, logs_to_ask_about


class Command(DatabaseCommand):
    help = "Ask the second reader about doubtful statements of logs that were imported without it."

    def handle(self, *args: Any, **options: Any) -> None:
        if second_reader() is None:
            raise CommandError("There is no second reader. Set SECOND_READER_URL to its address (docs/reading.md).")
        logs = logs_to_ask_about()
        opinions = [ask_about(log, again=True) for log in logs]
        self.stdout.write(f"Asked about {len(logs)} logs: {sum(opinions)} opinions, which the Review page shows.")
        if failed := opinions.count(0):
            self.stdout.write(f"{failed} of them got none; the server log says why.")
