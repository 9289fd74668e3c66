"""Logs are kept in sets: the same as one by one, at a cost in queries that does not grow, and refused alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from kb.importing import keeping, runs, sets
from kb.importing.jobs import Job, read_job
from kb.importing.namesakes import Upload
from kb.linking.deciding import comment
from kb.models import (
    EntryKind,
    Import,
    ImportedFile,
    ImportOrigin,
    Issue,
    Occurrence,
    ProposedClosure,
    SearchEntry,
    Segment,
    TrackedStep,
)
from kb.search.index import index_sessions
from kb.search.index.postings import unpack_ids
from kb.search.index.rebuilding import missing_sessions
from kb.search.index.texts import SessionTexts
from kb.search.results.find import search
from sessions.models import Error, Log, SessionLog
from tests.factories import OPEN, log

pytestmark = pytest.mark.django_db

CLOSING = """# Session: Gateway

**Date**: {day}
**Status**: complete

## Fixes

- **Fix**: Rotated the gateway certificate
- **Result**: ✅ Fixed

## Objectives

- [x] Rotate the gateway certificate
"""


def import_logs(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Imports logs as one run. Returns the path and the outcome of each in its history."""
    run = runs.begin(ImportOrigin.COMMAND, None, "logs", total=len(texts))
    jobs = (Job(path, "harbor", text.encode()) for path, text in texts.items())
    for _result in runs.import_all(run, jobs, len(texts)):
        pass
    return list(run.files.values_list("path", "outcome"))


def days(first: int, last: int) -> dict[str, str]:
    return {f"{day}.md": log(f"2026-03-{day:02}").replace("total", f"total_{day}") for day in range(first, last + 1)}


def grouped() -> list[list[str]]:
    """The errors and the steps of each issue and of each tracked step, by log and title."""
    issues: dict[int, list[str]] = {}
    for one in Occurrence.objects.select_related("error__session"):
        issues.setdefault(one.issue_id, []).append(f"{one.error.session.date} {one.error.title}")
    steps = TrackedStep.objects.values_list("text", "session_count", "raised_on", "latest_on")
    return [*sorted(map(sorted, issues.values())), sorted(map(str, steps))]


def said() -> list[object]:
    closures = ProposedClosure.objects.values_list("tracked_step__text", "session__date", "kind", "text")
    entries = SearchEntry.objects.values_list("session__date", "kind", "title", "body", "line")
    return [grouped(), sorted(map(str, closures)), sorted(map(str, entries)), search("total").total]


