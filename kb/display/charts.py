"""The geometry of charts. Templates draw them as SVG: includes/_bars.html, _sparkline.html and _timeline.html."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kb.queries.weeks import Week
from sessions.models import Error

_BARS_HEIGHT, _BAR_WIDTH, _BAR_GAP = 60, 9, 2
_SPARKLINE_HEIGHT, _SPARK_WIDTH, _SPARK_GAP = 18, 4, 1
_TIMELINE_WIDTH, _TIMELINE_MARGIN = 600, 6
# What a bar counts, from the bottom up: the name of a count, its word, and the class that colours it.
_SESSION_PARTS = (
    ("complete", "complete", "is-good"),
    ("partial", "partial", "is-mixed"),
    ("in_progress", "in progress", "is-mixed"),
    ("blocked", "blocked", "is-bad"),
    ("failed", "failed", "is-bad"),
    ("", "without status", "is-plain"),
)
_BLOCKER_PARTS = (("open", "open", "is-bad"),)
_ERROR_TONES = {
    Error.Status.FIXED: "is-good",
    Error.Status.PARTIAL: "is-mixed",
    Error.Status.OPEN: "is-bad",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar."""

    word: str
    count: int
    tone: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of a week."""

    week: Week
    x: int
    parts: Sequence[Part]

    @property
    def words(self) -> str:
        return ", ".join(f"{part.count} {part.word}" for part in self.parts) or "none"


@dataclass(frozen=True, slots=True)
class BarChart:
    """A bar for each week, stacked from its parts."""

    title: str
    bars: Sequence[Bar]
    height: int = _BARS_HEIGHT
    bar_width: int = _BAR_WIDTH

    @property
    def width(self) -> int:
        return len(self.bars) * (_BAR_WIDTH + _BAR_GAP)

    @property
    def latest(self) -> Week:
        return self.bars[-1].week


def session_chart(weeks: Sequence[Week], title: str) -> BarChart:
    """The sessions of each week by status."""
    return _bar_chart(weeks, title, _SESSION_PARTS)


def blocker_chart(weeks: Sequence[Week], title: str) -> BarChart:
    """The blockers open at the end of each week."""
    return _bar_chart(weeks, title, _BLOCKER_PARTS)


def _bar_chart(weeks: Sequence[Week], title: str, parts: Sequence[tuple[str, str, str]]) -> BarChart:
    scale = _BARS_HEIGHT / max([week.total for week in weeks] + [1])
    step = _BAR_WIDTH + _BAR_GAP
    return BarChart(title, [Bar(week, n * step, _stacked(week, parts, scale)) for n, week in enumerate(weeks)])


def _stacked(week: Week, parts: Sequence[tuple[str, str, str]], scale: float) -> list[Part]:
    stack, top = [], float(_BARS_HEIGHT)
    for name, word, tone in parts:
        if count := week.counts.get(name, 0):
            top -= scale * count
            stack.append(Part(word, count, tone, round(top, 2), round(scale * count, 2)))
    return stack


@dataclass(frozen=True, slots=True)
class Spark:
    """A bar of a sparkline."""

    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A small bar for each month. The highest fills the height."""

    counts: Sequence[int]
    sparks: Sequence[Spark]
    height: int = _SPARKLINE_HEIGHT
    spark_width: int = _SPARK_WIDTH

    @property
    def width(self) -> int:
        return len(self.counts) * (_SPARK_WIDTH + _SPARK_GAP)

    @property
    def baseline(self) -> int:
        return _SPARKLINE_HEIGHT - 1

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def latest(self) -> int:
        return self.counts[-1] if self.counts else 0


def sparkline(counts: Sequence[int]) -> Sparkline:
    highest = max([*counts, 1])
    heights = [round(_SPARKLINE_HEIGHT * count / highest) for count in counts]
    step = _SPARK_WIDTH + _SPARK_GAP
    sparks = [Spark(n * step, _SPARKLINE_HEIGHT - height, height) for n, height in enumerate(heights) if height]
    return Sparkline(counts, sparks)


@dataclass(frozen=True, slots=True)
class Moment:
    """A dot of a timeline: an occurrence of an error."""

    day: dt.date
    status: str
    tone: str
    x: float

    @property
    def is_ring(self) -> bool:
        """Whether the dot is hollow, so that colour does not tell good from bad by itself."""
        return self.tone == "is-good"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The occurrences of an error, the earliest first."""

    moments: Sequence[Moment]
    width: int = _TIMELINE_WIDTH
    margin: int = _TIMELINE_MARGIN

    @property
    def end(self) -> int:
        return _TIMELINE_WIDTH - _TIMELINE_MARGIN


def occurrence_timeline(errors: Sequence[Error]) -> Timeline | None:
    """Returns when errors occurred and how they ended, or None if they occurred on fewer than two days."""
    dated = sorted(((error.session.date, error) for error in errors if error.session.date), key=lambda pair: pair[0])
    if not dated or dated[0][0] == dated[-1][0]:
        return None
    first, days = dated[0][0], (dated[-1][0] - dated[0][0]).days
    scale = (_TIMELINE_WIDTH - 2 * _TIMELINE_MARGIN) / days
    return Timeline([
        Moment(
            day,
            error.get_status_display(),
            _ERROR_TONES.get(Error.Status(error.status), "is-plain"),
            round(_TIMELINE_MARGIN + scale * (day - first).days, 1),
        )
        for day, error in dated
    ])  # fmt: skip
