"""`manage.py serve`: the site on the loopback address, with a one-time sign-in link. The last step of ./run."""

from __future__ import annotations

import errno
import os
import socket
import sys
from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

_HOST = "127.0.0.1"
_PORTS_TRIED = 20
# Without scripts a long query is in the address, and gunicorn takes 4 KB unless told to take more.
_GUNICORN = "--workers 1 --threads 4 --graceful-timeout 2 --log-level warning --limit-request-line 8190"


class Command(BaseCommand):
    help = "Serve the site on 127.0.0.1 and print a link that signs in once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="first port to try (default: 8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        port = _free_port(options["port"])
        if port != options["port"]:
            self.stdout.write(f"Port {options['port']} is in use; serving on {port}.")
        link = StringIO()
        call_command("sign_in_link", base=f"http://{_HOST}:{port}", stdout=link)
        # In one piece, as `./run` has other commands print beside this one.
        self.stdout.write(
            "Open this link and press Sign in. It works once, within 15 minutes:\n"
            f"{link.getvalue()}Press Ctrl-C to stop."
        )
        self.stdout.flush()
        address = ("--bind", f"{_HOST}:{port}", "--chdir", str(settings.BASE_DIR))
        command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "kb.wsgi", *address, *_GUNICORN.split()]
        os.execv(sys.executable, command)  # noqa: S606


def _free_port(first: int) -> int:
    """Returns the first free port from `first` on. Raises CommandError if twenty are in use."""
    for port in range(first, first + _PORTS_TRIED):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((_HOST, port))
            except OSError as problem:
                if problem.errno in (errno.EADDRINUSE, errno.EACCES):
                    continue
                raise
            return port
    raise CommandError(f"The ports {first} to {first + _PORTS_TRIED - 1} are all in use. Choose another with --port.")
