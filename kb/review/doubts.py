"""Keeps what reading left in doubt beside the sessions of a log. What was answered stays."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kb.models import Doubt
from sessions.models import SessionLog
from sessions.parsing.vocabulary import fold
from sessions.records import DoubtRecord, SessionRecord
from sessions.storing.keys import identity, keyed

KINDS = ("errors", "fixes", "next_steps", "decisions")
MOST_OF_LOG = 60
_FOUND_AGAIN = ("record_key", "text", "line", "first_line", "last_line", "certainty", "threshold", "distance")


class LogDoubts(NamedTuple):
    """The sessions of a log, as rows and as records, and what is in doubt of each."""

    sessions: Sequence[SessionLog]
    records: Sequence[SessionRecord]
    doubts: Sequence[Sequence[DoubtRecord]]


def keep_doubts(logs: Sequence[LogDoubts]) -> None:
    """Stores the doubts of logs, of each those nearest to their threshold if there are many.

    Unanswered doubts that are no longer in question are removed.
    """
    sessions = [session.pk for log in logs for session in log.sessions]
    known = {(row.session_id, row.kind, row.key): row for row in Doubt.objects.filter(session__in=sessions)}
    new, again = [], []
    for row in (row for log in logs for row in _rows_of(log)):
        before = known.pop((row.session_id, row.kind, row.key), None)
        if before is None:
            new.append(row)
        elif any(getattr(before, name) != getattr(row, name) for name in _FOUND_AGAIN):
            row.pk = before.pk
            again.append(row)
    if known:
        Doubt.objects.filter(pk__in=[row.pk for row in known.values() if not row.answer]).delete()
    Doubt.objects.bulk_update(again, _FOUND_AGAIN)
    Doubt.objects.bulk_create(new)


def _rows_of(log: LogDoubts) -> Iterator[Doubt]:
    limit = _limit(log.doubts)
    for session, record, of_session in zip(log.sessions, log.records, log.doubts, strict=True):
        yield from _rows(session, record, [doubt for doubt in of_session if doubt.distance <= limit])


def _limit(doubts: Sequence[Sequence[DoubtRecord]]) -> float:
    """Returns the distance of the last doubt that there is room for."""
    distances = sorted(doubt.distance for of_session in doubts for doubt in of_session)
    return distances[min(len(distances), MOST_OF_LOG) - 1] if distances else 0.0


def _rows(session: SessionLog, record: SessionRecord, doubts: Sequence[DoubtRecord]) -> Iterator[Doubt]:
    keys = {kind: [key for key, _record in keyed(getattr(record, kind), identity)] for kind in {d.kind for d in doubts}}
    turns: Counter[tuple[str, str]] = Counter()
    for doubt in sorted(doubts, key=lambda doubt: doubt.line):
        words = fold(doubt.text)
        turns[doubt.kind, words] += 1
        digest = hashlib.blake2b(f"{words}\n{turns[doubt.kind, words]}".encode(errors="replace"), digest_size=16)
        yield Doubt(
            session=session, kind=doubt.kind, key=digest.hexdigest(),
            record_key="" if doubt.at is None else keys[doubt.kind][doubt.at],
            text=doubt.text, line=doubt.line, first_line=doubt.lines[0], last_line=doubt.lines[1],
            certainty=doubt.certainty, threshold=doubt.threshold, distance=round(doubt.distance, 3),
        )  # fmt: skip


def lines_near(doubt: Doubt, lines: Sequence[str], around: int) -> range:
    """Returns the numbers of the lines around the one where it is stated."""
    return range(max(doubt.line - around, 1), min(doubt.line + around, len(lines)) + 1)
