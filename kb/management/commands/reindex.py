"""`manage.py reindex`: builds the search index anew from the records."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from kb.search.index import index_session
from sessions.models import SessionLog


class Command(BaseCommand):
    help = "Build the search index anew, session by session. Search goes on meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        sessions = entries = 0
        for session in SessionLog.objects.select_related("project").iterator(chunk_size=200):
            with transaction.atomic():
                entries += index_session(session)
            sessions += 1
        self.stdout.write(f"Indexed {entries} entries of {sessions} sessions.")
