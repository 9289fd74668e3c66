"""A process that works for another one: it sets up Django when it starts, and answers one request after the other.

It knows no package above this one: what it does is named by its caller. It ends when its caller does.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any


def serve(connection: Connection, work: str, module: str, changed: Mapping[str, Any]) -> None:
    """Calls the function named `work` with each tuple that arrives, and sends (True, result) or (False, error).

    module   of the settings
    changed  settings that the caller has otherwise than the environment says
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller, who then closes the connection
    os.environ |= {"DJANGO_SETTINGS_MODULE": module, "DATA_DIR": str(changed["DATA_DIR"])}
    import django
    from django.conf import settings
    from django.utils.module_loading import import_string

    django.setup()
    for name, value in changed.items():
        setattr(settings, name, value)
    function = import_string(work)
    while True:
        try:
            request = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer = (True, function(*request))
        except Exception as error:
            error.add_note(traceback.format_exc())
            answer = (False, error)
        connection.send(answer)
