"""Headings whose meaning a person taught, and the logs that are read again for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.contrib.auth.models import User

from kb.models import TaughtHeading
from sessions.models import Log
from sessions.parsing.pipeline import read_text
from sessions.parsing.tree.roles import heading_key
from sessions.parsing.vocabulary import Role, fold_whole
from sessions.storing.rows import RECORD_ROWS

# What a person may say a heading means, in the order in which it is offered.
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
_MOST_LOGS = 200  # whose difference is shown before it is made


class CannotTeach(Exception):
    """A heading or a meaning that cannot be; its text says why and what to do."""


def taught_headings() -> dict[str, Role]:
    """What people taught, by `heading_key`."""
    known = TaughtHeading.objects.filter(undone_at=None).order_by("pk").values_list("heading", "role")
    return {heading: Role(role) for heading, role in known}


def logs_with(heading: str) -> list[int]:
    """The numbers of the logs whose text holds a heading. Each is folded here, since a database knows no accents."""
    texts = Log.objects.filter(was_at="").order_by("pk").values_list("pk", "text").iterator(chunk_size=100)
    return [pk for pk, text in texts if heading in fold_whole(text)]


def difference(heading: str, meaning: str) -> tuple[int, int, Counter[str]]:
    """What teaching would do: logs looked at, logs read differently, records of each kind more or fewer.

    Raises CannotTeach.
    """
    key, role = _checked(heading, meaning)
    before = taught_headings()
    logs = list(Log.objects.filter(unknown__has_key=key, was_at="").order_by("pk")[:_MOST_LOGS])
    changed: Counter[str] = Counter()
    differing = 0
    for log in logs:
        old, new = (_counted(log, taught) for taught in (before, {**before, key: role}))
        differing += old != new
        changed.update({kind: new[kind] - old[kind] for kind in new | old})
    return len(logs), differing, Counter({kind: count for kind, count in changed.items() if count})


def teach(heading: str, meaning: str, by: User) -> TaughtHeading:
    """Teaches what a heading means. Logs that hold it are to be read again. Raises CannotTeach."""
    key, role = _checked(heading, meaning)
    return TaughtHeading.objects.create(heading=key, role=role, by=by)


def _checked(heading: str, meaning: str) -> tuple[str, Role]:
    key = heading_key(heading)
    if not key:
        raise CannotTeach("Name the heading by its words.")
    if meaning not in TEACHABLE:
        raise CannotTeach(f"“{meaning}” is no meaning. Choose one of: {', '.join(TEACHABLE)}.")
    return key, TEACHABLE[meaning]


def _counted(log: Log, taught: Mapping[str, Role]) -> Counter[str]:
    record = read_text(str(log), log.text, log.sha256 or "", log.encoding, taught).record
    kinds = [rows.name for rows in RECORD_ROWS]
    return Counter({kind: sum(len(getattr(session, kind)) for session in record.sessions) for kind in kinds})
