"""A part of a line to be masked."""

from __future__ import annotations

from dataclasses import dataclass

MASK = "***"


@dataclass(frozen=True, slots=True)
class Span:
    """A credential: the rule that found it, its 0-based columns, and how many characters are kept to show its kind."""

    rule: str
    start: int
    end: int
    keep: int = 0
