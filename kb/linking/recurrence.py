"""The state of an issue, and whether its fixes held: computed when it is read, in this one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from kb.models import Issue
from sessions.models import Error, Fix, SessionLog

_IN_PART = (Error.Status.PARTIAL, Error.Status.WORKAROUND)


class IssueState(StrEnum):
    REGRESSED = "regressed"  # met again after a session in which its fix worked, or after a person resolved it
    OPEN = "open"  # met in several sessions, the last time without a fix
    RECURRING = "recurring"  # met again after a fix, and fixed again
    NEW = "new"  # met in one session, and nothing says that it was fixed
    HELD = "held"  # fixed the last time, and not met since
    RESOLVED = "resolved"  # a person said so, and it was not met since
    IGNORED = "ignored"  # a person said so


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an issue, and in how many sessions it was met.

    days  how long its fix had held when it came back (regressed), or has held so far; None if sessions are undated
    """

    state: IssueState
    session_count: int
    days: int | None = None


class FixVerdict(StrEnum):
    """What became of a fix, from the best to the worst."""

    HELD = "held"
    PARTIAL = "partial"
    UNKNOWN = "unknown"
    CAME_BACK = "came back"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TriedFix:
    """A fix for one of an issue's errors, and whether it held.

    days     for how long it has held, or held until the error came back
    back_in  the session in which the error came back
    """

    fix: Fix
    error: Error
    verdict: FixVerdict
    days: int | None = None
    back_in: SessionLog | None = None


def standing(issue: Issue, occurrences: Sequence[Error], today: dt.date) -> Standing:
    """Returns the state of an issue by its errors and by what people said. Undated errors count as the earliest."""
    ordered = sorted(occurrences, key=_day)
    count = len({error.session_id for error in ordered})
    last = ordered[-1]
    if issue.ignored_at is not None:
        return Standing(IssueState.IGNORED, count)
    if issue.resolved_at is not None:
        resolved = timezone.localdate(issue.resolved_at)
        if last.session.date is None or last.session.date <= resolved:
            return Standing(IssueState.RESOLVED, count, (today - resolved).days)
        return Standing(IssueState.REGRESSED, count, (last.session.date - resolved).days)
    fixed = [error for error in ordered[:-1] if is_fixed(error) and error.session_id != last.session_id]
    fixed_before = [error for error in fixed if not _is_retold(error, last)]
    if is_fixed(last) or len(fixed_before) < len(fixed):
        state = IssueState.HELD if count == 1 or not fixed_before else IssueState.RECURRING
        return Standing(state, count, _days(last.session.date, today))
    if fixed_before:
        back = _later(fixed_before[-1], ordered) or last
        return Standing(IssueState.REGRESSED, count, _days(fixed_before[-1].session.date, back.session.date))
    return Standing(IssueState.NEW if count == 1 else IssueState.OPEN, count)


def tried_fixes(occurrences: Sequence[Error], today: dt.date) -> list[TriedFix]:
    """Returns the fixes of an issue: those that held come first, the longest before the others, and failures last.

    Of several that are as good, one that the log itself says worked comes first.
    """
    ordered = sorted(occurrences, key=_day)
    tried = [
        _judge(attempt.fix, error, _later(error, ordered), today)
        for error in ordered
        for attempt in error.attempts.all()
    ]
    return sorted(tried, key=_by_verdict)


def _by_verdict(tried: TriedFix) -> tuple[int, int, bool, int]:
    rank = list(FixVerdict).index(tried.verdict)
    return rank, -(tried.days or 0), tried.fix.outcome != Fix.Outcome.WORKED, tried.fix.pk


def _judge(fix: Fix, error: Error, later: Error | None, today: dt.date) -> TriedFix:
    if fix.outcome == Fix.Outcome.FAILED:
        return TriedFix(fix, error, FixVerdict.FAILED)
    if fix.outcome == Fix.Outcome.PARTIAL:
        return TriedFix(fix, error, FixVerdict.PARTIAL)
    if not is_fixed(error):  # what worked was a step, or did not last until the end of the session
        helped = fix.outcome == Fix.Outcome.WORKED and error.status in _IN_PART
        return TriedFix(fix, error, FixVerdict.PARTIAL if helped else FixVerdict.UNKNOWN)
    if later is not None:
        days = _days(error.session.date, later.session.date)
        return TriedFix(fix, error, FixVerdict.CAME_BACK, days, later.session)
    return TriedFix(fix, error, FixVerdict.HELD, _days(error.session.date, today))


def _later(error: Error, ordered: Sequence[Error]) -> Error | None:
    """Returns the next error of the issue in another session, unless that only tells of the same day once more."""
    behind = (other for other in ordered[ordered.index(error) + 1 :] if other.session_id != error.session_id)
    return next((other for other in behind if not _is_retold(error, other)), None)


def _is_retold(error: Error, later: Error) -> bool:
    """Whether two logs may tell of the same work, and the one that counts as the later does not say that it is open.

    Which of a day's logs was written first is not known, nor when an undated one was: a report and a handover list the
    same errors.
    """
    days = {error.session.date, later.session.date}
    return (len(days) == 1 or None in days) and not _is_open(later)


def _is_open(error: Error) -> bool:
    fixes = [fix.outcome for fix in error.fixes.all()]
    return error.status == Error.Status.OPEN or (bool(fixes) and set(fixes) == {Fix.Outcome.FAILED})


def is_fixed(error: Error) -> bool:
    """Returns whether the log calls the error fixed, or says that a fix worked."""
    return error.status == Error.Status.FIXED or (
        error.status == Error.Status.UNKNOWN and any(fix.outcome == Fix.Outcome.WORKED for fix in error.fixes.all())
    )


def _day(error: Error) -> tuple[dt.date, int]:
    return (error.session.date or dt.date.min, error.session_id)


def _days(start: dt.date | None, end: dt.date | None) -> int | None:
    return (end - start).days if start and end else None
