"""Who reads logs: this process, one after the other, or a pool of processes, ahead of the one that stores them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, cast

from django.conf import ENVIRONMENT_VARIABLE, settings

from kb.conf.reader_process import serve
from kb.importing.jobs import Job, read_job
from kb.importing.reading import Read
from sessions.parsing.vocabulary import Role
from sessions.sources import SourceError

LEAST_LOGS = 24  # fewer are read before a pool is ready
_TRIES = 2  # of a log whose reader died
_WORK = f"{read_job.__module__}.{read_job.__qualname__}"
_SETTINGS = ("DATA_DIR", "MEANING", "LOG_SIZE_LIMIT", "LINE_LENGTH_LIMIT")  # those that reading depends on


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


class Pool:
    """Reads logs in processes of their own. One that dies is replaced, and its log is read once more.

    Each process has a thread here that hands it logs, so that none waits while this process stores others.
    """

    are_ahead = True

    def __init__(self, count: int, work: str = _WORK) -> None:
        self._work, self._closed = work, False
        self._own = threading.local()
        self._open: list[_Process] = []
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reader")

    def begin(self, job: Job, taught: Mapping[str, Role]) -> Callable[[], Read]:
        return self._threads.submit(self._read, job, taught).result

    def close(self) -> None:
        """Ends all processes, also those that are at work."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in list(self._open):
            process.end()
        self._threads.shutdown()
        for process in list(self._open):
            process.end()

    def _read(self, job: Job, taught: Mapping[str, Role]) -> Read:
        for _try in range(_TRIES):
            process = self._process()
            try:
                is_read, answer = process.ask(job, dict(taught))
            except (EOFError, OSError):
                process.end()
                self._own.process = None
            else:
                if is_read:
                    return cast(Read, answer)
                raise answer
        raise SourceError(
            f"{job.path}: the process that read it died, and so did the next. Nothing was changed. It may need more "
            "memory than there is: divide the log, or lower IMPORT_READERS."
        )

    def _process(self) -> _Process:
        """Returns the process of this thread. Raises EOFError if the pool is closed."""
        process: _Process | None = getattr(self._own, "process", None)
        if process is None:
            if self._closed:
                raise EOFError
            process = self._own.process = _Process(self._work)
            self._open.append(process)
        return process


class _Process:
    """A reading process, and the connection to it."""

    def __init__(self, work: str) -> None:
        # Forked from a server that has no threads and no connection to the database.
        context = multiprocessing.get_context("forkserver")
        self._here, there = context.Pipe()
        changed = {name: getattr(settings, name) for name in _SETTINGS}
        self._process = context.Process(
            target=serve, args=(there, work, os.environ[ENVIRONMENT_VARIABLE], changed), name="reader", daemon=True
        )
        self._process.start()
        there.close()

    def ask(self, *request: Any) -> tuple[bool, Any]:
        """Raises EOFError or OSError if the process is dead."""
        self._here.send(request)
        answer: tuple[bool, Any] = self._here.recv()
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._here.close()


@contextmanager
def readers_for(total: int) -> Iterator[Readers]:
    """Provides readers for so many logs."""
    if total < LEAST_LOGS or not settings.IMPORT_READERS:
        yield ThisProcess()
        return
    pool = Pool(settings.IMPORT_READERS)
    try:
        yield pool
    finally:
        pool.close()
