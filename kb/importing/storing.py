"""How a log of a set becomes rows, before all of the set are linked and indexed together.

A log whose content and path are new is stored with its neighbours in a few statements. Any other goes its own way.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from kb.corrections.applying import apply
from kb.corrections.stored import in_force, settle, staged
from kb.importing.masked import queue_secrets
from kb.importing.prepared import Prepared, snapshot
from kb.importing.reading import Read
from kb.importing.touched import touched_rows
from kb.linking.issues import issues_of_path
from kb.next_steps.tracking import tracked_steps_of_path
from kb.review.doubts import LogDoubts, keep_doubts
from sessions.models import SessionLog
from sessions.storing.new_logs import NewLog, store_new_logs
from sessions.storing.store import Stored, revive_log, store_log


@dataclass(frozen=True, slots=True)
class Kept:
    """A log that is stored, and not yet linked.

    sessions              to be linked and indexed
    before                the log that was under its path until now
    is_back               it was removed, and what is kept of it is completed again
    issues, steps_before  what the log stated and raised until now
    """

    log: Read
    stored: Stored
    sessions: Sequence[SessionLog]
    before: Prepared | None = None
    is_back: bool = False
    issues_before: Sequence[int] = field(default=())
    steps_before: Sequence[int] = field(default=())


def store(log: Read, only: Collection[int] | None = None) -> Kept:
    """Stores a log with the corrections in force, in place of what is under its path. `only`: the sessions to link."""
    path, before = log.prepared.path, snapshot(log.prepared.path)
    revived = revive_log(path, log.text)
    issues, steps = (issues_of_path(path), tracked_steps_of_path(path)) if before or revived else ([], [])
    applied = apply(log.record, log.text.text, [*in_force(path), *staged(log.prepared.corrections)])
    stored = store_log(applied.record, log.text, log.prepared.project, touched_rows)
    settle(stored.log, path, stored.sessions, applied.outcomes)
    sessions = [session for session in stored.sessions if only is None or session.pk in only]
    kept = Kept(log, stored, sessions, before, revived is not None, issues, steps)
    _keep_beside([kept])
    return kept


def store_new(logs: Sequence[Read]) -> list[Kept]:
    """Stores logs whose content and path are new, and that no correction waits for."""
    if not logs:
        return []
    stored = store_new_logs([NewLog(log.record, log.text, log.prepared.project) for log in logs])
    kept = [Kept(log, one, one.sessions) for log, one in zip(logs, stored, strict=True)]
    _keep_beside(kept)
    return kept


def _keep_beside(kept: Sequence[Kept]) -> None:
    """Stores what was masked in logs, and what reading left in doubt."""
    queue_secrets([one.stored.log for one in kept])
    doubtful = [one for one in kept if one.log.doubts]
    keep_doubts([LogDoubts(one.stored.sessions, one.log.record.sessions, one.log.doubts) for one in doubtful])
