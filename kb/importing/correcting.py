"""What people do to put right what was read: each correction is stored, and its log is stored again with it.

The parsed log is remembered between corrections, and undoing one applies the others to it: nothing is guessed back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone

from kb.corrections.applying import Applied, apply
from kb.corrections.drafting import CannotCorrect, Said, draft
from kb.corrections.stored import in_force, staged
from kb.importing.compose import in_transaction
from kb.importing.keeping import Imported, keep_corrected
from kb.importing.prepared import Prepared, snapshot
from kb.importing.reading import OutdatedError, Read, read_stored
from kb.importing.staging import Batch
from kb.models import Correction
from sessions.models import Log, SessionLog

_TRIES = 3
_REMOVED = "This log has been removed in the meantime, so there is nothing to correct. Nothing was changed."
_BUSY = "This log is being imported again just now. Nothing was changed; try again in a moment."


def correct(session: SessionLog, said: Said, by: User | None) -> Correction:
    """Stores what a person says about a session and applies it. Raises CannotCorrect."""
    made: list[Correction] = []

    def change(log: Read) -> None:
        key = SessionLog.objects.filter(pk=session.pk).values_list("key", flat=True).first()
        applied = apply(log.record, log.text.text, in_force(log.prepared.path))
        correction = draft(said, key or "", applied.sheets, log.text.text)
        correction.log, correction.at_path, correction.session = session.log, log.prepared.path, session
        correction.by = by
        correction.save()
        made[:] = [correction]

    _store_again(session.log, session.pk, change)
    made[0].refresh_from_db()
    return made[0]


def undo_correction(correction: Correction) -> None:
    """Takes a correction back. Raises CannotCorrect if its log is gone; one whose lines are lost is just forgotten."""
    if correction.log is None:
        Correction.objects.filter(pk=correction.pk).update(undone_at=timezone.now())
        return

    def change(log: Read) -> None:
        Correction.objects.filter(pk=correction.pk, undone_at=None).update(undone_at=timezone.now())

    _store_again(correction.log, correction.session_id, change)


@dataclass(frozen=True, slots=True)
class Staged:
    """A log that waits to be imported, with what it says once its corrections are applied."""

    prepared: Prepared
    applied: Applied


def staged_log(batch: Batch, number: int, path: str) -> Staged:
    """Reads a staged log. Corrections of the log at `path` apply too. Raises OSError if it is gone."""
    prepared = batch.prepared(number)
    read = read_stored(prepared)
    corrections = [*in_force(path), *staged(prepared.corrections)]
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


def _store_again(log: Log, session: int | None, change: Callable[[Read], None]) -> None:
    """Changes the corrections of a log and stores it once more, in one transaction."""
    for _ in range(_TRIES):
        prepared = snapshot(str(log))
        if prepared is None:
            raise CannotCorrect(_REMOVED)
        read = read_stored(prepared)
        try:
            in_transaction(lambda: _changed(read, session, change))  # noqa: B023
        except OutdatedError:  # somebody imported the log or taught a heading since we read it
            continue
        return
    raise CannotCorrect(_BUSY)


def _changed(log: Read, session: int | None, change: Callable[[Read], None]) -> Imported:
    Log.objects.select_for_update().filter(paths__path=log.prepared.path).order_by().values_list("pk").first()
    if (
        Log.objects.filter(paths__path=log.prepared.path).values_list("sha256", flat=True).first()
        != log.prepared.sha256
    ):
        raise OutdatedError
    change(log)
    return keep_corrected(log, session)
