"""Links a base again whose signatures are of an older version: session by session, so that it can be stopped.

A run that was stopped or killed is continued by the next, since what is left to do is found by version. What it
changed is known in the end by comparing the issues with those at its start.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from kb.grouping.locking import lock_projects
from kb.linking.changes import as_json, compare, issues_by_error
from kb.linking.fingerprints import VERSION
from kb.linking.issues import link_sessions
from kb.linking.signatures import RULE
from kb.models import Relinking, SignatureKey
from kb.next_steps.closures import propose_closures
from kb.next_steps.tracking import track_steps
from sessions.models import Error, NextStep, SessionLog

_log = logging.getLogger(__name__)
_SILENCE = dt.timedelta(seconds=60)  # without a heartbeat for this long, a run was killed
_MOST_FAILED = 10  # sessions; if more fail, something is wrong that is not theirs
_PAUSE = 1.0  # seconds between looks at the heartbeat of another run


class AlreadyRunning(Exception):
    """Another process links the base again; the message says so."""


def stale_errors() -> QuerySet[Error]:
    """Errors without a signature, with one of an older version, or with one that was made while MEANING was off."""
    is_stale = Q(occurrence=None) | ~Q(occurrence__signature__version__in=(RULE, VERSION))
    if settings.MEANING:
        # An error that says too little to be found by any key has no meaning either.
        keys = SignatureKey.objects.filter(signature=OuterRef("occurrence__signature"))
        is_stale |= Q(Exists(keys), occurrence__signature__version=VERSION, occurrence__signature__vectors=b"")
    return Error.objects.filter(is_stale)


def stale_sessions() -> list[int]:
    """Returns the sessions with errors to link again, or with next steps that belong to no tracked step."""
    unlinked = NextStep.objects.filter(mention=None)
    sessions = (found.order_by().values_list("session_id", flat=True) for found in (stale_errors(), unlinked))
    return sorted({number for numbers in sessions for number in numbers})


def relink(keeps_on: Callable[[], bool] = lambda: True) -> Relinking | None:
    """Links all stale sessions again, or goes on with a run that was stopped.

    Returns the run, which is not finished if `keeps_on` said no or too many sessions failed; None if there is nothing
    to do.
    Raises AlreadyRunning if another process does it.
    """
    sessions = stale_sessions()
    run = _unfinished()
    if run is None and not sessions:
        return None
    run = _start(len(sessions)) if run is None else _take_over(run, len(sessions), keeps_on)
    try:
        if not _relink_all(run, sessions, keeps_on):
            return _stopped(run)
    except BaseException:
        _stopped(run)
        raise
    return _finish(run)


def is_interrupted(run: Relinking) -> bool:
    """Whether a run was stopped or killed, and is not finished."""
    return run.finished_at is None and _is_silent(run.heartbeat_at)


def _is_silent(heartbeat: dt.datetime | None) -> bool:
    return heartbeat is None or timezone.now() - heartbeat > _SILENCE


def _unfinished() -> Relinking | None:
    return Relinking.objects.filter(finished_at=None).defer("before").first()


def _start(sessions: int) -> Relinking:
    try:
        with transaction.atomic():
            return Relinking.objects.create(
                version=VERSION, total=sessions, heartbeat_at=timezone.now(), before=issues_by_error()
            )
    except IntegrityError as both:
        raise AlreadyRunning("Another process has just begun to link the errors again.") from both


def _take_over(run: Relinking, sessions: int, keeps_on: Callable[[], bool]) -> Relinking:
    """Goes on with a run, trying again what failed in it. Raises AlreadyRunning if its process is alive."""
    seen = run.heartbeat_at
    while not _is_silent(run.heartbeat_at) and run.heartbeat_at == seen and keeps_on():
        time.sleep(_PAUSE)
        run.refresh_from_db(fields=["heartbeat_at", "done", "failed", "total"])
    if not _is_silent(run.heartbeat_at):
        raise AlreadyRunning(f"Another process links the errors again: {run.done} of {run.total} sessions.")
    mine = Relinking.objects.filter(pk=run.pk, heartbeat_at=run.heartbeat_at, finished_at=None)
    done = run.done - run.failed
    if not mine.update(heartbeat_at=timezone.now(), version=VERSION, done=done, failed=0, total=done + sessions):
        raise AlreadyRunning("Another process has just begun to link the errors again.")
    return run


def _relink_all(run: Relinking, sessions: list[int], keeps_on: Callable[[], bool]) -> bool:
    """Links sessions again. Returns whether it got to the end."""
    failed = 0
    for number in sessions:
        if not keeps_on() or failed >= _MOST_FAILED:
            return False
        is_linked = _relink_session(number)
        failed += not is_linked
        own = Relinking.objects.filter(pk=run.pk)
        own.update(done=F("done") + 1, failed=F("failed") + int(not is_linked), heartbeat_at=timezone.now())
    return True


def _relink_session(number: int) -> bool:
    """Links a session again. Returns False if that failed: a bug met by one session must not stop the others."""
    try:
        with transaction.atomic():
            session = SessionLog.objects.select_related("project").filter(pk=number).first()
            if session is not None:  # unless it was deleted in the meantime
                lock_projects([session.project.name])
                link_sessions([session])
                track_steps([session])
                propose_closures([session])
    except Exception:
        _log.exception("linking session %d again failed", number)
        return False
    return True


def _stopped(run: Relinking) -> Relinking:
    """Lets the next run go on at once."""
    Relinking.objects.filter(pk=run.pk).update(heartbeat_at=None)
    run.refresh_from_db()
    return run


@transaction.atomic
def _finish(run: Relinking) -> Relinking:
    """Says what the run changed."""
    run.refresh_from_db()
    before = {int(error): issue for error, issue in run.before.items()}
    changes = compare(before, issues_by_error())
    run.changes, run.before = as_json(changes, before), {}
    run.joined, run.divided = len(changes.joined), len(changes.divided)
    run.finished_at = run.heartbeat_at = timezone.now()
    run.save()
    return run
