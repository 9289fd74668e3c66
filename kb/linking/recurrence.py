"""How an issue stands, computed when read: new, recurring, regressed, held or open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sessions.models import Error, Fix


class State(StrEnum):
    NEW = "new"  # met in one session, and nothing says it was fixed
    OPEN = "open"  # met more than once, and its last occurrence is not fixed
    REGRESSED = "regressed"  # an error again after a session in which its fix worked
    HELD = "held"  # its last occurrence was fixed and it was not met since
    RECURRING = "recurring"  # met in two sessions or more


@dataclass(frozen=True, slots=True)
class Standing:
    """An issue's state. `days`: until it came back (regressed), or since its fix (held); None where undated."""

    state: State
    sessions: int
    days: int | None = None


def standing(occurrences: Sequence[Error], today: dt.date) -> Standing:
    """How an issue stands by its errors. They are ordered by session day; undated ones come first."""
    ordered = sorted(occurrences, key=_day)
    sessions = len({error.session_id for error in ordered})
    last = ordered[-1]
    fixed_before = [error for error in ordered[:-1] if is_fixed(error) and error.session_id != last.session_id]
    if is_fixed(last):
        state = State.HELD if sessions == 1 or not fixed_before else State.RECURRING
        return Standing(state, sessions, _days(last.session.date, today))
    if fixed_before:
        return Standing(State.REGRESSED, sessions, _days(fixed_before[-1].session.date, last.session.date))
    return Standing(State.NEW if sessions == 1 else State.OPEN, sessions)


def is_fixed(error: Error) -> bool:
    """The log says that the error is fixed, or that a fix worked."""
    return error.status == Error.Status.FIXED or (
        error.status == Error.Status.UNKNOWN and any(fix.outcome == Fix.Outcome.WORKED for fix in error.fixes.all())
    )


def _day(error: Error) -> tuple[dt.date, int]:
    return (error.session.date or dt.date.min, error.session_id)


def _days(start: dt.date | None, end: dt.date | None) -> int | None:
    return (end - start).days if start and end else None
