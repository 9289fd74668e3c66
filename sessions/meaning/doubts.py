"""What a session leaves in doubt: records that were nearly dropped, and statements that were nearly taken for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sessions.meaning.candidates import JudgedRecord, records_of, spans_of
from sessions.meaning.judge import JUDGED, Judged
from sessions.meaning.senses import Assessed, Sense
from sessions.meaning.wording import names_nothing, spans_of_statements, title_of
from sessions.records import DoubtRecord, ErrorRecord, FixRecord, SessionRecord, Span

DOUBTFUL = 0.25  # how far from its threshold a probability is that leaves doubt
_SHORTEST = 3  # characters of something to ask about


def doubts_of(
    judged: Mapping[Sense, Sequence[Judged]], assessed: Assessed, revised: SessionRecord, most: int
) -> list[DoubtRecord]:
    """Returns the most doubtful of a session, the nearest to their threshold first."""
    doubts = [doubt for sense in JUDGED for doubt in _of_sense(sense, judged[sense], assessed, revised)]
    return sorted(doubts, key=lambda doubt: doubt.distance)[:most]


def _of_sense(
    sense: Sense, judged: Sequence[Judged], assessed: Assessed, revised: SessionRecord
) -> Iterator[DoubtRecord]:
    records = records_of(revised, sense)
    thresholds = {one.certainty: one.threshold for one in judged if one.accepted}
    for at, record in enumerate(records):
        if record.certainty is not None and (doubt := _taken(sense, at, record, thresholds.get(record.certainty))):
            yield doubt
    read = [span for record in records for span in spans_of(record)]
    for one in judged:
        if one.accepted or one.threshold - one.probability > DOUBTFUL or (doubt := _missed(one, assessed)) is None:
            continue
        if not any(first <= doubt.line <= last for first, last in read):
            yield doubt


def _taken(sense: Sense, at: int, record: JudgedRecord, threshold: float | None) -> DoubtRecord | None:
    if threshold is None or record.certainty is None or record.certainty - threshold > DOUBTFUL:
        return None
    text = record.title if isinstance(record, ErrorRecord | FixRecord) else record.text
    span = next((one for one in spans_of(record) if one[0] <= record.line <= one[1]), (record.line, record.line))
    return DoubtRecord(sense.value, text, record.line, span, record.certainty, round(threshold, 3), at)


def _missed(judged: Judged, assessed: Assessed) -> DoubtRecord | None:
    candidate = judged.candidate
    if not candidate.stated:
        return None
    text, span = _words(judged, assessed)
    if len(text) < _SHORTEST or names_nothing(text):
        return None
    return DoubtRecord(candidate.sense.value, text, span[0], span, judged.certainty, round(judged.threshold, 3))


def _words(judged: Judged, assessed: Assessed) -> tuple[str, Span]:
    candidate = judged.candidate
    record = candidate.record
    if record is None:
        return title_of(candidate, assessed), spans_of_statements(candidate.stated[:1], assessed)[0]
    text = record.title if isinstance(record, ErrorRecord | FixRecord) else record.text
    return text, spans_of(record)[0]
