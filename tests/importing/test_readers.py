"""Reading in a pool of processes: in order, with the messages of one process, and whatever becomes of a reader."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from kb.importing import readers, runs
from kb.importing.jobs import Job, read_job
from kb.importing.readers import Pool, ThisProcess, readers_for
from kb.importing.reading import Read
from kb.models import ImportOrigin, Segment
from kb.search.index import MOST_SEGMENTS, MOST_WHILE_IMPORTING
from sessions.models import Error, Log
from sessions.parsing.vocabulary import Role
from sessions.sources import SourceError
from tests.factories import log

DEADLY, DEADLY_ONCE = "ends its reader", "ends its reader once"


def read_or_die(job: Job, taught: Mapping[str, Role]) -> Read:
    """Reads a log as a reader does, unless its text says otherwise."""
    text = job.content.decode()
    mark = Path(job.project)
    if text == DEADLY or (text == DEADLY_ONCE and not mark.exists()):
        if text == DEADLY_ONCE:
            mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "fails":
        raise ZeroDivisionError("by zero")
    return read_job(job, taught)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    one = Pool(2, f"{__name__}.read_or_die")
    yield one
    one.close()


def test_a_pool_reads_what_this_process_reads(pool: Pool) -> None:
    jobs = [Job(f"{day}.md", "harbor", log(f"2026-03-{day:02}").encode()) for day in range(1, 9)]
    taught = {"ahead": Role.NEXT_STEPS}
    begun = [pool.begin(job, taught) for job in jobs]
    assert [finish() for finish in begun] == [ThisProcess().begin(job, taught)() for job in jobs]


def test_what_reading_raises_is_raised_here(pool: Pool) -> None:
    too_long = Job("a.md", "harbor", b"x" * 2_000_000)
    with pytest.raises(SourceError) as here:
        read_job(too_long, {})
    with pytest.raises(SourceError, match=str(here.value)[:30]):
        pool.begin(too_long, {})()
    with pytest.raises(ZeroDivisionError) as failed:
        pool.begin(Job("b.md", "harbor", b"fails"), {})()
    assert "read_or_die" in failed.value.__notes__[0]


def test_a_reader_that_dies_is_replaced_and_its_log_read_again(pool: Pool, tmp_path: Path) -> None:
    begun = [pool.begin(Job("a.md", str(tmp_path / "mark"), DEADLY_ONCE.encode()), {})]
    begun += [pool.begin(Job(f"{day}.md", "harbor", log(f"2026-03-0{day}").encode()), {}) for day in (1, 2)]
    assert [finish().path for finish in begun] == ["a.md", "1.md", "2.md"]


def test_a_log_that_ends_two_readers_is_refused_by_name(pool: Pool) -> None:
    with pytest.raises(SourceError, match=r"^deadly\.md: the process that read it died, and so did the next"):
        pool.begin(Job("deadly.md", "harbor", DEADLY.encode()), {})()
    assert pool.begin(Job("a.md", "harbor", log().encode()), {})().path == "a.md"


def test_few_logs_are_read_in_this_process() -> None:
    with readers_for(readers.LEAST_LOGS - 1) as few:
        assert isinstance(few, ThisProcess)


def test_none_is_left_behind(settings: object) -> None:
    settings.IMPORT_READERS = 1  # type: ignore[attr-defined]
    with readers_for(readers.LEAST_LOGS) as many:
        assert isinstance(many, Pool)
        many.begin(Job("a.md", "harbor", log().encode()), {})()
        processes = [process._process for process in many._open]
        waiting = many.begin(Job("b.md", "harbor", log().encode() * 2000), {})
    assert [process.is_alive() for process in processes] == [False]
    with pytest.raises((SourceError, EOFError, CancelledError)):
        waiting()


@pytest.mark.django_db(transaction=True)
def test_an_import_of_many_logs_is_that_of_one_process(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.IMPORT_READERS = 2  # type: ignore[attr-defined]
    settings.IMPORT_AHEAD_BYTES = 3_000  # type: ignore[attr-defined]
    monkeypatch.setattr("kb.importing.sets.MOST_LOGS", 2)
    texts = [log(f"2026-03-{day:02}") for day in range(1, 31)]
    texts[7], texts[9] = texts[2], "x" * 2_000_000
    run = runs.begin(ImportOrigin.COMMAND, None, "logs", total=30)
    jobs = (Job(f"{number}.md", "harbor", text.encode()) for number, text in enumerate(texts))
    paths = [result.path for result in runs.import_all(run, jobs, 30)]
    assert paths == [f"{number}.md" for number in range(30)]
    outcomes = dict(run.files.values_list("path", "outcome"))
    assert (outcomes.pop("7.md"), outcomes.pop("9.md"), set(outcomes.values())) == ("unchanged", "refused", {"new"})
    assert (Log.objects.count(), Error.objects.count()) == (28, 28)
    assert Error.objects.values("occurrence__issue").distinct().count() == 1
    assert MOST_SEGMENTS < Segment.objects.count() <= MOST_WHILE_IMPORTING  # they wait for the end of the run
