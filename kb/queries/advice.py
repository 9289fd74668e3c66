"""What to do about an issue now, and the ladder of what was tried before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.linking.recurrence import FixVerdict, TriedFix, is_fixed
from kb.queries.issues import commands_with
from sessions.models import Command, Error, Fix, Log
from sessions.records import Span


@dataclass(frozen=True, slots=True)
class Advice:
    """The best fix of an issue, or that there is none.

    last       the latest occurrence, whose state counts if no fix held
    was_fixed  whether an occurrence counts as fixed
    best       the fix that held longest, or else the best attempt; None if nothing was tried
    steps      the attempts that make up the best fix, in their order
    spans      their lines in the log; none if the error is no longer in its log
    log_text   the text of that log
    """

    last: Error
    was_fixed: bool = False
    best: TriedFix | None = None
    steps: tuple[TriedFix, ...] = ()
    spans: tuple[Span, ...] = ()
    log_text: str = ""
    commands: tuple[Command, ...] = ()

    @property
    def has_held(self) -> bool:
        return self.best is not None and self.best.verdict == FixVerdict.HELD


@dataclass(frozen=True, slots=True)
class Rung:
    """An attempt in the ladder of an issue. is_best: it belongs to what to do now."""

    tried: TriedFix
    is_best: bool

    @property
    def has_failed(self) -> bool:
        return self.tried.verdict in (FixVerdict.FAILED, FixVerdict.CAME_BACK)


def advice(errors: Sequence[Error], fixes: Sequence[TriedFix]) -> Advice:
    """Returns what to do about an issue, by its errors in order of time and its fixes, the best first."""
    was_fixed = any(map(is_fixed, errors))
    if not fixes:
        return Advice(errors[-1], was_fixed)
    best = fixes[0]
    steps = _steps(best, fixes)
    is_there = best.error.in_log and best.error.session.in_log
    spans = joined_spans([(step.fix.first_line, step.fix.last_line) for step in steps]) if is_there else ()
    text = Log.objects.values_list("text", flat=True).get(pk=best.error.session.log_id) if spans else ""
    return Advice(errors[-1], was_fixed, best, steps, spans, text, tuple(commands_with(steps, ())))


def ladder(errors: Sequence[Error], fixes: Sequence[TriedFix], steps: Sequence[TriedFix]) -> list[Rung]:
    """Returns the attempts in order of time. A fix of several errors of the issue is one attempt."""
    places = _places(errors)
    once = {tried.fix.pk: tried for tried in reversed(fixes)}
    ordered = sorted(once.values(), key=lambda tried: places[tried.error.pk, tried.fix.pk])
    best = {step.fix.pk for step in steps}
    return [Rung(tried, tried.fix.pk in best) for tried in ordered]


def joined_spans(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Returns spans in order, those that touch as one."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def _steps(best: TriedFix, fixes: Sequence[TriedFix]) -> tuple[TriedFix, ...]:
    """Returns the attempts at the same error that came to the same; a log often tells a repair in several parts."""
    alike = [tried for tried in fixes if tried.error == best.error and tried.verdict == best.verdict]
    if best.fix.outcome == Fix.Outcome.WORKED:
        alike = [tried for tried in alike if tried.fix.outcome == Fix.Outcome.WORKED]
    order = {attempt.fix_id: attempt.position for attempt in best.error.attempts.all()}
    return tuple(sorted(alike, key=lambda tried: order[tried.fix.pk]))


def _places(errors: Sequence[Error]) -> Mapping[tuple[int, int], tuple[dt.date, int, int, int]]:
    """Returns where each attempt is in time, by its error and its fix."""
    return {
        (error.pk, attempt.fix_id): (error.session.date or dt.date.min, error.session_id, error.position, at)
        for error in errors
        for at, attempt in enumerate(error.attempts.all())
    }
