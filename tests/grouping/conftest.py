"""Rows to group, without a parser: errors by signature and next steps by wording, so each test runs on both kinds."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from django.db.models import QuerySet

from kb.grouping.assignment import recompute_groups
from kb.grouping.description import Grouping
from kb.grouping.facts import collect_facts
from kb.grouping.groups import group
from kb.grouping.placement import place
from kb.linking.issues import ISSUES
from kb.models import Issue, Signature, StepWording, TrackedStep
from kb.next_steps.tracking import TRACKED_STEPS
from sessions.models import Error, Log, NextStep, Project, SessionLog


class Rows:
    """Creates records, identities and links of one kind of grouping, and tells how they are grouped."""

    def __init__(self, grouping: Grouping[Any]) -> None:
        self.grouping = grouping
        self.project = Project.objects.create(name="harbor")
        log = Log.objects.create(sha256="0" * 64, encoding="utf-8", size=1, text="x")
        self.session = SessionLog.objects.create(
            log=log, project=self.project, key="s", position=0, title="Session", first_line=1, last_line=1
        )
        self._numbers = itertools.count()

    def identity(self) -> int:
        digest = str(next(self._numbers))
        if self.grouping is ISSUES:
            return Signature.objects.create(version=1, digest=digest).pk
        return StepWording.objects.create(project=self.project, digest=digest, words=digest).pk

    def record(self, text: str = "") -> Error | NextStep:
        number = next(self._numbers)
        common = {"key": str(number), "position": number, "line": 1, "first_line": 1, "last_line": 1}
        text = text or f"record {number}"
        if self.grouping is ISSUES:
            return Error.objects.create(session=self.session, title=text, **common)
        return NextStep.objects.create(session=self.session, text=text, **common)

    def link(self, one: int, other: int, score: float = 0.9) -> None:
        older, newer = sorted((one, other))
        self.grouping.links._default_manager.create(one_id=older, other_id=newer, score=score)

    def put(self, *identities: int, unmatched: Iterable[int] = ()) -> list[int]:
        """Places a new record of each identity and groups it. Returns the records' numbers."""
        records = [self.record() for _ in identities]
        by_record = {record.pk: identity for record, identity in zip(records, identities, strict=True)}
        moved = place(self.grouping, records, {}, by_record, set(unmatched))
        recompute_groups(self.grouping, moved)
        return list(by_record)

    def groups(self) -> QuerySet[Issue] | QuerySet[TrackedStep]:
        return Issue.objects.all() if self.grouping is ISSUES else TrackedStep.objects.all()

    def group_of(self, record: int) -> int:
        return self.grouping.group_of(record)

    def partition(self) -> list[list[int]]:
        """The groups in the database, as lists of records."""
        members = self.grouping.members_of(
            self.grouping.members_where().values_list(f"{self.grouping.record}_id", flat=True)
        )
        groups: dict[int, list[int]] = {}
        for record in sorted(members):
            groups.setdefault(members[record].group, []).append(record)
        return sorted(groups.values())

    def computed(self) -> list[list[int]]:
        """The groups that all facts together say there should be."""
        records = self.grouping.members_where().values_list(f"{self.grouping.record}_id", flat=True)
        members = self.grouping.members_of(records)
        return sorted(sorted(records) for records in group(collect_facts(self.grouping, members)))


@pytest.fixture(params=[ISSUES, TRACKED_STEPS], ids=["issues", "steps"])
def rows(request: pytest.FixtureRequest, db: None) -> Rows:
    return Rows(request.param)
