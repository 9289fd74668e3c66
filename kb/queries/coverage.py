"""How well logs are understood: by project and by layout, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from kb.models import TaughtHeading
from sessions.models import Log

_Row = tuple[int, dict[str, int], str, str, dict[str, int]]


@dataclass(slots=True)
class CoverageShare:
    """How many lines of some logs are in records and in known context. The rest was not understood."""

    name: str
    logs: int = 0
    lines: int = 0
    recorded: int = 0
    context: int = 0

    @property
    def lost(self) -> int:
        return self.lines - self.recorded - self.context

    @property
    def percent(self) -> tuple[int, int, int]:
        """The percentages of lines in records, in context, and not understood."""
        whole = max(self.lines, 1)
        recorded, context = round(100 * self.recorded / whole), round(100 * self.context / whole)
        return recorded, context, max(100 - recorded - context, 0) if self.lines else 0


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """The coverage of all logs, and by project and layout.

    unknown  (heading, lines not understood under it, logs that have it), most lines first
    """

    whole: CoverageShare
    projects: list[CoverageShare]
    layouts: list[CoverageShare]
    unknown: list[tuple[str, int, int]]


def coverage_report(project: str = "", most: int = 50) -> CoverageReport:
    """Returns the coverage of all logs, or of those of a project."""
    logs = Log.objects.filter(was_at="")
    if project:
        logs = logs.filter(sessions__project__name=project)
    columns = ("pk", "coverage", "layout", "sessions__project__name", "unknown")
    rows: list[_Row] = list({row[0]: row for row in logs.order_by("pk").values_list(*columns)}.values())
    lines, counts = Counter[str](), Counter[str]()
    for *_, headings in rows:
        lines.update(headings)
        counts.update(headings.keys())
    return CoverageReport(
        next(iter(_shares(rows, lambda row: "all logs")), CoverageShare("all logs")),
        _shares(rows, lambda row: row[3] or "unnamed")[:most],
        _shares(rows, lambda row: row[2] or "not known yet")[:most],
        [(heading, count, counts[heading]) for heading, count in lines.most_common(most)],
    )


def headings_taught() -> QuerySet[TaughtHeading]:
    """Returns what people taught, latest first."""
    return TaughtHeading.objects.filter(undone_at=None).select_related("by")


def _shares(rows: Iterable[_Row], name_of: Callable[[_Row], str]) -> list[CoverageShare]:
    """Returns the coverage by name, worst first: the one with the largest part not understood."""
    shares: dict[str, CoverageShare] = {}
    for row in rows:
        share = shares.setdefault(name_of(row), CoverageShare(name_of(row)))
        share.logs += 1
        share.lines += row[1].get("lines", 0)
        share.recorded += row[1].get("recorded", 0)
        share.context += row[1].get("context", 0)
    return sorted(shares.values(), key=lambda share: (-share.lost / max(share.lines, 1), -share.lines))
