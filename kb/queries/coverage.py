"""How well all logs are understood: by project and by layout, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sessions.models import Log


@dataclass(slots=True)
class Share:
    """Lines of some logs: in records, in known context, and in neither."""

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
        """Understood, context and not understood, in percent of the lines."""
        whole = max(self.lines, 1)
        recorded, context = round(100 * self.recorded / whole), round(100 * self.context / whole)
        return recorded, context, max(100 - recorded - context, 0) if self.lines else 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """unknown: (heading, lines not understood under it, logs that have it), the most lines first."""

    whole: Share
    projects: list[Share]
    layouts: list[Share]
    unknown: list[tuple[str, int, int]]


_Row = tuple[int, dict[str, int], str, str, dict[str, int]]


def coverage(project: str = "", most: int = 50) -> Coverage:
    """The coverage of all logs, or of those of a project."""
    logs = Log.objects.filter(was_at="")
    if project:
        logs = logs.filter(sessions__project__name=project)
    columns = ("pk", "coverage", "layout", "sessions__project__name", "unknown")
    rows: list[_Row] = list({row[0]: row for row in logs.order_by("pk").values_list(*columns)}.values())
    unknown, held = Counter[str](), Counter[str]()
    for *_, headings in rows:
        unknown.update(headings)
        held.update(headings.keys())
    return Coverage(
        next(iter(_shares(rows, lambda row: "all logs")), Share("all logs")),
        _shares(rows, lambda row: row[3] or "unnamed")[:most],
        _shares(rows, lambda row: row[2] or "not known yet")[:most],
        [(heading, lines, held[heading]) for heading, lines in unknown.most_common(most)],
    )


def _shares(rows: Iterable[_Row], name_of: Callable[[_Row], str]) -> list[Share]:
    """The shares by a name, the worst first: those with the largest part not understood."""
    found: dict[str, Share] = {}
    for row in rows:
        share = found.setdefault(name_of(row), Share(name_of(row)))
        share.logs += 1
        share.lines += row[1].get("lines", 0)
        share.recorded += row[1].get("recorded", 0)
        share.context += row[1].get("context", 0)
    return sorted(found.values(), key=lambda share: (-share.lost / max(share.lines, 1), -share.lines))
