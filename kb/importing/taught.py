"""Headings that people taught the meaning of, and the logs to read again because of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kb.conf.meaning import reviser
from kb.models import TaughtHeading
from sessions.models import Log
from sessions.parsing.pipeline import read_text
from sessions.parsing.tree.roles import heading_key
from sessions.parsing.vocabulary import Role, fold_whole
from sessions.storing.rows import RECORD_ROWS

# The meanings that a heading can be taught, in the order in which they are offered.
TEACHABLE: Mapping[str, Role] = {
    "next steps": Role.NEXT_STEPS,
    "blockers": Role.BLOCKERS,
    "errors": Role.ERRORS,
    "fixes": Role.FIXES,
    "learnings": Role.LEARNINGS,
    "decisions": Role.DECISIONS,
    "objectives": Role.OBJECTIVES,
    "commands": Role.COMMANDS,
    "files": Role.FILES,
    "commits": Role.COMMITS,
    "a summary (no records)": Role.SUMMARY,
    "references (no records)": Role.REFERENCES,
}
_MOST_COMPARED = 200  # logs that a preview of teaching reads


@dataclass(frozen=True, slots=True)
class TeachingEffect:
    """What teaching a heading would change.

    compared  logs that were read both ways
    changed   logs that would be read differently
    records   how many records of each kind there would be more, or fewer
    """

    compared: int
    changed: int
    records: Counter[str]


def taught_headings() -> dict[str, Role]:
    """Returns the role of each taught heading, by its `heading_key`."""
    rows = TaughtHeading.objects.filter(undone_at=None).order_by("pk").values_list("heading", "role")
    return {heading: Role(role) for heading, role in rows}


def logs_with(heading: str) -> list[int]:
    """Returns the primary keys of logs that contain a heading. They are folded here: databases cannot fold accents."""
    texts = Log.objects.filter(was_at="").order_by("pk").values_list("pk", "text").iterator(chunk_size=100)
    return [pk for pk, text in texts if heading in fold_whole(text)]


def teaching_effect(heading: str, meaning: str) -> TeachingEffect:
    """Finds out what teaching a heading would change, by reading logs with and without it."""
    key, role = heading_key(heading), TEACHABLE[meaning]
    before = taught_headings()
    logs = list(Log.objects.filter(unknown__has_key=key, was_at="").order_by("pk")[:_MOST_COMPARED])
    records: Counter[str] = Counter()
    changed = 0
    for log in logs:
        old, new = (_record_counts(log, taught) for taught in (before, {**before, key: role}))
        changed += old != new
        records.update({kind: new[kind] - old[kind] for kind in new | old})
    return TeachingEffect(len(logs), changed, Counter({kind: count for kind, count in records.items() if count}))


@transaction.atomic
def teach(heading: str, meaning: str, by: User) -> TaughtHeading:
    """Teaches what a heading means, in place of what it meant. The logs that contain it must be read again."""
    key, role = heading_key(heading), TEACHABLE[meaning]
    in_force = TaughtHeading.objects.filter(heading=key, undone_at=None)
    in_force.exclude(role=role).update(undone_at=timezone.now())
    known = in_force.filter(role=role).order_by("pk").last()
    return known or TaughtHeading.objects.create(heading=key, role=role, by=by)


def forget(taught: TaughtHeading) -> None:
    """Withdraws all that a heading was taught to mean. The logs that contain it must be read again."""
    TaughtHeading.objects.filter(heading=taught.heading, undone_at=None).update(undone_at=timezone.now())


def _record_counts(log: Log, taught: Mapping[str, Role]) -> Counter[str]:
    record = read_text(str(log), log.text, log.sha256 or "", log.encoding, taught, reviser()).record
    kinds = [rows.name for rows in RECORD_ROWS]
    return Counter({kind: sum(len(getattr(session, kind)) for session in record.sessions) for kind in kinds})
