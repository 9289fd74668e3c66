"""Who merges the index: one process at a time. One that dies is followed by another a minute later."""

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
_HELD = dt.timedelta(seconds=60)
_PAUSE = 0.2  # seconds between looks at a lease that somebody else holds


class LeaseLostError(RuntimeError):
    """Another process merges the index by now; what this one wrote is deleted by that one."""


class Lease:
    """`with Lease() as lease`: work only if `lease.held`. One that is lost meanwhile ends the block, and is not held.

    patience   seconds to wait for another process
    """

    def __init__(self, patience: float = 0) -> None:
        self.held = False
        self._holder = uuid.uuid4()
        self._patience = patience

    def __enter__(self) -> Self:
        end = time.monotonic() + self._patience
        while not (held := self._taken()) and time.monotonic() < end:
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
        """Says that this process goes on, and keeps others off until the transaction ends. Raises LeaseLostError."""
        held = MergeLease.objects.filter(pk=_ROW, holder=self._holder)
        if not held.update(until=timezone.now() + _HELD):
            raise LeaseLostError("The merge took too long, and another process goes on with it.")

    def _taken(self) -> bool:
        now = timezone.now()
        mine = {"holder": self._holder, "until": now + _HELD}
        if MergeLease.objects.get_or_create(pk=_ROW, defaults=mine)[1]:
            return True
        return bool(MergeLease.objects.filter(pk=_ROW, until__lte=now).update(**mine))
