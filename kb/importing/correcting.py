"""What people do to put right what was read: each correction is stored, and its log is stored again with it.

The parsed log is remembered between corrections, and undoing one applies the others to it: nothing is guessed back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from django.contrib.auth.models import User
from django.utils import timezone

from kb.corrections.applying import Applied, apply
from kb.corrections.drafting import CannotCorrect, Said, draft
from kb.corrections.stored import in_force, staged
from kb.importing.compose import in_transaction
from kb.importing.keeping import Corrected, keep_corrected
from kb.importing.prepared import Prepared, snapshot
from kb.importing.reading import OutdatedError, Read, read_stored
from kb.importing.rolling import log_in_the_way
from kb.importing.staging import Batch
from kb.models import Correction
from sessions.models import Log, LogPath, SessionLog

_TRIES = 3
_REMOVED = "This log has been removed in the meantime, so there is nothing to correct. Nothing was changed."
_BUSY = "This log is being imported again just now. Nothing was changed; try again in a moment."


@dataclass(frozen=True, slots=True)
class _Change:
    """What is changed about the corrections of a log, and the sessions that it changes; None if not known."""

    log: Log
    sessions: Collection[int] | None
    make: Callable[[Read], None]


def correct(session: SessionLog, said: Said, by: User | None) -> Correction:
    """Stores what a person says about a session and applies it. Raises CannotCorrect."""
    return correct_all([(session, said)], by)[0]


def correct_all(
    statements: Sequence[tuple[SessionLog, Said]],
    by: User | None,
    then: Callable[[Sequence[Correction]], None] = lambda made: None,
) -> list[Correction]:
    """Stores what a person says about sessions, all or nothing: each log is stored again once. Raises CannotCorrect.

    then  is called with the corrections in the transaction that stores them
    """
    made: dict[int, Correction] = {}

    def make(numbers: Sequence[int], log: Read) -> None:
        for number in numbers:
            made[number] = _made(*statements[number], by, log)

    numbers_of: dict[int, list[int]] = defaultdict(list)
    for number, (session, _said) in enumerate(statements):
        numbers_of[session.log_id].append(number)
    changes = [
        _Change(statements[own[0]][0].log, {statements[n][0].pk for n in own}, partial(make, own))
        for own in numbers_of.values()
    ]
    _store_again(changes, lambda: then([made[number] for number in sorted(made)]))
    corrections = [made[number] for number in sorted(made)]
    for correction in corrections:
        correction.refresh_from_db()
    return corrections


def _made(session: SessionLog, said: Said, by: User | None, log: Read) -> Correction:
    """Stores what a person says about a session, on what the corrections before it made of the log."""
    key = SessionLog.objects.filter(pk=session.pk).values_list("key", flat=True).first()
    applied = apply(log.record, log.text.text, in_force(log.prepared.path))
    correction = draft(said, key or "", applied.sheets, log.text.text)
    correction.log, correction.at_path, correction.session = session.log, log.prepared.path, session
    correction.by = by
    correction.save()
    return correction


def undo_correction(correction: Correction) -> None:
    """Takes a correction back. Raises CannotCorrect if its log is gone; one whose lines are lost is just forgotten."""
    undo_all([correction])


def undo_all(corrections: Sequence[Correction], then: Callable[[], None] = lambda: None) -> None:
    """Takes corrections back, all or nothing, as `undo_correction` does. `then` is called in the same transaction."""
    of_log: dict[int | None, list[Correction]] = defaultdict(list)
    for correction in corrections:
        of_log[correction.log_id].append(correction)
    changes = [_Change(own[0].log, _sessions_of(own), partial(_forget, own)) for own in of_log.values() if own[0].log]

    def finish() -> None:
        _forget(of_log.get(None, []))
        then()

    _store_again(changes, finish)


def _sessions_of(corrections: Sequence[Correction]) -> set[int] | None:
    known = {correction.session_id for correction in corrections if correction.session_id is not None}
    return known if all(correction.session_id is not None for correction in corrections) else None


def _forget(corrections: Sequence[Correction], _log: Read | None = None) -> None:
    own = Correction.objects.filter(pk__in=[correction.pk for correction in corrections], undone_at=None)
    own.update(undone_at=timezone.now())


@dataclass(frozen=True, slots=True)
class Staged:
    """A log that waits to be imported, with what it says once its corrections are applied."""

    prepared: Prepared
    applied: Applied


def staged_log(batch: Batch, number: int, path: str) -> Staged:
    """Reads a staged log. Corrections of the log that it edits at `path` apply too. Raises OSError if it is gone."""
    prepared = batch.prepared(number)
    read = read_stored(prepared)
    former = log_in_the_way(path, read)
    of_path = [correction for correction in in_force(path) if former is None or correction.log_id != former.pk]
    corrections = [*of_path, *staged(prepared.corrections)]
    return Staged(prepared, apply(read.record, prepared.text, corrections))


def correct_staged(batch: Batch, number: int, log: Staged, session_key: str, said: Said, by: User) -> Correction:
    """Keeps what a person says with a staged log. Raises CannotCorrect."""
    correction = draft(said, session_key, log.applied.sheets, log.prepared.text)
    correction.by = by
    batch.correct(number, [*log.prepared.corrections, correction.as_json()])
    return correction


def undo_staged(batch: Batch, number: int, log: Staged, position: int) -> None:
    """Takes back one of the corrections that a staged log was given. Raises CannotCorrect if there is no such one."""
    corrections = list(log.prepared.corrections)
    if not 0 <= position < len(corrections):
        raise CannotCorrect("This correction has been undone already.")
    del corrections[position]
    batch.correct(number, corrections)


def _store_again(changes: Sequence[_Change], then: Callable[[], None]) -> None:
    """Changes the corrections of logs and stores each once more, in one transaction, in which `then` is called last."""
    for _ in range(_TRIES):
        read = [_read(change.log) for change in changes]
        try:
            in_transaction(partial(_change, changes, read, then))
        except OutdatedError:  # somebody imported a log or taught a heading since we read it
            continue
        return
    raise CannotCorrect(_BUSY)


def _read(log: Log) -> Read:
    prepared = snapshot(str(log))
    if prepared is None:
        raise CannotCorrect(_REMOVED)
    return read_stored(prepared)


def _change(changes: Sequence[_Change], read: Sequence[Read], then: Callable[[], None]) -> None:
    paths = {log.path: log.sha256 for log in read}
    there = LogPath.objects.filter(path__in=paths)
    list(Log.objects.select_for_update().filter(pk__in=there.values("log")).order_by("pk").values_list("pk"))
    if dict(there.values_list("path", "log__sha256")) != paths:
        raise OutdatedError
    for change, log in zip(changes, read, strict=True):
        change.make(log)
    if changes:
        keep_corrected([Corrected(log, change.sessions) for change, log in zip(changes, read, strict=True)])
    then()
