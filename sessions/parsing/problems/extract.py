"""Extracts errors and the fixes tried on them: finds the places that state errors and folds them into errors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from sessions.parsing.problems.exceptions import exception_of, objects_of
from sessions.parsing.problems.mentions import FoldedError, fold_places
from sessions.parsing.problems.parts import Attempted, Place
from sessions.parsing.problems.places import find_places
from sessions.parsing.reading import Reading
from sessions.parsing.vocabulary import fold
from sessions.records import ErrorRecord, ErrorStatus, FixRecord, Outcome, SessionStatus

_BRIEF = 8  # words of a fix that only repeats that it is fixed
_MOST_COMPARED = 20  # fixes of an error that later ones are compared with
_OUTCOMES_BY_STATUS: dict[ErrorStatus, Outcome] = {
    "fixed": "worked", "workaround": "worked", "partial": "partial", "open": "unknown", "unknown": "worked",
}  # fmt: skip
_SAME_FIX = 85  # percent of similarity from which two statements are the same fix


def extract_errors(
    reading: Reading, session: SessionStatus | None = None
) -> tuple[tuple[ErrorRecord, ...], tuple[FixRecord, ...]]:
    """Returns the errors of a session in the order they are stated, and the fixes in the order they were tried.

    session  status of the session; if it is complete, an error of unknown status counts as fixed
    """
    folded = _folded(find_places(reading))
    ids = {error: f"e{number}" for number, error in enumerate(folded, start=1)}
    fixes = _fixes(folded, ids)
    fixes_of: dict[str, list[FixRecord]] = defaultdict(list)
    for fix in fixes:
        for error_id in fix.errors:
            fixes_of[error_id].append(fix)
    errors = tuple(_record(error, error_id, fixes_of[error_id]) for error, error_id in ids.items())
    if session == "complete":
        errors = tuple(replace(e, status="fixed") if e.status == "unknown" else e for e in errors)
    _claim(reading, folded, fixes)
    return errors, tuple(fixes)


def _folded(places: list[Place]) -> list[FoldedError]:
    folded = fold_places([place for place in places if not place.hypothesis])
    for place in places:
        if place.hypothesis:
            _attach_suspicion(place, folded)
    return folded


def _attach_suspicion(place: Place, folded: list[FoldedError]) -> None:
    """Adds a suspicion to the error before it, as a mention whose fixes are attempts at that error."""
    before = [error for error in folded if error.places[0].span[0] < place.span[0]]
    if before:
        nearest = max(before, key=lambda error: error.places[-1].span[0])
        nearest.places.append(place)
        nearest.places.sort(key=lambda p: p.span)


def _record(error: FoldedError, error_id: str, fixes: list[FixRecord]) -> ErrorRecord:
    stated = [place for place in error.places if not place.hypothesis] or error.places
    messages = [place.message for place in stated if place.message]
    # A later place may name the code or class that the heading above the error leaves out.
    exception = exception_of(*[text for place in stated for text in (place.title, place.message)])
    return ErrorRecord(
        id=error_id,
        title=stated[0].title,
        line=stated[0].span[0],
        mentions=tuple(dict.fromkeys(place.span for place in error.places)),
        message="\n".join(dict.fromkeys([*messages[:3], *(p.title for p in stated[1:4])])),
        exception=exception,
        status=_status(stated, fixes),
        severity=next((place.severity for place in stated if place.severity), ""),
        root_cause=next((place.cause for place in reversed(stated) if place.cause), ""),
    )


def _status(places: list[Place], fixes: list[FixRecord]) -> ErrorStatus:
    """Returns the last stated status, else what the outcomes of the fixes say."""
    outcomes = {fix.outcome for fix in fixes}
    if "worked" in outcomes:
        places = [place for place in places if not place.marked]
    stated = [place.status for place in places if place.status != "unknown"]
    if stated:
        return stated[-1]
    if "worked" in outcomes:
        return "fixed"
    if "partial" in outcomes:
        return "partial"
    return "open" if outcomes == {"failed"} else "unknown"


def _fixes(folded: list[FoldedError], ids: dict[FoldedError, str]) -> list[FixRecord]:
    tried = [
        (attempt, ids[error], "open" if attempt.is_attempt and attempt is not attempts[-1] else place.status)
        for error in folded
        for place, attempts in _distinct(error)
        for attempt in attempts  # one that others followed did not fix it, unless the log says so
    ]
    tried.sort(key=lambda attempted: attempted[0].span)
    return [
        FixRecord(
            id=f"f{number}",
            title=attempt.title,
            line=attempt.span[0],
            lines=attempt.span,
            errors=(error_id,),
            detail=attempt.detail,
            outcome=_outcome(attempt.outcome, status),
        )
        for number, (attempt, error_id, status) in enumerate(tried, start=1)
    ]


def _distinct(error: FoldedError) -> Iterator[tuple[Place, list[Attempted]]]:
    """Yields each place with the attempts that no earlier place of the error has stated."""
    earlier: list[tuple[str, frozenset[str]]] = []
    for place in error.places:
        yield place, [attempt for attempt in place.fixes if not _is_repeated(attempt, earlier)]
        for attempt in place.fixes[: _MOST_COMPARED - len(earlier)]:
            words = f"{attempt.title} {attempt.detail}"
            earlier.append((fold(words), objects_of(words)))


def _is_repeated(attempt: Attempted, earlier: list[tuple[str, frozenset[str]]]) -> bool:
    words, objects = fold(attempt.title), objects_of(attempt.title)
    if earlier and len(words.split()) <= _BRIEF and attempt.outcome == "worked":
        return True
    return any(objects & others or fuzz.token_set_ratio(words, other) >= _SAME_FIX for other, others in earlier)


def _outcome(outcome: Outcome, status: ErrorStatus) -> Outcome:
    """Returns the stated outcome, else what the status of the error at that place implies."""
    return outcome if outcome != "unknown" else _OUTCOMES_BY_STATUS[status]


def _claim(reading: Reading, folded: list[FoldedError], fixes: list[FixRecord]) -> None:
    for error in folded:
        for place in error.places:
            reading.claim("errors", place.why, place.span)
    reading.claim("fixes", "a fix of an error", *(fix.lines for fix in fixes))
