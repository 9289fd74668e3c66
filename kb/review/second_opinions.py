"""Asks the second reader about the doubtful statements of a log. Whatever goes wrong leaves the reading as it was."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils import timezone

from kb.conf.second_reader import second_reader, taken_from
from kb.corrections.drafting import CannotCorrect
from kb.importing.writing import writing
from kb.models import Doubt
from kb.review.answers import answer_as_suggested
from kb.review.doubts import lines_near
from sessions.meaning.second_reader import NoOpinionError, Opinion, SecondReader
from sessions.models import Log
from sessions.redaction import redact

_log = logging.getLogger(__name__)
_MOST = 40  # statements of one question
_AROUND = 3  # lines before and after a statement
_LONGEST_LINE = 400
_PAUSE = 60.0  # seconds for which a second reader that failed is left alone, so that an import does not wait for it
_paused_until = 0.0


def ask_about(log: Log, *, again: bool = False) -> int:
    """Asks about the unanswered doubts of a log that it has not seen. Returns how many opinions it gave.

    again  also soon after the second reader failed
    """
    reader = second_reader()
    if reader is None or (time.monotonic() < _paused_until and not again):
        return 0
    doubts = list(Doubt.objects.filter(session__log=log, answer="", asked_at=None).order_by("distance")[:_MOST])
    doubts.sort(key=lambda doubt: doubt.line)
    try:
        return _ask(reader, log, doubts) if doubts else 0
    except Exception:  # the log is imported by now: whatever happens here must not say otherwise
        _log.exception("The second reader was asked about %s in vain", log)
        return 0


def logs_to_ask_about() -> list[Log]:
    """Returns the logs with doubts that the second reader has not seen."""
    return list(Log.objects.filter(Q(sessions__doubts__answer="", sessions__doubts__asked_at=None)).distinct())


def _ask(reader: SecondReader, log: Log, doubts: Sequence[Doubt]) -> int:
    try:
        opinions = reader.ask(excerpt_of(log.text, doubts), range(1, len(doubts) + 1))
    except NoOpinionError as reason:
        _pause()
        _log.warning("The second reader gave no opinion on %s: %s", log, reason)
        return 0
    with writing():
        _keep(reader, doubts, {opinion.number: opinion for opinion in opinions})
    _take(doubts)
    return len(opinions)


def _pause() -> None:
    global _paused_until
    _paused_until = time.monotonic() + _PAUSE


def _keep(reader: SecondReader, doubts: Sequence[Doubt], opinions: dict[int, Opinion]) -> None:
    for number, doubt in enumerate(doubts, start=1):
        doubt.asked_at = timezone.now()
        doubt.suggested_by = reader.source[:200]
        if opinion := opinions.get(number):
            doubt.suggestion, doubt.suggested_certainty = opinion.kind, opinion.certainty
    Doubt.objects.bulk_update(doubts, ["asked_at", "suggested_by", "suggestion", "suggested_certainty"])


def _take(doubts: Sequence[Doubt]) -> None:
    """Answers the doubts of whose answers the second reader is certain enough."""
    if (least := taken_from()) is None:
        return
    certain = [doubt for doubt in doubts if doubt.suggestion and (doubt.suggested_certainty or 0) >= least]
    for doubt in certain:
        try:
            answer_as_suggested(doubt)
        except CannotCorrect as reason:  # it stays in the queue, as a suggestion
            _log.info("%s", reason)


def excerpt_of(text: str, doubts: Sequence[Doubt]) -> str:
    """Returns the lines around doubtful statements, redacted once more, and the statements with their numbers."""
    lines = text.split("\n")
    shown = [line[:_LONGEST_LINE] for line in _lines_around(lines, doubts)]
    asked = [
        f"[{number}] line {doubt.line}: {doubt.text[:_LONGEST_LINE]}" for number, doubt in enumerate(doubts, start=1)
    ]
    return redact("\n".join(["Excerpts:", *shown, "", "Statements in question:", *asked])).text


def _lines_around(lines: Sequence[str], doubts: Sequence[Doubt]) -> Iterator[str]:
    near = {number for doubt in doubts for number in lines_near(doubt, lines, _AROUND)}
    near |= {number for doubt in doubts for number in _heading_above(lines, doubt.line)}
    before = 0
    for number in sorted(near):
        if number != before + 1:
            yield "…"
        yield f"{number}: {lines[number - 1]}"
        before = number


def _heading_above(lines: Sequence[str], line: int) -> list[int]:
    return next(([number] for number in range(min(line, len(lines)), 0, -1) if lines[number - 1].startswith("#")), [])
