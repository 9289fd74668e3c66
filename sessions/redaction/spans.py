"""A place in a line that is to be masked."""

from __future__ import annotations

from dataclasses import dataclass

MASK = "***"


@dataclass(frozen=True, slots=True)
class Span:
    """A credential: the rule that found it, its 0-based columns, how many characters stay to tell its sort."""

    rule: str
    start: int
    end: int
    keep: int = 0
