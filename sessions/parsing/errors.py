"""Extracts errors and the fixes tried on them: places, folded into errors, with their ladders of attempts."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from sessions.parsing.exceptions import exception_of, objects_of
from sessions.parsing.mentions import FoldedError, fold_places
from sessions.parsing.problem_parts import Attempted, Place
from sessions.parsing.problems import find_places
from sessions.parsing.reading import Reading
from sessions.parsing.vocabulary import fold
from sessions.records import ErrorRecord, ErrorStatus, FixRecord, Outcome, SessionStatus

_SAME_FIX = 85  # percent of likeness from which two statements of a fix are one


def extract_errors(
    reading: Reading, session: SessionStatus | None = None
) -> tuple[tuple[ErrorRecord, ...], tuple[FixRecord, ...]]:
    """The errors of a session in the order they are stated, and the fixes in the order tried.

    `session`: in a session that calls itself complete, an error that nothing else is said of counts as fixed.
    """
    places = find_places(reading)
    suspicions = [place for place in places if place.hypothesis]
    folded = fold_places([place for place in places if not place.hypothesis])
    for place in suspicions:
        _attach_suspicion(place, folded)
    names = {id(error): f"e{number}" for number, error in enumerate(folded, start=1)}
    fixes = _fixes(folded, names)
    fixes = _credit_by_cause(folded, names, fixes)
    errors = tuple(_record(error, names[id(error)], fixes) for error in folded)
    if session == "complete":
        errors = tuple(replace(e, status="fixed") if e.status == "unknown" else e for e in errors)
    _claim(reading, folded, fixes)
    return errors, tuple(fixes)


def _attach_suspicion(place: Place, folded: list[FoldedError]) -> None:
    """A guess is a mention of the error met before it, and its fix an attempt at that error."""
    before = [error for error in folded if error.places[0].span[0] < place.span[0]]
    if before:
        nearest = max(before, key=lambda error: max(p.span[0] for p in error.places if p.span[0] < place.span[0]))
        nearest.places.append(place)
        nearest.places.sort(key=lambda p: p.span)


def _record(error: FoldedError, name: str, fixes: list[FixRecord]) -> ErrorRecord:
    stated = [place for place in error.places if not place.hypothesis] or error.places
    messages = [place.message for place in stated if place.message]
    title = stated[0].title
    # A later place may name the error better than the heading that first mentions it: its code or its class.
    exception = exception_of(*[text for place in stated for text in (place.title, place.message)])
    return ErrorRecord(
        id=name,
        title=title,
        line=stated[0].span[0],
        mentions=tuple(dict.fromkeys(place.span for place in error.places)),
        message="\n".join(dict.fromkeys([*messages[:3], *(p.title for p in stated[1:4])])),
        exception=exception,
        status=_status(stated, [fix for fix in fixes if name in fix.errors]),
        severity=next((place.severity for place in stated if place.severity), ""),
        root_cause=next((place.cause for place in reversed(stated) if place.cause), ""),
    )


def _status(places: list[Place], fixes: list[FixRecord]) -> ErrorStatus:
    """The last stated status; else what the outcomes of the fixes say."""
    stated = [place.status for place in places if place.status != "unknown"]
    if stated:
        return stated[-1]
    outcomes = {fix.outcome for fix in fixes}
    if "worked" in outcomes:
        return "fixed"
    if "partial" in outcomes:
        return "partial"
    return "open" if outcomes == {"failed"} else "unknown"


def _fixes(folded: list[FoldedError], names: dict[int, str]) -> list[FixRecord]:
    tried = [
        (attempt, names[id(error)], place.status)
        for error in folded
        for place in error.places
        for attempt in _distinct(place.fixes, error, place)
    ]
    tried.sort(key=lambda one: one[0].span)
    return [
        FixRecord(
            id=f"f{number}",
            title=attempt.title,
            line=attempt.span[0],
            lines=attempt.span,
            errors=(name,),
            detail=attempt.detail,
            outcome=_outcome(attempt.outcome, status),
        )
        for number, (attempt, name, status) in enumerate(tried, start=1)
    ]


def _distinct(attempts: list[Attempted], error: FoldedError, place: Place) -> list[Attempted]:
    """The attempts of a place that an earlier place of the error has not stated yet."""
    earlier = error.places[: error.places.index(place)]
    known = [fold(f"{other.title} {other.detail}") for before in earlier for other in before.fixes]
    objects = [objects_of(f"{other.title} {other.detail}") for before in earlier for other in before.fixes]
    fresh = []
    for attempt in attempts:
        words = fold(attempt.title)
        restated = any(fuzz.token_set_ratio(words, other) >= _SAME_FIX for other in known)
        brief = bool(known) and len(words.split()) <= 8 and attempt.outcome == "worked"
        same_object = any(objects_of(attempt.title) & other for other in objects)
        if not (restated or same_object or brief):
            fresh.append(attempt)
    return fresh


def _outcome(outcome: Outcome, status: ErrorStatus) -> Outcome:
    """A fix nothing else is said of worked when its place calls the error fixed, or simply names it the fix."""
    if outcome != "unknown":
        return outcome
    return {"fixed": "worked", "partial": "partial", "open": "unknown", "workaround": "worked"}.get(status, "worked")  # type: ignore[return-value]


def _credit_by_cause(folded: list[FoldedError], names: dict[int, str], fixes: list[FixRecord]) -> list[FixRecord]:
    """An error whose cause is another error of the session was fixed by what fixed that one."""
    credited: dict[str, list[str]] = {}
    for error in folded:
        cause = " ".join(place.cause for place in error.places)
        for other in folded:
            if other is not error and cause and objects_of(cause) & (other.objects - error.objects):
                credited.setdefault(names[id(other)], []).append(names[id(error)])
                break
    return [
        FixRecord(f.id, f.title, f.line, f.lines, (*f.errors, *credited.get(f.errors[0], ())), f.detail, f.outcome)
        if f.outcome == "worked"
        else f
        for f in fixes
    ]


def _claim(reading: Reading, folded: list[FoldedError], fixes: list[FixRecord]) -> None:
    for error in folded:
        for place in error.places:
            reading.claim("errors", place.why, place.span)
    reading.claim("fixes", "a fix of an error", *(fix.lines for fix in fixes))
