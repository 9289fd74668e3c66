"""`manage.py relink`: links errors of an older fingerprint version, and steps that belong to no item yet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from kb.linking.fingerprints import VERSION, VERSION_NAMES
from kb.linking.issues import link_session
from kb.linking.signatures import RULE
from kb.next_steps.closures import propose_closures
from kb.next_steps.tracking import track_steps
from sessions.models import Error, NextStep, SessionLog


class Command(BaseCommand):
    help = "Link errors of an older fingerprint version and steps without an item. What people decided stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")

    def handle(self, *args: Any, **options: Any) -> None:
        current = Q(occurrence__signature__version__in=(RULE, VERSION))
        stale = Error.objects.filter(Q(occurrence=None) | ~current)
        unlinked = NextStep.objects.filter(mention=None)
        sessions = {row for found in (stale, unlinked) for row in found.values_list("session_id", flat=True)}
        for number in sorted(sessions):
            with transaction.atomic():
                session = SessionLog.objects.select_related("project").get(pk=number)
                link_session(session)
                track_steps(session)
                propose_closures(session)
        if sessions or not options["quiet"]:
            self.stdout.write(
                f"Linked the errors and next steps of {len(sessions)} sessions again by {VERSION_NAMES[VERSION]}."
            )
