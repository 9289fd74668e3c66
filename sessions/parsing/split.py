"""Cuts a log into its sessions: most files hold one, a rolling log holds one per dated entry."""

from __future__ import annotations

from pathlib import PurePosixPath

from sessions.parsing.document import Document
from sessions.parsing.reading import Reading


def split_sessions(path: PurePosixPath, document: Document) -> list[Reading]:
    """The sessions of a log in the order of the file; at least one."""
    return [Reading(path, document, document.root.children, document.root.span)]
