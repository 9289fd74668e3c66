"""A base of an older version is linked again: in steps, one run at a time, and what people decided stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from kb.importing import Imported
from kb.importing.relinking import AlreadyRunning, is_interrupted, relink, stale_sessions
from kb.linking import deciding
from kb.linking.changes import issues_by_error
from kb.linking.deciding import Action
from kb.linking.fingerprints import VERSION
from kb.linking.issues import link_sessions
from kb.models import Issue, Occurrence, Relinking, Signature, SignatureKey, SignatureLink
from sessions.models import Error, SessionLog
from tests.factories import LEDGER, log

Ingest = Callable[..., Imported]


@pytest.fixture
def base(ingest: Ingest) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(LEDGER, path="b.md")
    ingest(LEDGER.replace("03-20", "03-21"), path="c.md")


def age(joined: bool = False, divided: bool = False) -> None:
    """Makes the base one of version 3, which had one issue for all errors, or one for each."""
    SignatureKey.objects.all().delete()
    SignatureLink.objects.all().delete()
    Signature.objects.update(version=3)
    if joined:
        first = Occurrence.objects.earliest("pk")
        Occurrence.objects.update(issue=first.issue_id, signature=first.signature_id)
        Issue.objects.exclude(pk=first.issue_id).delete()
    if divided:
        for occurrence in Occurrence.objects.all():
            digest = f"old {occurrence.pk}"
            occurrence.signature = Signature.objects.create(version=3, digest=digest, parts=occurrence.signature.parts)
            occurrence.issue = Issue.objects.create(title=occurrence.error.title)
            occurrence.save()
        Issue.objects.filter(occurrences=None).delete()


def groups() -> list[int]:
    return sorted(issue.occurrences.count() for issue in Issue.objects.filter(merged_into=None))


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    ("joined", "divided", "expected"), [(True, False, (0, 1)), (False, True, (1, 0)), (False, False, (0, 0))]
)
def test_a_run_says_what_it_changed(joined: bool, divided: bool, expected: tuple[int, int]) -> None:
    age(joined, divided)
    run = relink()
    assert run is not None
    assert (run.joined, run.divided) == expected
    assert (run.done, run.total, run.before) == (3, 3, {})
    assert groups() == [1, 2]
    assert set(Occurrence.objects.values_list("signature__version", flat=True)) == {VERSION}


@pytest.mark.usefixtures("base")
def test_issues_that_are_gone_are_told_by_their_titles() -> None:
    age(divided=True)
    run = relink()
    assert run is not None
    (entry,) = run.changes["joined"]
    assert entry["title"].startswith("Export of the ledger")
    assert Issue.objects.get(pk=entry["into"]).occurrences.count() == 2


@pytest.mark.usefixtures("base")
def test_a_current_base_has_nothing_to_link() -> None:
    assert stale_sessions() == []
    assert relink() is None
    assert not Relinking.objects.exists()


@pytest.mark.usefixtures("base")
def test_a_run_that_was_stopped_is_continued() -> None:
    age(joined=True)
    answers = iter([True, False])
    stopped = relink(lambda: next(answers))
    assert stopped is not None
    assert (stopped.done, stopped.total, stopped.finished_at) == (1, 3, None)
    assert is_interrupted(stopped)
    run = relink()
    assert run is not None
    assert (run.pk, run.done, run.total, run.divided) == (stopped.pk, 3, 3, 1)


@pytest.mark.usefixtures("base")
def test_a_run_that_was_killed_is_continued() -> None:
    age()
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    killed = Relinking.objects.create(version=3, total=3, heartbeat_at=long_ago, before=issues_by_error())
    run = relink()
    assert run is not None
    assert (run.pk, run.version) == (killed.pk, VERSION)


@pytest.mark.usefixtures("base")
def test_only_one_run_works_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    age()
    alive = Relinking.objects.create(version=VERSION, total=3, heartbeat_at=timezone.now())
    beats = Relinking.objects.filter(pk=alive.pk)
    monkeypatch.setattr("time.sleep", lambda seconds: beats.update(done=2, heartbeat_at=timezone.now()))
    with pytest.raises(AlreadyRunning, match="2 of 3 sessions"):
        relink()
    assert stale_sessions()


@pytest.mark.usefixtures("base")
def test_what_people_decided_stays(engineer: User) -> None:
    issues = list(Issue.objects.order_by("pk"))
    kept = deciding.merge(issues, engineer)
    deciding.rename(kept, "Nights without a ledger", engineer)
    deciding.set_state(kept, Action.IGNORED, engineer)
    age()
    run = relink()
    assert run is not None
    assert (groups(), run.joined, run.divided) == ([3], 0, 0)
    issue = Issue.objects.get(merged_into=None)
    assert (issue.name, issue.ignored_at is not None) == ("Nights without a ledger", True)


@pytest.mark.usefixtures("base")
def test_a_session_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    age()
    link, broken = link_sessions, Error.objects.earliest("pk").session_id

    def fails_once(sessions: list[SessionLog]) -> object:
        if sessions[0].pk == broken:
            raise ValueError("a bug")
        return link(sessions)

    monkeypatch.setattr("kb.importing.relinking.link_sessions", fails_once)
    run = relink()
    assert run is not None
    assert run.finished_at is not None
    assert (run.done, run.failed) == (3, 1)
    assert stale_sessions() == [broken]


@pytest.mark.usefixtures("base")
def test_a_run_stops_if_everything_fails_and_can_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    age()
    monkeypatch.setattr("kb.importing.relinking._MOST_FAILED", 2)
    with monkeypatch.context() as broken:
        broken.setattr("kb.importing.relinking.link_sessions", lambda sessions: 1 / 0)
        run = relink()
    assert run is not None
    assert (run.done, run.failed, run.finished_at) == (2, 2, None)
    run = relink()
    assert run is not None
    assert (run.done, run.total, run.failed) == (3, 3, 0)


@pytest.mark.usefixtures("base")
def test_errors_linked_without_meaning_get_it_later(settings: Settings) -> None:
    assert set(map(bytes, Signature.objects.values_list("vectors", flat=True))) == {b""}
    settings.MEANING = True
    assert len(stale_sessions()) == 3
    assert relink() is not None
    assert b"" not in set(map(bytes, Signature.objects.values_list("vectors", flat=True)))
    assert stale_sessions() == []


def test_an_error_that_says_too_little_is_not_linked_again_for_ever(ingest: Ingest, settings: Settings) -> None:
    ingest(LEDGER.replace("Export of the ledger writes every line twice in the night", "❌ Failed"), path="d.md")
    assert Error.objects.exists()
    assert not SignatureKey.objects.exists()
    settings.MEANING = True
    assert stale_sessions() == []
