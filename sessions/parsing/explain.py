"""Says next to each line of a log which extractor took it and why, for debugging a layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sessions.parsing.coverage import all_claims
from sessions.parsing.pipeline import ReadLog
from sessions.parsing.reading import Claim


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A source line with the claims on it: those of records, else the nearest context. Blank lines have none."""

    number: int
    text: str
    claims: tuple[Claim, ...]

    @property
    def is_understood(self) -> bool:
        return bool(self.claims) or not self.text.strip()


def explain(read: ReadLog) -> Iterator[ExplainedLine]:
    """Yields every line of the log in order."""
    claims: dict[int, list[Claim]] = {}
    for claim in all_claims(read.document, read.readings):
        for number in range(claim.span[0], claim.span[1] + 1):
            claims.setdefault(number, []).append(claim)
    for number, text in enumerate(read.document.lines, start=1):
        yield ExplainedLine(number, text, _most_specific(claims.get(number, [])) if text.strip() else ())


def _most_specific(claims: list[Claim]) -> tuple[Claim, ...]:
    """Returns the claims of records, the shortest first, or else the shortest context."""
    ordered = sorted(claims, key=lambda claim: claim.span[1] - claim.span[0])
    recorded = list(dict.fromkeys(claim for claim in ordered if claim.recorded))
    return tuple(recorded or ordered[:1])
