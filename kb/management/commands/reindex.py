"""`manage.py reindex`: indexes the sessions that search does not know yet, or all of them anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from kb.search.index import index_session
from kb.search.segments import merge_segments
from sessions.models import SessionLog


class Command(BaseCommand):
    help = "Index the sessions that search does not know yet, and merge the index. Search goes on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="index every session anew")
        parser.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")

    def handle(self, *args: Any, **options: Any) -> None:
        sessions = SessionLog.objects.filter(in_log=True)
        if not options["all"]:
            sessions = sessions.filter(search_entries=None)
        numbers, entries = list(sessions.order_by("pk").values_list("pk", flat=True)), 0
        for number in numbers:
            with transaction.atomic():
                entries += index_session(SessionLog.objects.select_related("project").get(pk=number))
            merge_segments()
        merge_segments()
        if numbers or not options["quiet"]:
            self.stdout.write(f"Indexed {entries} entries of {len(numbers)} sessions.")
