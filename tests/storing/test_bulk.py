"""Rows that are inserted or updated together are those that Django would write one by one."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter

import pytest

from kb.models import StepWording, StepWordingLink, TrackedStep
from sessions.models import Log, LogPath, Project, SessionLog
from sessions.storing.bulk import insert_all, insert_rows, update_all

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 2)


def sessions(count: int) -> list[SessionLog]:
    log, project = Log.objects.create(sha256="1" * 64, size=0, text=""), Project.objects.create(name="harbor")
    return [
        SessionLog(
            log=log,
            project=project,
            key=str(number),
            position=number,
            title="Überfahrt",
            date=DAY if number else None,
            metadata={"crew": ["a", number]},
            first_line=1,
            last_line=2,
        )
        for number in range(count)
    ]


def test_inserted_instances_have_the_keys_and_values_of_their_rows() -> None:
    new = insert_all(SessionLog, sessions(600))
    stored = list(SessionLog.objects.order_by("pk"))
    assert [one.pk for one in new] == [one.pk for one in stored] == sorted({one.pk for one in stored})
    for field in SessionLog._meta.concrete_fields:
        value = attrgetter(field.attname)
        assert [value(one) for one in new] == [value(one) for one in stored]


def test_an_inserted_instance_can_be_saved_again() -> None:
    (one,) = insert_all(SessionLog, sessions(1))
    one.title = "Other"
    one.save()
    assert SessionLog.objects.get().title == "Other"


def test_times_are_filled_in() -> None:
    log = Log.objects.create(sha256="1" * 64, size=0, text="")
    insert_all(LogPath, [LogPath(log=log, path="a.md")])
    assert LogPath.objects.get().path == "a.md"
    insert_all(Log, [Log(sha256="2" * 64, size=0, text="")])
    assert Log.objects.get(sha256="2" * 64).imported_at is not None


def test_keys_go_on_after_rows_were_deleted() -> None:
    first, second = insert_all(SessionLog, sessions(2))
    SessionLog.objects.filter(pk=second.pk).delete()
    third = SessionLog(log=first.log, project=first.project, key="3", position=3, first_line=1, last_line=2)
    insert_all(SessionLog, [third])
    assert third.pk not in (first.pk, second.pk)
    assert SessionLog.objects.get(pk=third.pk).key == "3"


def test_nothing_can_be_inserted_and_updated() -> None:
    assert insert_all(SessionLog, []) == []
    assert list(insert_rows(SessionLog, ["title"], [])) == []
    update_all(SessionLog, [], ["title"])


def test_inserted_rows_have_the_returned_keys() -> None:
    project = Project.objects.create(name="harbor")
    keys = insert_rows(
        StepWording, ("project_id", "digest", "words"), [(project.pk, str(n), f"words {n}") for n in range(3)]
    )
    assert [StepWording.objects.get(pk=key).words for key in keys] == ["words 0", "words 1", "words 2"]
    insert_rows(StepWordingLink, ("one_id", "other_id", "score", "shared"), [(keys[0], keys[1], 0.5, ["ä", 1])])
    stored = StepWordingLink.objects.values_list("one", "other", "score", "shared").get()
    assert stored == (keys[0], keys[1], 0.5, ["ä", 1])


def test_updated_fields_are_those_named() -> None:
    project = Project.objects.create(name="harbor")
    steps = insert_all(TrackedStep, (TrackedStep(project=project, text=f"step {n}") for n in range(3)))
    for step in steps:
        step.text, step.latest_on, step.session_count = f"{step.text}!", DAY, 7
    update_all(TrackedStep, steps[:2], ["text", "latest_on"])
    assert list(TrackedStep.objects.order_by("pk").values_list("text", "latest_on", "session_count")) == [
        ("step 0!", DAY, 0),
        ("step 1!", DAY, 0),
        ("step 2", None, 0),
    ]
