"""How an issue stands, and whether its fixes held: computed when read, in this one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from kb.models import Issue
from sessions.models import Error, Fix, SessionLog


class State(StrEnum):
    REGRESSED = "regressed"  # an error again after a session in which its fix worked, or after a person resolved it
    OPEN = "open"  # met more than once, and its last occurrence is not fixed
    RECURRING = "recurring"  # met again and again, its last occurrence fixed
    NEW = "new"  # met in one session, and nothing says it was fixed
    HELD = "held"  # its last occurrence was fixed and it was not met since
    RESOLVED = "resolved"  # a person said so, and it was not met since
    IGNORED = "ignored"  # a person said so


@dataclass(frozen=True, slots=True)
class Standing:
    """An issue's state. `days`: until it came back (regressed), or since its fix (held); None where undated."""

    state: State
    sessions: int
    days: int | None = None


class Verdict(StrEnum):
    """What became of a fix, in the order in which fixes are shown."""

    HELD = "held"
    PARTIAL = "partial"
    UNKNOWN = "unknown"
    CAME_BACK = "came back"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TriedFix:
    """A fix of one of an issue's errors and whether it held. `days`: it held, or held until the error came back."""

    fix: Fix
    error: Error
    verdict: Verdict
    days: int | None = None
    back_in: SessionLog | None = None


def standing(issue: Issue, occurrences: Sequence[Error], today: dt.date) -> Standing:
    """How an issue stands by its errors and by what people said of it. Undated errors count as the earliest."""
    ordered = sorted(occurrences, key=_day)
    sessions = len({error.session_id for error in ordered})
    last = ordered[-1]
    if issue.ignored_at is not None:
        return Standing(State.IGNORED, sessions)
    if issue.resolved_at is not None:
        resolved = timezone.localdate(issue.resolved_at)
        if last.session.date is None or last.session.date <= resolved:
            return Standing(State.RESOLVED, sessions, (today - resolved).days)
        return Standing(State.REGRESSED, sessions, (last.session.date - resolved).days)
    fixed_before = [error for error in ordered[:-1] if is_fixed(error) and error.session_id != last.session_id]
    if is_fixed(last):
        state = State.HELD if sessions == 1 or not fixed_before else State.RECURRING
        return Standing(state, sessions, _days(last.session.date, today))
    if fixed_before:
        return Standing(State.REGRESSED, sessions, _days(fixed_before[-1].session.date, last.session.date))
    return Standing(State.NEW if sessions == 1 else State.OPEN, sessions)


def tried_fixes(occurrences: Sequence[Error], today: dt.date) -> list[TriedFix]:
    """The fixes of an issue: those that held first, the longest before the others; those that failed last."""
    ordered = sorted(occurrences, key=_day)
    found = [
        _judge(attempt.fix, error, _later(error, ordered), today)
        for error in ordered
        for attempt in error.attempts.all()
    ]
    order = list(Verdict)
    return sorted(found, key=lambda tried: (order.index(tried.verdict), -(tried.days or 0), tried.fix.pk))


def _judge(fix: Fix, error: Error, later: Error | None, today: dt.date) -> TriedFix:
    if fix.outcome == Fix.Outcome.FAILED:
        return TriedFix(fix, error, Verdict.FAILED)
    if fix.outcome == Fix.Outcome.PARTIAL:
        return TriedFix(fix, error, Verdict.PARTIAL)
    if fix.outcome != Fix.Outcome.WORKED and not is_fixed(error):
        return TriedFix(fix, error, Verdict.UNKNOWN)
    if later is not None:
        days = _days(error.session.date, later.session.date)
        return TriedFix(fix, error, Verdict.CAME_BACK, days, later.session)
    return TriedFix(fix, error, Verdict.HELD, _days(error.session.date, today))


def _later(error: Error, ordered: Sequence[Error]) -> Error | None:
    """The next time the problem was met in another session."""
    behind = ordered[ordered.index(error) + 1 :]
    return next((other for other in behind if other.session_id != error.session_id), None)


def is_fixed(error: Error) -> bool:
    """The log says that the error is fixed, or that a fix worked."""
    return error.status == Error.Status.FIXED or (
        error.status == Error.Status.UNKNOWN and any(fix.outcome == Fix.Outcome.WORKED for fix in error.fixes.all())
    )


def _day(error: Error) -> tuple[dt.date, int]:
    return (error.session.date or dt.date.min, error.session_id)


def _days(start: dt.date | None, end: dt.date | None) -> int | None:
    return (end - start).days if start and end else None
