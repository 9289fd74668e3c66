"""The transaction in which a log is written: on SQLite it holds the only write lock, so nothing else is done in it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that ends soon: looking for garbage, which may take as long as the writing, waits until it is over.

    It is the process that does not look meanwhile, its other threads included.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        with transaction.atomic():
            yield
    finally:
        if was_on:
            gc.enable()
