"""`manage.py sign_in_link`: prints a one-time sign-in link."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.urls import reverse

from kb.management.database_command import DatabaseCommand
from kb.people.sign_in import make_token, site_address


class Command(DatabaseCommand):
    help = "Print a link that signs a user in once. Creates the first user if there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?", help="who signs in (default: the first administrator)")
        parser.add_argument("--base", help="address of the site (default: from HTTPS and ALLOWED_HOSTS)")

    def handle(self, *args: Any, **options: Any) -> None:
        path = reverse("one-time-sign-in", args=[make_token(_user(options["username"]))])
        base = options["base"] or site_address()
        self.stdout.write(base.rstrip("/") + path)


def _user(name: str | None) -> User:
    if name is None:
        first = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
        return first or User.objects.create_superuser("engineer")
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user {name!r}. Create one in the admin, or leave out the name.")
    if not user.is_active:
        raise CommandError(f"The user {name!r} is not active and cannot sign in. Activate them in the admin.")
    return user
