"""The transaction in which a log is written. On SQLite it holds the only write lock, so it does nothing else."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def writing() -> Iterator[None]:
    """Opens a transaction and pauses garbage collection in it, which can take as long as the writing itself.

    Collection is paused for the whole process, including its other threads.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with transaction.atomic():
            yield
    finally:
        if was_enabled:
            gc.enable()
