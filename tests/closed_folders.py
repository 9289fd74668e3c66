"""Folders that may not be looked into, also by root, as which tests often run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534


@contextmanager
def shared_folder() -> Iterator[Path]:
    """A temporary folder that everybody may read, unlike that of pytest, and so is what is made in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        before = os.umask(0o022)
        try:
            yield folder
        finally:
            os.umask(before)
            for parent, folders, _files in os.walk(folder):
                for inner in folders:
                    Path(parent, inner).chmod(0o755)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Gives up the rights of root, if we have them."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
