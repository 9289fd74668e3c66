"""Extracts the goals of a session, and whether they were met if the log says so."""

from __future__ import annotations

import re

from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node
from sessions.parsing.tree.entries import entries, listings
from sessions.parsing.vocabulary import Role, table
from sessions.records import ObjectiveRecord

_MET = re.compile(r"^(?:✅|✔|✓|☑)|(?:✅|✔|✓)\W{0,30}$")
_UNMET = re.compile(r"^(?:❌|✗|✘|⬜|☐|⏳|⏸|🔄|🚧|⚠)|(?:❌|✗|⏳|⏸|🔄)\W{0,30}$")


def extract_objectives(reading: Reading) -> tuple[ObjectiveRecord, ...]:
    objectives: list[ObjectiveRecord] = []
    for listing in listings(reading, Role.OBJECTIVES, outside=(Role.NEXT_STEPS,)):
        reading.context("objectives", f"the heading {listing.text!r}", (listing.first, listing.first))
        for entry in entries(listing):
            if table("keys").get(entry.node.label) is not None:
                continue
            reading.claim("objectives", f"listed under {listing.text!r}", entry.span)
            objectives.append(ObjectiveRecord(entry.text, entry.span[0], _is_met(entry.node)))
    return tuple(objectives)


def _is_met(node: Node) -> bool | None:
    if node.checked is not None:
        return node.checked
    text = node.text.strip()
    if _MET.search(text):
        return True
    return False if _UNMET.search(text) else None
