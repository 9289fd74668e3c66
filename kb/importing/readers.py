"""Who reads logs: this process, one log after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Protocol

from kb.importing.jobs import Job, read_job
from kb.importing.reading import Read
from sessions.parsing.vocabulary import Role


class Readers(Protocol):
    """Reads logs. `are_ahead` says whether it reads further logs while one is waited for."""

    are_ahead: bool

    def begin(self, job: Job, taught: Mapping[str, Role]) -> Callable[[], Read]:
        """Begins to read a log. What is returned waits for it, and raises what reading raised."""


class ThisProcess:
    """Reads a log when it is waited for."""

    are_ahead = False

    def begin(self, job: Job, taught: Mapping[str, Role]) -> Callable[[], Read]:
        return partial(read_job, job, taught)


@contextmanager
def readers_for(total: int) -> Iterator[Readers]:
    """Provides readers for so many logs."""
    yield ThisProcess()
