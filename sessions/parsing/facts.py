"""Extracts metrics and environment: the key-value facts of a session."""

from __future__ import annotations

from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import NodeKind
from sessions.parsing.tree.entries import listings
from sessions.parsing.vocabulary import Role
from sessions.text import plain

_LONGEST_KEY = 80


def extract_metrics(reading: Reading) -> dict[str, str]:
    return _pairs(reading, Role.METRICS)


def extract_environment(reading: Reading) -> dict[str, str]:
    return _pairs(reading, Role.ENVIRONMENT)


def _pairs(reading: Reading, role: Role) -> dict[str, str]:
    """Returns labelled lines and table rows under headings of the role. The first value of a key counts."""
    pairs: dict[str, str] = {}
    for listing in listings(reading, role, outside=(Role.NEXT_STEPS,)):
        reading.context(role, f"the heading {listing.text!r}", (listing.first, listing.first))
        for node in listing.walk():
            key, value = "", ""
            if node.kind is NodeKind.ROW and len(node.cells) >= 2:
                key, value = node.cells[0], " | ".join(node.cells[1:])
            elif node.kind in (NodeKind.ITEM, NodeKind.STATEMENT) and node.label and node.value:
                key, value = node.label, node.value
            if key and len(key) <= _LONGEST_KEY and value:
                pairs.setdefault(plain(key), plain(value))
                reading.claim(role, f"a pair under {listing.text!r}", (node.first, node.first))
    return pairs
