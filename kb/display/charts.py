"""Pictures for those who look rather than read: numbers by week, as SVG that the server draws."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kb.models import StepMention
from kb.people.clock import plain_day
from sessions.models import Error, NextStep, SessionLog

_WEEKS = 26
_TIMELINE = 600  # units wide
_HEIGHT, _BAR, _GAP = 60, 9, 2
# The statuses of sessions from the bottom of a bar up, with the class that colours them.
_STATUSES = (("complete", "is-good"), ("partial", "is-mixed"), ("in_progress", "is-mixed"), ("blocked", "is-bad"),
             ("failed", "is-bad"), ("", "is-plain"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Week:
    """The week of a Monday, with numbers by name."""

    monday: dt.date
    numbers: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.numbers.values())


def recent_mondays() -> list[dt.date]:
    """The Mondays of the 26 weeks up to the last session's; none where no session is dated."""
    latest = SessionLog.objects.filter(date__isnull=False).order_by("-date").values_list("date", flat=True).first()
    if latest is None:
        return []
    return [_monday(latest) - dt.timedelta(weeks=back) for back in range(_WEEKS - 1, -1, -1)]


def sessions_by_week(mondays: Sequence[dt.date]) -> list[Week]:
    """Sessions of weeks that follow each other, by status."""
    in_weeks = SessionLog.objects.filter(date__gte=mondays[0], date__lt=mondays[-1] + dt.timedelta(days=7)).order_by()
    counted = in_weeks.annotate(week=TruncWeek("date")).values_list("week", "status").annotate(n=Count("pk"))
    numbers: dict[dt.date, Counter[str]] = {monday: Counter() for monday in mondays}
    for week, status, count in counted:
        numbers[week][status] += count
    return [Week(monday, numbers[monday]) for monday in mondays]


def open_blockers_by_week(mondays: Sequence[dt.date]) -> list[Week]:
    """P0 steps open at the end of each week, as the logs tell it: raised and not ticked off by then."""
    is_p0 = Q(tracked_step__priority="P0") | Q(
        tracked_step__priority="", tracked_step__latest__priority=NextStep.Priority.P0
    )
    rows = StepMention.objects.filter(is_p0, step__session__date__isnull=False, tracked_step__merged_into=None)
    told = rows.order_by("step__session__date").values_list("tracked_step", "step__session__date", "step__done")
    changes: Counter[dt.date] = Counter()
    is_open: dict[int, bool] = {}
    for item, day, done in told:
        if day and is_open.get(item, False) is done:
            changes[max(_monday(day), mondays[0])] += -1 if done else 1
            is_open[item] = not done
    standing = accumulate(changes[monday] for monday in mondays)
    return [Week(monday, {"open": count}) for monday, count in zip(mondays, standing, strict=True)]


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def stacked_bars(weeks: Sequence[Week], title: str) -> SafeString:
    """A bar a week, its parts by status; each bar tells its numbers."""
    highest = max([week.total for week in weeks] + [1])
    bars = format_html_join("", "{}", ((_bar(at, week, highest),) for at, week in enumerate(weeks)))
    return _picture(bars, title, weeks)


def _bar(at: int, week: Week, highest: int) -> SafeString:
    top, parts = float(_HEIGHT), []
    kinds = (("open", "is-bad"),) if "open" in week.numbers else _STATUSES
    for name, tone in kinds:
        height = _HEIGHT * week.numbers.get(name, 0) / highest
        top -= height
        if height:
            box = (tone, at * (_BAR + _GAP), round(top, 2), _BAR, round(height, 2))
            parts.append(format_html('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', *box))
    told = ", ".join(f"{week.numbers[name]} {name or 'without status'}" for name, _ in kinds if week.numbers.get(name))
    return format_html(
        "<g><title>week of {}: {}</title>{}</g>",
        plain_day(week.monday),
        told.replace("_", " ") or "none",
        format_html_join("", "{}", ((part,) for part in parts)),
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """A day of a timeline: its words, and the class that colours it."""

    day: dt.date
    words: str
    tone: str


def occurrence_timeline(errors: Sequence[Error]) -> SafeString | str:
    """When a problem was met, and whether it was fixed then; nothing for fewer than two days."""
    tones = {Error.Status.FIXED: "is-good", Error.Status.OPEN: "is-bad", Error.Status.PARTIAL: "is-mixed"}
    moments = [
        Moment(error.session.date, error.get_status_display(), tones.get(Error.Status(error.status), "is-plain"))
        for error in errors
        if error.session.date
    ]
    moments.sort(key=lambda moment: moment.day)
    if len({moment.day for moment in moments}) < 2:
        return ""
    first, last = moments[0].day, moments[-1].day
    dots = format_html_join("", "{}", ((_dot(moment, first, last),) for moment in moments))
    words = f"Met {len(moments)} times from {plain_day(first)} to {plain_day(last)}; the last time {moments[-1].words}"
    return format_html(
        '<svg class="timeline-picture" viewBox="0 0 {} 24" role="img" aria-label="{}">'
        '<line x1="6" y1="12" x2="{}" y2="12"/>{}</svg>',
        _TIMELINE, words, _TIMELINE - 6, dots,
    )  # fmt: skip


def _dot(moment: Moment, first: dt.date, last: dt.date) -> SafeString:
    at = 6 + (_TIMELINE - 12) * (moment.day - first).days / (last - first).days
    told = f"{plain_day(moment.day)}: {moment.words}"
    if moment.tone == "is-good":  # a ring, so that colour does not speak alone
        shape = format_html('<circle class="{} is-ring" cx="{}" cy="12" r="4"/>', moment.tone, round(at, 1))
    else:
        shape = format_html('<circle class="{}" cx="{}" cy="12" r="5"/>', moment.tone, round(at, 1))
    return format_html("<g><title>{}</title>{}</g>", told, shape)


def _picture(bars: SafeString, title: str, weeks: Sequence[Week]) -> SafeString:
    width = len(weeks) * (_BAR + _GAP)
    latest = weeks[-1]
    words = f"{title}, {len(weeks)} weeks up to {plain_day(latest.monday)}; latest {latest.total}"
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="none">{}</svg>',
        width, _HEIGHT, words, bars,
    )  # fmt: skip
