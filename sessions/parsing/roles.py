"""Says what each heading and label stands for."""

from __future__ import annotations

import re

from sessions.parsing.document import Document, Kind
from sessions.parsing.vocabulary import Role, fold, phrases, table

_LEAD = re.compile(r"^[\W\d_]+")  # numbering, emoji, marks before the first word
_LONGEST_LABEL = 60


def assign_roles(document: Document) -> None:
    """Sets `role` on every section, and on every item and statement that begins with a label."""
    for node in document.walk():
        if node.kind is Kind.SECTION:
            node.role = role_of(node.text)
        elif node.label and len(node.label) <= _LONGEST_LABEL:
            node.role = role_of(node.label)


def role_of(title: str) -> Role | None:
    """The role of a heading or label by the longest phrase in it; None where no phrase fits.

    >>> role_of("### 3. Issues Encountered & Resolved")
    <Role.ERRORS: 'errors'>
    """
    words = _LEAD.sub("", fold(title))
    if words in _NO_ROLES:
        return None
    found = _ROLES.longest(words)
    return found.meaning if found else None


_ROLES = table("roles")
_NO_ROLES = phrases("no_roles")
