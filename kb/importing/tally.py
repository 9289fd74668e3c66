"""What an import did, in words: counted log by log, since the logs themselves would fill the memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.template.defaultfilters import pluralize
from django.utils.text import Truncator

from kb.importing.keeping import Imported, Refused
from kb.linking.issues import LinkedError
from kb.linking.recurrence import IssueState, Standing
from kb.models import ImportOutcome
from sessions.storing.sync import RecordChanges

_TITLE_LENGTH = 90  # characters of the title of an issue
_ISSUES_NAMED = 4  # of each kind: regressions, and others that recur
_LOGS_NAMED = 3


class _Recurring(NamedTuple):
    title: str
    standing: Standing

    @property
    def is_regressed(self) -> bool:
        return self.standing.state == IssueState.REGRESSED


@dataclass(slots=True)
class Tally:
    """Counts what became of logs. `refusals` are the sentences that say why logs were not imported."""

    outcomes: Counter[ImportOutcome] = field(default_factory=Counter)
    changes: RecordChanges = field(default_factory=RecordChanges)
    masked: int = 0
    refusals: list[str] = field(default_factory=list)
    _empty: list[str] = field(default_factory=list)
    _empty_count: int = 0
    _met_once: set[int] = field(default_factory=set)
    _recurring: dict[int, _Recurring] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many logs were imported."""
        return sum(self.outcomes.values())

    def add(self, result: Imported | Refused) -> None:
        if isinstance(result, Refused):
            self.refusals.append(result.reason)
            return
        self.outcomes[result.outcome] += 1
        self.masked += result.masked
        for name in ("added", "changed", "removed", "kept"):
            setattr(self.changes, name, getattr(self.changes, name) + getattr(result.changes, name))
        if result.outcome == ImportOutcome.NEW and not result.changes.added:
            self._empty_count += 1
            self._empty += [result.path] if len(self._empty) < _LOGS_NAMED else []
        for linked in result.errors:
            self._add_issue(linked)

    def _add_issue(self, linked: LinkedError) -> None:
        if linked.standing.session_count > 1:
            self._met_once.discard(linked.issue.pk)
            self._recurring[linked.issue.pk] = _Recurring(str(linked.issue), linked.standing)
        else:
            self._recurring.pop(linked.issue.pk, None)
            self._met_once.add(linked.issue.pk)

    def told(self) -> str:
        """Says in words how many logs had which outcome, and what that did to their records and issues."""
        outcomes, changes = self.outcomes, self.changes
        lines = [
            f"{outcomes[ImportOutcome.NEW]} new, {outcomes[ImportOutcome.UPDATED]} updated, "
            f"{outcomes[ImportOutcome.UNCHANGED]} already here, {len(self.refusals)} refused."
        ]
        if outcomes[ImportOutcome.NEW] or outcomes[ImportOutcome.UPDATED]:
            lines.append(
                f"Records: {changes.added} added, {changes.changed} changed, {changes.removed} no longer in their log."
            )
        if self._empty_count:
            named = ", ".join(self._empty)
            lines.append(f"Nothing was recognised in {self._empty_count}: {named}. See manage.py parse --explain.")
        if self.masked:
            lines.append(f"Credentials masked before storing: {self.masked}.")
        return "\n".join([*lines, *self._issue_lines()])

    def _issue_lines(self) -> list[str]:
        """Says how many issues the errors are, how many of these are regressions, and names the most frequent."""
        if not self._met_once and not self._recurring:
            return []
        recurring = sorted(self._recurring.values(), key=lambda issue: -issue.standing.session_count)
        regressed = [issue for issue in recurring if issue.is_regressed]
        counts = f"{len(self._met_once)} new issues, {len(recurring)} recurring, {len(regressed)} of these regressed"
        others = [issue for issue in recurring if not issue.is_regressed]
        named = [*regressed[:_ISSUES_NAMED], *others][: 2 * _ISSUES_NAMED]
        return [
            f"Errors: {counts}.",
            *(f"  {_occurrence(issue)}: {Truncator(issue.title).chars(_TITLE_LENGTH)}" for issue in named),
        ]


def _occurrence(issue: _Recurring) -> str:
    if issue.is_regressed:
        return f"regression{_days_after(issue.standing.days)}, seen in {issue.standing.session_count} sessions"
    return f"seen in {issue.standing.session_count} sessions"


def _days_after(days: int | None) -> str:
    if days is None:
        return ""
    return f" after {days} day{pluralize(days)}" if days else " on the same day"
