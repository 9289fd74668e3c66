"""Extracts errors and the fixes tried on them: places, folded into errors, with their ladders of attempts."""

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

_BRIEF = 8  # words of a fix that only says again that it is fixed
_MOST_KNOWN = 20  # fixes of one error that later ones are compared with
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
    of_error: dict[str, list[FixRecord]] = defaultdict(list)
    for fix in fixes:
        for name in fix.errors:
            of_error[name].append(fix)
    errors = tuple(_record(error, names[id(error)], of_error[names[id(error)]]) for error in folded)
    if session == "complete":
        errors = tuple(replace(e, status="fixed") if e.status == "unknown" else e for e in errors)
    _claim(reading, folded, fixes)
    return errors, tuple(fixes)


def _attach_suspicion(place: Place, folded: list[FoldedError]) -> None:
    """A guess is a mention of the error met before it, and its fix an attempt at that error."""
    before = [error for error in folded if error.places[0].span[0] < place.span[0]]
    if before:
        nearest = max(before, key=lambda error: error.places[-1].span[0])
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
        status=_status(stated, fixes),
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
        for place, attempts in _distinct(error)
        for attempt in attempts
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


def _distinct(error: FoldedError) -> Iterator[tuple[Place, list[Attempted]]]:
    """The attempts of each place that no earlier place of the error has stated yet."""
    known: list[tuple[str, frozenset[str]]] = []
    for place in error.places:
        fresh = [attempt for attempt in place.fixes if not _is_known(attempt, known)]
        yield place, fresh
        for attempt in place.fixes[: _MOST_KNOWN - len(known)]:
            words = f"{attempt.title} {attempt.detail}"
            known.append((fold(words), objects_of(words)))


def _is_known(attempt: Attempted, known: list[tuple[str, frozenset[str]]]) -> bool:
    words, objects = fold(attempt.title), objects_of(attempt.title)
    if known and len(words.split()) <= _BRIEF and attempt.outcome == "worked":
        return True
    return any(objects & others or fuzz.token_set_ratio(words, other) >= _SAME_FIX for other, others in known)


def _outcome(outcome: Outcome, status: ErrorStatus) -> Outcome:
    """A fix nothing else is said of worked when its place calls the error fixed, or simply names it the fix."""
    if outcome != "unknown":
        return outcome
    return {"fixed": "worked", "partial": "partial", "open": "unknown", "workaround": "worked"}.get(status, "worked")  # type: ignore[return-value]


def _credit_by_cause(folded: list[FoldedError], names: dict[int, str], fixes: list[FixRecord]) -> list[FixRecord]:
    """An error whose cause is another error of the session was fixed by what fixed that one."""
    credited: dict[str, list[str]] = {}
    named: dict[str, list[FoldedError]] = defaultdict(list)
    for error in folded:
        for name in error.objects:
            named[name].append(error)
    for error in folded:
        cause = objects_of(*(place.cause for place in error.places[:_MOST_KNOWN] if place.cause)) - error.objects
        others = [other for name in sorted(cause) for other in named[name][:1]]
        if others:
            first = min(others, key=lambda other: other.places[0].span)
            credited.setdefault(names[id(first)], []).append(names[id(error)])
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
