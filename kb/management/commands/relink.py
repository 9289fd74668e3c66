"""`manage.py relink`: gives every error the signature of the present fingerprint version and groups anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from kb.linking.fingerprints import VERSION, VERSION_NAMES
from kb.linking.issues import link_session
from kb.linking.signatures import RULE
from sessions.models import Error, SessionLog


class Command(BaseCommand):
    help = "Link errors again whose signature is of an older fingerprint version. What people decided stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")

    def handle(self, *args: Any, **options: Any) -> None:
        current = Q(occurrence__signature__version__in=(RULE, VERSION))
        stale = Error.objects.filter(Q(occurrence=None) | ~current)
        sessions = list(stale.values_list("session_id", flat=True).distinct())
        for number in sessions:
            with transaction.atomic():
                link_session(SessionLog.objects.get(pk=number))
        if sessions or not options["quiet"]:
            self.stdout.write(f"Linked the errors of {len(sessions)} sessions again by {VERSION_NAMES[VERSION]}.")
