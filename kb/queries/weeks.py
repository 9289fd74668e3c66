"""Sessions and open blockers counted by week."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek

from kb.models import StepMention
from sessions.models import NextStep, SessionLog

_WEEKS = 26
_WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Week:
    """A week, by its Monday, with its counts by name."""

    monday: dt.date
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def recent_mondays() -> list[dt.date]:
    """Returns the Mondays of the 26 weeks up to the last session, or nothing if no session has a date."""
    dated = SessionLog.objects.filter(date__isnull=False)
    latest = dated.order_by("-date").values_list("date", flat=True).first()
    if latest is None:
        return []
    return [_monday(latest) - back * _WEEK for back in range(_WEEKS - 1, -1, -1)]


def sessions_by_week(mondays: Sequence[dt.date]) -> list[Week]:
    """Counts the sessions of consecutive weeks by status."""
    sessions = SessionLog.objects.filter(date__gte=mondays[0], date__lt=mondays[-1] + _WEEK).order_by()
    rows = sessions.annotate(week=TruncWeek("date")).values_list("week", "status").annotate(count=Count("pk"))
    counts: dict[dt.date, Counter[str]] = {monday: Counter() for monday in mondays}
    for week, status, count in rows:
        counts[week][status] += count
    return [Week(monday, counts[monday]) for monday in mondays]


def open_blockers_by_week(mondays: Sequence[dt.date]) -> list[Week]:
    """Counts the P0 steps open at the end of each week, going by the logs: raised by then and not ticked off."""
    is_p0 = Q(tracked_step__priority="P0") | Q(
        tracked_step__priority="", tracked_step__latest__priority=NextStep.Priority.P0
    )
    mentions = StepMention.objects.filter(is_p0, step__session__date__isnull=False, tracked_step__merged_into=None)
    rows = mentions.order_by("step__session__date").values_list("tracked_step", "step__session__date", "step__done")
    changes: Counter[dt.date] = Counter()
    is_open: dict[int, bool] = {}
    for step, day, is_done in rows:
        if day and is_open.get(step, False) is is_done:
            changes[max(_monday(day), mondays[0])] += -1 if is_done else 1
            is_open[step] = not is_done
    open_counts = accumulate(changes[monday] for monday in mondays)
    return [Week(monday, {"open": count}) for monday, count in zip(mondays, open_counts, strict=True)]


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