def test_the_number_of_queries_does_not_depend_on_that_of_the_logs() -> None:
    import_logs(days(1, 1))
    counts = []
    for first, last in ((2, 3), (4, 23)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_logs(days(first, last))
        merges = [q for q in queries if "kb_mergelease" in q["sql"].lower()]
        assert not merges, "a merge of the index would count as well"
        counts.append(_statements(query["sql"] for query in queries))
    assert counts[0] == counts[1]
    assert Log.objects.count() == 23


def _statements(queries: Iterable[str]) -> int:
    """Counts statements; rows that are inserted in portions, as SQLite limits parameters, are inserted once."""
    kinds = (query.split("(")[0] if query.startswith("INSERT") else at for at, query in enumerate(queries))
    return sum(1 for _ in groupby(kinds))


def test_a_set_is_one_segment_in_which_everything_is_found() -> None:
    import_logs(days(1, 9))
    assert Segment.objects.count() == 1
    assert missing_sessions() == []
    assert {hit.entry.session_id for hit in search("total_7").hits} == {SessionLog.objects.get(date="2026-03-07").pk}


@pytest.mark.parametrize("order", [1, -1])
def test_a_set_says_the_same_as_its_logs_one_by_one(monkeypatch: pytest.MonkeyPatch, order: int) -> None:
    texts = {**days(1, 6), "open.md": log("2026-03-07", OPEN), "closing.md": CLOSING.format(day="2026-03-20")}
    texts["same.md"] = texts["3.md"]
    texts = dict(list(texts.items())[::order])
    outcomes = import_logs(texts)
    together = said()
    Log.objects.all().delete()
    TrackedStep.objects.all().delete()
    Issue.objects.all().delete()
    monkeypatch.setattr(sets, "MOST_LOGS", 1)
    assert import_logs(texts) == outcomes
    assert said() == together


def test_a_log_that_fails_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(sessions: list[SessionLog], texts: Mapping[int, SessionTexts]) -> int:
        if any(str(session.date) == "2026-03-02" for session in sessions):
            raise ZeroDivisionError("by zero")
        return index_sessions(sessions, texts)

    monkeypatch.setattr(keeping, "index_sessions", fails)
    outcomes = import_logs({**days(1, 3), "binary.md": "x" * 2_000_000, "4.md": log("2026-03-04")})
    assert outcomes == [
        ("1.md", "new"), ("2.md", "refused"), ("3.md", "new"), ("binary.md", "refused"), ("4.md", "new")
    ]  # fmt: skip
    assert "failed with ZeroDivisionError" in Import.objects.get().files.get(path="2.md").reason
    assert missing_sessions() == []


def test_a_path_that_cannot_be_stored_is_refused_alone() -> None:
    too_long, broken = f"{'deep/' * 200}a.md", "a\0b.md"
    import_logs({"1.md": log("2026-03-01")})
    new = import_logs({too_long: log("2026-03-02"), broken: log("2026-03-03"), "2.md": log("2026-03-04")})
    known = import_logs({too_long: log("2026-03-01"), broken: log("2026-03-01")})
    assert [outcome for _path, outcome in new] == ["refused", "refused", "new"]
    assert [outcome for _path, outcome in known] == ["refused", "refused"]
    reasons = list(ImportedFile.objects.filter(outcome="refused").order_by("pk").values_list("reason", flat=True))
    assert [reason.split(": ")[1] for reason in reasons] == 2 * [
        "has 1,004 characters, more than the limit of 1,000. Move or rename the log.",
        "has a character that no name may have. Rename the log.",
    ]
    assert Log.objects.count() == 2


@pytest.mark.parametrize("error", [OperationalError("database is locked"), ZeroDivisionError("by zero")])
def test_what_cannot_even_be_refused_ends_the_import(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(runs, "_record", fails)
    with pytest.raises(type(error)):
        import_logs(days(1, 2))
    assert not Log.objects.exists()


def test_a_set_takes_known_copied_edited_and_repeated_logs(engineer: User) -> None:
    import_logs({"a.md": log("2026-03-01"), "b.md": log("2026-03-02", OPEN), "gone.md": log("2026-03-09")})
    error = Error.objects.get(session__date="2026-03-02")
    comment(error.occurrence.issue, "the vendor knows", engineer)
    edited = log("2026-03-02", OPEN).replace("## Errors", "Some words before.\n\n## Errors")
    outcomes = import_logs(
        {
            "a.md": log("2026-03-01"),
            "copy.md": log("2026-03-01"),
            "b.md": edited,
            "new.md": log("2026-03-05"),
            "again.md": log("2026-03-05"),
            "gone.md": log("2026-03-05"),
        }
    )
    assert outcomes == [
        ("a.md", "unchanged"), ("copy.md", "unchanged"), ("b.md", "updated"),
        ("new.md", "new"), ("again.md", "unchanged"), ("gone.md", "unchanged"),
    ]  # fmt: skip
    error.refresh_from_db()
    assert error.in_log
    assert Issue.objects.filter(events__text="the vendor knows").count() == 1
    assert sorted(map(str, SessionLog.objects.filter(in_log=True).values_list("date", flat=True))) == [
        "2026-03-01", "2026-03-02", "2026-03-05"
    ]  # fmt: skip
    assert missing_sessions() == []


def test_two_uploads_of_one_name_are_one_log_in_a_set() -> None:
    run = runs.begin(ImportOrigin.UPLOAD, None, "logs", total=2)
    texts = [log("2026-03-01"), log("2026-03-01") + "\nMore was done in the evening of that day.\n"]
    upload = Upload.of("LOG.md", "harbor", "dana")
    jobs = [Job("LOG.md", "harbor", text.encode(), upload) for text in texts]
    assert [result.outcome for result in runs.import_all(run, jobs, 2)] == ["new", "updated"]  # type: ignore[union-attr]
    assert (Log.objects.count(), SessionLog.objects.count(), Error.objects.count()) == (1, 1, 1)
    assert Occurrence.objects.count() == 1
    assert missing_sessions() == []


def test_sets_end_by_number_and_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "MOST_LOGS", 3)
    monkeypatch.setattr(sets, "MOST_BYTES", 100)
    sizes = [10, 10, 10, 99, 99, 5, 500, 1]
    made = sets._sets(Job(f"{n}.md", content=b"x" * size) for n, size in enumerate(sizes))
    assert [[job.size for job in jobs] for jobs in made] == [[10, 10, 10], [99, 99], [5, 500], [1]]


def test_a_set_that_costs_much_is_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = days(1, 5)
    cost = read_job(Job("1.md", "harbor", texts["1.md"].encode()), {}).cost
    monkeypatch.setattr(sets, "MOST_COST", 2 * cost)
    assert import_logs(texts) == [(path, "new") for path in texts]
    assert sorted(_sessions_of_segments()) == [1, 2, 2]
    assert missing_sessions() == []


def test_a_log_that_costs_more_than_a_set_may_is_kept_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "MOST_COST", 1)
    import_logs(days(1, 3))
    assert _sessions_of_segments() == [1, 1, 1]


def test_a_log_costs_its_records_and_an_eighth_of_its_passages() -> None:
    text = days(1, 1)["1.md"]
    log = read_job(Job("1.md", "harbor", text.encode()), {})
    passages = sum(len(texts.passages) for texts in log.texts.values())
    import_logs({"1.md": text})
    records = SearchEntry.objects.exclude(kind=EntryKind.PASSAGE).count()
    assert passages and log.cost == records + passages // 8


def _sessions_of_segments() -> list[int]:
    """How many sessions each segment of the index holds."""
    session_of = dict(SearchEntry.objects.values_list("pk", "session"))
    return [len({session_of[entry] for entry in unpack_ids(one.entries)}) for one in Segment.objects.all()]


def test_a_run_that_goes_on_leaves_out_what_it_recorded(
    engineer: User, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.importing.staging import new_batch

    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    batch = new_batch(engineer.pk, ImportOrigin.UPLOAD, "logs")
    for path, text in {**days(1, 3), "copy.md": days(1, 1)["1.md"]}.items():
        batch.add(path, text.encode(), "harbor")
    run = runs.begin(ImportOrigin.UPLOAD, engineer, "logs", total=4)
    Import.objects.filter(pk=run.pk).update(batch=batch.token)
    for _result in runs.import_all(run, map(Job.of, map(batch.prepared, (1, 2))), 2):
        pass  # and then the site was killed, before it dropped what it had imported
    runs._import_batch(run.pk)
    assert list(run.files.values_list("path", "outcome")) == [
        ("1.md", "new"), ("2.md", "new"), ("3.md", "new"), ("copy.md", "unchanged")
    ]  # fmt: skip
