"""Brings the claims on the lines of a session in step with its revised records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessions.meaning.candidates import JudgedRecord, spans_of
from sessions.parsing.reading import Claim, Reading
from sessions.records import SessionRecord, Span

_REVISED = ("errors", "fixes", "next_steps", "decisions")  # the names of their extractors too


def revise_claims(reading: Reading, before: SessionRecord, after: SessionRecord) -> None:
    """Claims the lines of records that only meaning found, and makes context of those that it dropped."""
    for name in _REVISED:
        old, new = _spans(getattr(before, name)), _spans(getattr(after, name))
        dropped = old - new
        reading.claims[:] = [_without(claim, name, dropped) for claim in reading.claims]
        known = {claim.span for claim in reading.claims if claim.extractor == name and claim.recorded}
        reading.claims[:0] = _told(name, getattr(after, name), known)  # first: meaning has the last word on a line


def _spans(records: Iterable[JudgedRecord]) -> set[Span]:
    return {span for record in records for span in spans_of(record)}


def _without(claim: Claim, name: str, dropped: set[Span]) -> Claim:
    if claim.extractor != name or not claim.recorded or claim.span not in dropped:
        return claim
    return claim._replace(why=f"its meaning denies it: {claim.why}", recorded=False)


def _told(name: str, records: Iterable[JudgedRecord], known: set[Span]) -> Iterator[Claim]:
    for record in records:
        for span in spans_of(record):
            if span in known:
                continue
            more = f", {record.certainty:.2f}" if record.found_by == "meaning" and record.certainty is not None else ""
            yield Claim(span, name, f"told by its meaning{more}", recorded=True)
