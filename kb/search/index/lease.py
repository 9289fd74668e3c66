"""Lets one process at a time merge the index. If it dies, another one can take over a minute later."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from typing import Self

from django.utils import timezone

from kb.models import MergeLease
from kb.search.index.reading import SegmentGoneError

_log = logging.getLogger(__name__)
_ROW = 1
_DURATION = dt.timedelta(seconds=60)
_PAUSE = 0.2  # seconds between attempts to get a lease that another process holds


class LeaseLostError(RuntimeError):
    """Another process has taken over the merge and will delete what this one wrote."""


class Lease:
    """`with Lease() as lease`: check `lease.held` before working. Losing the lease ends the block and resets `held`.

    patience  seconds to wait for another process
    """

    def __init__(self, patience: float = 0) -> None:
        self.held = False
        self._holder = uuid.uuid4()
        self._patience = patience

    def __enter__(self) -> Self:
        end = time.monotonic() + self._patience
        while not (held := self._acquire()) and time.monotonic() < end:
            time.sleep(_PAUSE)
        self.held = held
        return self

    def __exit__(self, _kind: type[BaseException] | None, problem: BaseException | None, _trace: object) -> bool:
        if isinstance(problem, LeaseLostError | SegmentGoneError):
            self.held = False
            _log.warning("%s", problem)
            return True
        if self.held:
            MergeLease.objects.filter(pk=_ROW, holder=self._holder).update(until=timezone.now())
        return False

    def renew(self) -> None:
        """Extends the lease and keeps other processes off until the transaction ends. Raises LeaseLostError."""
        lease = MergeLease.objects.filter(pk=_ROW, holder=self._holder)
        if not lease.update(until=timezone.now() + _DURATION):
            raise LeaseLostError("The merge took too long, so another process has taken over.")

    def _acquire(self) -> bool:
        now = timezone.now()
        values = {"holder": self._holder, "until": now + _DURATION}
        if MergeLease.objects.get_or_create(pk=_ROW, defaults=values)[1]:
            return True
        return bool(MergeLease.objects.filter(pk=_ROW, until__lte=now).update(**values))
