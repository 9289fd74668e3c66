"""Carries next steps forward: the same step in several sessions of a project is one item."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sessions.models import NextStep
from sessions.parsing.vocabulary import fold, table


@dataclass(frozen=True, slots=True)
class CarriedStep:
    """A step as a project's sessions raised it. `mentions` runs from the first session to the last."""

    mentions: tuple[NextStep, ...]

    @property
    def latest(self) -> NextStep:
        return self.mentions[-1]

    @property
    def is_open(self) -> bool:
        """The last session that mentions it does not say it is done."""
        return not self.latest.done

    @property
    def sessions(self) -> int:
        return len({step.session_id for step in self.mentions})

    @property
    def raised_on(self) -> dt.date | None:
        return next((step.session.date for step in self.mentions if step.session.date), None)

    def days_open(self, today: dt.date) -> int | None:
        """Days since it was first raised; None where no session that raised it is dated."""
        return (today - self.raised_on).days if self.raised_on else None


def carry_forward(steps: Iterable[NextStep]) -> list[CarriedStep]:
    """Groups steps by project and wording, newest mention first. Sessions must be loaded with the steps."""
    groups: dict[tuple[int, str], list[NextStep]] = defaultdict(list)
    for step in steps:
        groups[step.session.project_id, _wording(step.text)].append(step)
    carried = [CarriedStep(tuple(sorted(group, key=_when))) for group in groups.values()]
    return sorted(carried, key=lambda item: _when(item.latest), reverse=True)


def _wording(text: str) -> str:
    """The words of a step without marks, numbering, case and priority."""
    words = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    return " ".join(word for word in words if not word.isdigit() and table("priorities").get(word) is None)


def _when(step: NextStep) -> tuple[dt.date, int, int]:
    return (step.session.date or dt.date.min, step.session_id, step.position)
